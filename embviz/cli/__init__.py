"""The command ``embviz``: datasets, project, place, overlap, layers, axis, export, activations, app."""

from embviz.cli.main import main

__all__ = ["main"]
