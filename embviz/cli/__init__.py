"""The command ``embviz``: the parser of its arguments, its commands, and their output."""

from embviz.cli.main import main

__all__ = ["main"]
