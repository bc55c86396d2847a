"""Long computations: in threads beside the page, a few at a time, with the time left."""
