"""Views as text for an address or a file, and bookmarks, which are views with names."""
