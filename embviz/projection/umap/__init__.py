"""Our own UMAP: the fuzzy graph and the optimizer."""
