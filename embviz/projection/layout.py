"""The `Layout` value: a layout on its way, and what t-SNE and UMAP have in common while they work on one."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from embviz.arrays import Float32Array, Int64Array, summary
from embviz.projection.specs import Tsne, Umap

SHAKE = 0.05
"""Standard deviation of a perturbation, as a share of the layout's own."""


class Optimizer(Protocol):
    """The state of an optimizer, and what can be done with it.

    Attributes
    ----------
    coords
        float32, shape (n, 2 or 3): the layout now.
    done, total
        Iterations or epochs done, and planned.
    learning_rate
        Step size from now on.
    """

    coords: Float32Array
    done: int
    total: int
    learning_rate: float

    @property
    def spec(self) -> Tsne | Umap:
        """What was asked for."""

    @property
    def name(self) -> str:
        """Name of the method, by which progress is reported."""

    @property
    def planned_learning_rate(self) -> float:
        """The step size that the spec asks for."""

    @property
    def last_divergence(self) -> float | None:
        """What `divergence_now` was a few iterations ago; NaN before the first time."""

    def divergence_now(self) -> float | None:
        """How far the layout is from the data; None where there is no such thing."""

    def step(self, n: int) -> None:
        """Advance by n iterations or epochs."""

    def shake(self) -> None:
        """Move every item a little, at random but by the seed: the layout settles anew, perhaps better."""

    @property
    def can_exaggerate(self) -> bool:
        """Whether its attraction has a factor that can be changed."""

    def exaggerate(self, factor: float | None) -> None:
        """Multiply attraction by this from now on, as planned if None; only where it `can_exaggerate`."""


@dataclass(eq=False, slots=True, repr=False)
class Layout:
    """A layout on its way.

    Attributes
    ----------
    state
        The optimizer's. Its items stand in another order than ours, along a space-filling curve
        through the start, because an optimizer that finds neighbors near each other in memory is
        twice as fast.
    rows
        int64, shape (n,): where in the state each item is.
    source
        That of the neighbor graph: a fingerprint of the vectors.
    labels
        Fingerprint of the labels that shape it; empty if none do.
    seconds
        Spent on it in runs that have ended.
    neighbor_seconds
        Waited for the neighbors before them.
    """

    state: Optimizer
    rows: Int64Array
    source: str
    labels: str = ""
    seconds: float = 0.0
    neighbor_seconds: float = 0.0

    __repr__ = summary

    @property
    def coords(self) -> Float32Array:
        """The layout now, float32, shape (n, 2 or 3), in the order of the items; a copy."""
        return self.state.coords[self.rows]


def perturbed(coords: Float32Array, seed: int, nth: int) -> Float32Array:
    """The layout with every item moved a little, at random but by the seed; `nth` counts the times it was done.

    Examples
    --------
    >>> perturbed(np.ones((3, 2), np.float32), 0, 1).tolist()  # no extent of its own: nothing to go by
    [[1.0, 1.0], [1.0, 1.0], [1.0, 1.0]]
    """
    noise = np.random.default_rng((seed, nth)).standard_normal(coords.shape, np.float32)
    return coords + noise * np.float32(SHAKE * float(coords.std()))
