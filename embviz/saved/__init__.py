"""A view as text, to be kept in an address or a file, and bookmarks with names."""
