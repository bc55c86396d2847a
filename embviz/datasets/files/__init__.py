"""Somebody's own files: what is in them, said before it is loaded, and the dataset that is made of it."""
