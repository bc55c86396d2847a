"""Overlaps among chosen items, the landmarks, which are neighbors of items too many for one machine."""
