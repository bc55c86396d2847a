"""Our own t-SNE: affinities, three ways to push items apart, and the optimizer."""
