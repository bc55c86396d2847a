"""Files that embviz writes for itself: never half-written, shared by processes, removed when nobody uses them."""
