"""Items by their names, and the order in which they are shown."""
