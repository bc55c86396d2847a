"""Stability of a layout: how much of it depends on the seed."""

from embviz.stability.stability import N_SEEDS, Stability, layout_stability, seeds_of
from embviz.stability.verdict import verdict

__all__ = ["N_SEEDS", "Stability", "layout_stability", "seeds_of", "verdict"]
