"""Alignment of a layout to another one of the same items, so that the two can be compared by eye."""

from embviz.alignment.alignment import Alignment, alignment

__all__ = ["Alignment", "alignment"]
