"""Long work: beside the page, in turn, with its time left."""
