"""IDX files: what their names say, and which of them belong together."""
