"""A folder that TensorBoard's Embedding Projector opens: its files, and the check that it can read them."""
