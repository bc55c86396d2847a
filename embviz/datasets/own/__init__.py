"""The user's own data on the page: files that a command names or a visitor drops, with a preview, and Python data."""
