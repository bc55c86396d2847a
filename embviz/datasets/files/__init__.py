"""Datasets in the user's own files: readers, what the files hold before it is loaded, and the dataset made of it."""
