"""Placing of new items into a finished layout, in which the laid-out items do not move."""
