"""The version of embviz, which exported files name."""

__version__ = "0.1.0"
