"""embviz's own UMAP: its fuzzy graph and its optimizer."""
