"""The page opened from Python: its server in the background, and what its visitor selects and tags."""
