"""Statistics of items, classes and layouts: computed once and kept in the store."""
