"""The state of the page for its address and for bookmarks, and how it is restored."""
