"""The optimizer of UMAP: a state that is created once and advanced by any number of epochs."""

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from embviz.arrays import Float32Array, Int64Array, summary
from embviz.errors import SpecError
from embviz.neighbors import NeighborGraph
from embviz.progress import Progress, no_progress
from embviz.projection.kernels.compiled import one_at_a_time
from embviz.projection.kernels.sparse import SparseGraph
from embviz.projection.layout import perturbed
from embviz.projection.specs import Umap, automatic_epochs
from embviz.projection.titles import METHODS
from embviz.projection.umap.fuzzy import fuzzy_graph
from embviz.projection.umap.kernels import epoch2, epoch3, move_coefficients

START_WIDTH = 10.0
"""Extent of the layout along every axis at the start, as in umap-learn."""

LEARNING_RATE = 1.0
"""Step size at the start, as in umap-learn."""

FITTING_STEPS = 20
"""Number of Gauss-Newton steps that fit the curve; 16 reach the last digit for every `min_dist` from 0 to `spread`."""


@dataclass(eq=False, slots=True, repr=False)
class UmapState:
    """Everything that the next epoch of UMAP depends on, changed in place; an `Optimizer`.

    Attributes
    ----------
    spec
        The spec of the layout.
    edges
        The fuzzy graph without edges too weak to be used even once; a weight is how often an edge is used per
        epoch, 0..1.
    coords
        float32, shape (n, 2 or 3): the current layout.
    done, total
        Epochs done, and planned.
    learning_rate
        Step size at the start; the step size falls to 0 at the planned end.
    """

    spec: Umap
    edges: SparseGraph
    coords: Float32Array
    total: int
    coefficients: Float32Array
    learning_rate: float = LEARNING_RATE
    done: int = 0
    shaken: int = 0
    _next: Float32Array = field(init=False)

    __repr__ = summary

    def __post_init__(self) -> None:
        self._next = np.empty_like(self.coords)

    @property
    def name(self) -> str:
        """Name of the method, which is its stage of progress."""
        return METHODS[self.spec.method]

    @property
    def planned_learning_rate(self) -> float:
        """The learning rate of umap-learn, which the spec cannot change."""
        return LEARNING_RATE

    @property
    def last_divergence(self) -> None:
        """None, because the divergence of UMAP is not computed."""

    def divergence_now(self) -> None:
        """None, because the divergence of UMAP is not computed."""

    def step(self, n: int) -> None:
        """Advance by n epochs of stochastic gradient descent with negative sampling.

        A step of n epochs gives the same coordinates as n steps of one. In an epoch every item moves along
        the edges that are due and away from random items, while all other items stay where the epoch before
        left them; so threads do not depend on each other, and a seed fixes the layout. (umap-learn moves
        both ends of an edge at once, one edge after the other.) After the planned epochs nothing moves,
        because the learning rate is 0; raise ``total`` first.
        """
        move = epoch2 if self.spec.n_components == 2 else epoch3
        for _ in range(n):
            rate = self.learning_rate * max(1 - self.done / self.total, 0.0)
            with one_at_a_time:
                move(
                    self.coords,
                    self.edges.starts,
                    self.edges.columns,
                    self.edges.weights,
                    self.done,
                    np.float32(rate),
                    self.coefficients,
                    np.uint64(self.spec.seed),
                    self._next,
                )
            self.coords, self._next = self._next, self.coords
            self.done += 1

    def shake(self) -> None:
        """Move every item a little, at random by the seed, so that the layout can settle in a better optimum."""
        self.shaken += 1
        self.coords = perturbed(self.coords, self.spec.seed, self.shaken)

    @property
    def can_exaggerate(self) -> bool:
        """False: UMAP's attraction has no factor."""
        return False

    def exaggerate(self, factor: float | None) -> None:
        """Refuse, because UMAP has no exaggeration.

        Raises
        ------
        SpecError
            Always.
        """
        raise SpecError(f"{self.name} has no exaggeration; leave it as it is")


def start_umap(
    graph: NeighborGraph,
    spec: Umap,
    start: Float32Array,
    labels: Int64Array | None = None,
    *,
    progress: Progress = no_progress,
) -> UmapState:
    """The state of UMAP before the first epoch.

    Parameters
    ----------
    graph
        The neighbors that `neighbors_needed` asks for.
    spec
        The parameters of UMAP.
    start
        float32, shape (n, 2 or 3); every axis is stretched to 0..10.
    labels
        See `fuzzy_graph`.
    progress
        Called with stage ``affinities``.
    """
    total = spec.n_epochs or automatic_epochs(len(start))
    extent = np.ptp(start, axis=0)
    coords = (start - start.min(axis=0)) / np.where(extent > 0, extent, 1) * np.float32(START_WIDTH)
    a, b = curve(spec.min_dist, spec.spread)
    fuzzy = fuzzy_graph(graph, labels, spec.label_strength, progress=progress)
    progress("affinities", 0, 0)
    return UmapState(
        spec=spec,
        edges=_drawn(fuzzy, total, spec.seed),
        coords=np.ascontiguousarray(coords, np.float32),
        total=total,
        coefficients=move_coefficients(a, b),
    )


@lru_cache(maxsize=32)
def curve(min_dist: float, spread: float) -> tuple[float, float]:
    """The a and b of 1 / (1 + a d^2b), fitted to 1 up to `min_dist` and exp(-(d - min_dist) / spread) beyond.

    The fit is that of umap-learn's ``find_ab_params``, made at spread 1, where it cannot fail, and then rescaled.
    It uses Gauss-Newton steps, because importing scipy.optimize takes longer than a small layout.

    Examples
    --------
    >>> a, b = curve(0.1, 1.0)
    >>> round(a, 2), round(b, 2)
    (1.58, 0.9)
    """
    least = min_dist / spread
    distances = np.linspace(0, 3, 300)[1:]  # not 0, where the curve is 1 whatever a and b are
    wanted = np.where(distances < least, 1.0, np.exp(-(distances - least)))
    logs = 2 * np.log(distances)
    log_a, b = 0.0, 1.0
    for _ in range(FITTING_STEPS):
        fitted = 1 / (1 + np.exp(log_a + b * logs))
        slope = -fitted * (1 - fitted)
        step = np.linalg.lstsq(np.column_stack([slope, slope * logs]), wanted - fitted)[0]
        log_a, b = log_a + step[0], b + step[1]
    return float(np.exp(log_a) / spread ** (2 * b)), float(b)


def _drawn(graph: SparseGraph, epochs: int, seed: int) -> SparseGraph:
    """The graph with the number of uses per epoch as weights, without edges that would be used less than once in all.

    The edges of a row are shuffled, because using them in order of their columns makes the layout far too large.
    """
    rates = graph.weights / graph.weights.max()
    rows = np.repeat(np.arange(len(graph)), np.diff(graph.starts))
    order = np.argsort(rows + np.random.default_rng(seed).random(len(rows)))
    order = order[rates[order] >= 1 / epochs]
    starts = np.searchsorted(rows[order], np.arange(len(graph) + 1))
    return SparseGraph(starts.astype(np.int64), graph.columns[order], rates[order])
