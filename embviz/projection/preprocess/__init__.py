"""What is done to vectors before they are laid out: they are shifted and scaled, and reduced by PCA."""
