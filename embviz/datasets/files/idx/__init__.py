"""Names of IDX files, and sets of IDX files that belong together."""
