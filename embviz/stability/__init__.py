"""How much of a layout is the method's chance: the same spec with several seeds."""

from embviz.stability.stability import N_SEEDS, Stability, layout_stability, seeds_of
from embviz.stability.verdict import verdict

__all__ = ["N_SEEDS", "Stability", "layout_stability", "seeds_of", "verdict"]
