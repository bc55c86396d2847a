"""The command ``embviz``: its arguments, its commands, and what each prints."""

from embviz.cli.main import main

__all__ = ["main"]
