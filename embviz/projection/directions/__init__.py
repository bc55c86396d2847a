"""Axes that somebody chose: each leads from the mean of some items to the mean of others."""
