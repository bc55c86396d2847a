"""The version of embviz, which exports name as their maker."""

__version__ = "0.1.0"
