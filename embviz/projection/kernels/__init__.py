"""Compiled code that t-SNE and UMAP share: the compiler's settings, blocks of items for threads, and sparse graphs."""
