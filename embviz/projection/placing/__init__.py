"""Placing of new items into a finished layout, whose own items do not move."""
