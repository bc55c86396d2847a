"""Parts of the tabs about two classes: their choice, and their overlap in numbers, bars and tables."""
