"""Preprocessing of vectors before they are laid out: centering, scaling, and reduction by PCA."""
