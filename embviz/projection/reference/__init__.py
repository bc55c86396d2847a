"""The reference engines, scikit-learn and umap-learn, in a process of their own."""
