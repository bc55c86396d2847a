"""The reference engines, scikit-learn and umap-learn, which run in a child process."""
