"""The `Layout` value, a layout that is being optimized, and the protocol of the optimizers of t-SNE and UMAP."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from embviz.arrays import Float32Array, Int64Array, summary
from embviz.projection.specs import Tsne, Umap

SHAKE = 0.05
"""Standard deviation of a perturbation, as a share of the standard deviation of the layout."""


class Optimizer(Protocol):
    """An optimizer of t-SNE or UMAP: its state, and the operations on it.

    Attributes
    ----------
    coords
        float32, shape (n, 2 or 3): the current layout.
    done, total
        Iterations or epochs done, and planned.
    learning_rate
        Step size of the next steps.
    """

    coords: Float32Array
    done: int
    total: int
    learning_rate: float

    @property
    def spec(self) -> Tsne | Umap:
        """The spec of the layout."""

    @property
    def name(self) -> str:
        """Name of the method, which is its stage of progress."""

    @property
    def planned_learning_rate(self) -> float:
        """The step size that the spec asks for."""

    @property
    def last_divergence(self) -> float | None:
        """The last value of `divergence_now` that was computed; NaN before the first, None for UMAP."""

    def divergence_now(self) -> float | None:
        """Kullback-Leibler divergence of the layout from the data, by t-SNE; None for UMAP."""

    def step(self, n: int) -> None:
        """Advance by n iterations or epochs."""

    def shake(self) -> None:
        """Move every item a little, at random by the seed, so that the layout can settle in a better optimum."""

    @property
    def can_exaggerate(self) -> bool:
        """Whether attraction has a factor that can be changed, as in t-SNE."""

    def exaggerate(self, factor: float | None) -> None:
        """Multiply attraction by `factor` from now on; None restores the plan. Call it only if `can_exaggerate`."""


@dataclass(eq=False, slots=True, repr=False)
class Layout:
    """A layout that is being optimized.

    Attributes
    ----------
    state
        The optimizer. Its items have another order than the dataset's, along a space-filling curve through the start,
        because an optimizer that finds neighbors near each other in memory is twice as fast.
    rows
        int64, shape (n,): row of each item in the state.
    source
        `NeighborGraph.source`: the fingerprint of the vectors.
    labels
        Fingerprint of the labels that shape the layout; empty if none do.
    seconds
        Time spent on the layout in runs that have ended.
    neighbor_seconds
        Time that the neighbor search before the first run took.
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
        """The current layout, float32, shape (n, 2 or 3), in the order of the items; a copy."""
        return self.state.coords[self.rows]


def perturbed(coords: Float32Array, seed: int, nth: int) -> Float32Array:
    """The layout with every item moved a little, at random by the seed; `nth` counts the perturbations from 1.

    Examples
    --------
    >>> perturbed(np.ones((3, 2), np.float32), 0, 1).tolist()  # all items in one place, so they stay there
    [[1.0, 1.0], [1.0, 1.0], [1.0, 1.0]]
    """
    noise = np.random.default_rng((seed, nth)).standard_normal(coords.shape, np.float32)
    return coords + noise * np.float32(SHAKE * float(coords.std()))
