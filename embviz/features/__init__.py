"""Items to vectors: pixels, activations of a classifier, or the user's own."""
