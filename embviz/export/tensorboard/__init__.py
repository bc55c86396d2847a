"""Export of a folder for TensorBoard's Embedding Projector: its files, and the check that it can read them."""
