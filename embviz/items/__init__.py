"""Items of a dataset: their names, sets of their ids, items on their own, and the order in which they are shown."""
