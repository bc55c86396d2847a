"""New items into a finished layout, in which nothing else moves."""
