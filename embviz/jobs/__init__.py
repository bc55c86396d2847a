"""Jobs: long computations in threads beside the page, a few at a time, with estimates of the time left."""
