"""What the tabs show of single items."""
