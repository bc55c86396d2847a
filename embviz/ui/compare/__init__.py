"""Panes beside the first one, to compare layouts: which there are, their controls, and how they are drawn."""
