"""Bounds of the error that no classifier can avoid between two classes in a space, and two complexity measures."""

from embviz.bounds.error_bounds import ErrorBounds, HenzePenrose, Measure, NearestNeighbor, error_bounds

__all__ = ["ErrorBounds", "HenzePenrose", "Measure", "NearestNeighbor", "error_bounds"]
