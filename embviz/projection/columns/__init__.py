"""Layouts whose axes are given values: numeric metadata columns of the items, or single features."""
