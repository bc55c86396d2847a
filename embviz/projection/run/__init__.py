"""Runs: t-SNE and UMAP layouts that form step by step, can be watched and steered, and keep frames for replay."""
