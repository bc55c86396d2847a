"""The command ``embviz``: datasets, project, place, overlap, export, activations, app."""

from embviz.cli.main import main

__all__ = ["main"]
