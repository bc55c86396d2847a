"""From paths to a dataset: the reader of each file, files put together, and what the user says of them."""
