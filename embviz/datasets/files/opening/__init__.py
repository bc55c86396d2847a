"""Opening of files: the reader of each, several files put together, and the dataset made of them."""
