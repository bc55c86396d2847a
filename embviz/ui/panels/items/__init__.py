"""Parts of the tabs about single items: cards, the pinned item's neighbors, and two items side by side."""
