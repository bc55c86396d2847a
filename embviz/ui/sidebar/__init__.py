"""The left sidebar: which data, which features, which projection."""
