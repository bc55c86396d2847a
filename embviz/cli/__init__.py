"""The command ``embviz``: datasets, project, picture, overlap, export, activations, app."""

from embviz.cli.main import main

__all__ = ["main"]
