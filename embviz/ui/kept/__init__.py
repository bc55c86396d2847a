"""Bookmarks, tags and files that visitors keep, and the report of a selection to Python."""
