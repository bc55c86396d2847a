"""embviz's own t-SNE: joint probabilities, three ways to compute repulsion, and the optimizer."""
