"""The command ``embviz``: datasets, project, overlap, faithfulness, ladder, stability, export, activations, app."""

from embviz.cli.main import main

__all__ = ["main"]
