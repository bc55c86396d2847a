"""The error that no classifier can avoid between two classes in a space: bounds, and measures of how far they meet."""

from embviz.bounds.error_bounds import ErrorBounds, HenzePenrose, Measure, NearestNeighbor, error_bounds

__all__ = ["ErrorBounds", "HenzePenrose", "Measure", "NearestNeighbor", "error_bounds"]
