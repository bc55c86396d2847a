"""What visitors keep from one visit to the next: bookmarks, and tags of items."""
