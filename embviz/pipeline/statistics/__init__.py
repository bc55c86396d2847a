"""Statistics of items, classes and layouts, each computed once and kept in the store."""
