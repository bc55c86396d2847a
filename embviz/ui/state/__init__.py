"""What the page shows, as text for its address and for bookmarks, and how it is brought back."""
