"""Uses of the fields of files: guessed, changed as the user wishes, and put together as a dataset."""
