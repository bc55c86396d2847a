"""What the fields of files are used for: guessed, said, changed by the user, and made a dataset of."""
