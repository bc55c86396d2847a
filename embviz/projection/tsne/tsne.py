"""The optimizer of t-SNE: a state that is created once and advanced by any number of iterations."""

import math
from dataclasses import dataclass, field

import numpy as np

from embviz.arrays import Float32Array, Int64Array, summary
from embviz.errors import SpecError
from embviz.neighbors import NeighborGraph
from embviz.progress import Progress, no_progress
from embviz.projection.kernels.compiled import one_at_a_time
from embviz.projection.kernels.sparse import SparseGraph
from embviz.projection.layout import perturbed
from embviz.projection.specs import EXAGGERATED_ITERATIONS, TSNE_START_WIDTH, Tsne
from embviz.projection.titles import METHODS
from embviz.projection.tsne.affinities import affinities
from embviz.projection.tsne.kernels import advance2, advance3, stretches
from embviz.projection.tsne.repulsion import Repulsion, exact_repulsion

EXACT_UP_TO = 1_000
"""Largest number of items for which repulsion is summed over every pair; for more, an approximation is faster."""

SUM_TOLERANCE = 1e-3
"""Largest difference from 1 allowed for the sum of joint probabilities; rounding causes less than a tenth of it."""

DIVERGENCE_EVERY = 50
"""Number of iterations between two values of the divergence, so many that computing it takes almost no time."""


@dataclass(eq=False, slots=True, repr=False)
class TsneState:
    """Everything that the next iteration of t-SNE depends on, changed in place; an `Optimizer`.

    Attributes
    ----------
    spec
        The spec of the layout.
    joint
        Joint probabilities of the neighbors. Their sum must be 1, because attraction would be too weak otherwise.
    negentropy
        Sum of P log P over the joint probabilities, in nats, which is the same for every layout.
    coords
        float32, shape (n, 2 or 3): the current layout.
    done, total
        Iterations done, and planned.
    learning_rate
        Step size of the next iterations.
    exaggeration
        Factor on attraction in the next iterations; None for the spec's factor in the first 250 iterations and 1 after.
    last_divergence
        `kl_divergence` at the last iteration that is a multiple of `DIVERGENCE_EVERY`; NaN before the first.
    """

    spec: Tsne
    joint: SparseGraph
    negentropy: float
    coords: Float32Array
    total: int
    learning_rate: float
    repulsion: Repulsion
    velocity: Float32Array
    gains: Float32Array
    done: int = 0
    exaggeration: float | None = None
    last_divergence: float = math.nan
    shaken: int = 0
    _next: Float32Array = field(init=False)
    _pushes: Float32Array = field(init=False)

    __repr__ = summary

    def __post_init__(self) -> None:
        total = float(self.joint.weights.sum(dtype=np.float64))
        if not abs(total - 1) <= SUM_TOLERANCE:
            raise FloatingPointError(f"joint probabilities sum to {total:g} instead of 1")
        self._next = np.empty_like(self.coords)
        self._pushes = np.empty_like(self.coords)

    @property
    def name(self) -> str:
        """Name of the method, which is its stage of progress."""
        return METHODS[self.spec.method]

    @property
    def planned_learning_rate(self) -> float:
        """The learning rate of the spec, or `automatic_learning_rate` if it has none."""
        return planned_learning_rate(len(self.coords), self.spec)

    def divergence_now(self) -> float:
        """The `kl_divergence` of the current layout."""
        return kl_divergence(self)

    def step(self, n: int) -> None:
        """Advance by n iterations of gradient descent with momentum and gains (van der Maaten, 2014).

        A step of n iterations gives the same coordinates as n steps of one.

        Raises
        ------
        SpecError
            If coordinates grow without limit because the learning rate is too large.
        """
        for _ in range(n):
            with one_at_a_time:
                _iterate(self)

    def shake(self) -> None:
        """Move every item a little, at random by the seed, so that the layout can settle in a better optimum."""
        self.shaken += 1
        self.coords = perturbed(self.coords, self.spec.seed, self.shaken)
        self.velocity[:] = 0

    @property
    def can_exaggerate(self) -> bool:
        """True: the attraction of t-SNE has a factor that can be changed."""
        return True

    def exaggerate(self, factor: float | None) -> None:
        """Multiply attraction by a factor from now on; None restores the plan: early exaggeration, then 1."""
        self.exaggeration = factor


def start_tsne(
    graph: NeighborGraph,
    spec: Tsne,
    start: Float32Array,
    labels: Int64Array | None = None,
    *,
    progress: Progress = no_progress,
) -> TsneState:
    """The state of t-SNE before the first iteration.

    Parameters
    ----------
    graph
        The neighbors that `neighbors_needed` asks for.
    spec
        The parameters of t-SNE.
    start
        float32, shape (n, 2 or 3), standard deviation 1 along the first axis; here scaled to `TSNE_START_WIDTH`.
    labels
        See `affinities`.
    progress
        Called with stage ``affinities``.
    """
    n = len(start)
    centered = start - start.mean(axis=0, dtype=np.float64)  # float32 would lose small differences far from 0
    coords = np.ascontiguousarray(centered * TSNE_START_WIDTH, np.float32)
    joint = affinities(graph, spec.perplexity, labels, spec.label_strength, progress=progress)
    progress("affinities", 0, 0)
    return TsneState(
        spec=spec,
        joint=joint,
        negentropy=float((joint.weights * np.log(joint.weights)).sum(dtype=np.float64)),
        coords=coords,
        total=spec.max_iter,
        learning_rate=planned_learning_rate(n, spec),
        repulsion=_repulsion(n, spec.n_components),
        velocity=np.zeros_like(coords),
        gains=np.ones_like(coords),
    )


def _repulsion(n: int, dims: int) -> Repulsion:
    return exact_repulsion(n) if n <= EXACT_UP_TO else grid_or_tree(n, dims)


def grid_or_tree(n: int, dims: int) -> Repulsion:
    """The approximate repulsion for n items: a grid in 2 dimensions, a tree in 3."""
    if dims == 2:
        from embviz.projection.tsne.grid import GridRepulsion  # importing scipy.fft takes a third of a second

        return GridRepulsion(n)
    from embviz.projection.tsne.tree import TreeRepulsion

    return TreeRepulsion(n)


def planned_learning_rate(n: int, spec: Tsne) -> float:
    """The learning rate of the spec, or `automatic_learning_rate` if it has none."""
    return automatic_learning_rate(n, spec) if spec.learning_rate is None else spec.learning_rate


def automatic_learning_rate(n: int, spec: Tsne) -> float:
    """The number of items divided by early exaggeration, at least 50 (Belkina et al., 2019).

    Examples
    --------
    >>> automatic_learning_rate(12_000, Tsne())
    1000.0
    """
    return max(n / spec.early_exaggeration, 50.0)


def exaggeration_now(state: TsneState) -> float:
    """The factor that attraction is multiplied by in the next iteration."""
    if state.exaggeration is not None:
        return state.exaggeration
    return state.spec.early_exaggeration if state.done < EXAGGERATED_ITERATIONS else 1.0


def kl_divergence(state: TsneState) -> float:
    """Kullback-Leibler divergence of the layout from the joint probabilities, in nats, >= 0.

    With more than 1,000 items the sum over all pairs comes from the grid or the tree, within 2 % of the exact sum.

    Raises
    ------
    SpecError
        If coordinates have grown without limit.
    """
    with one_at_a_time:
        return _divergence(state, _pushed(state))


def _pushed(state: TsneState) -> float:
    """Write the pushes to the state, and return the sum over all pairs: see `Repulsion.push`."""
    pairs = state.repulsion.push(state.coords, state._pushes)
    if not pairs > 0:  # also if NaN
        raise SpecError(
            f"the layout diverged after {state.done} iterations with learning rate {state.learning_rate:g}; "
            f"use a smaller one, such as {automatic_learning_rate(len(state.coords), state.spec):g}"
        )
    return pairs


def _divergence(state: TsneState, pairs: float) -> float:
    dims = state.spec.n_components
    terms = np.empty(len(state.coords))
    stretches(state.coords, state.joint.starts, state.joint.columns, state.joint.weights, terms)
    return max(state.negentropy + dims / 2 * float(terms.sum()) + math.log(pairs), 0.0)


def _iterate(state: TsneState) -> None:
    pairs = _pushed(state)
    if state.done % DIVERGENCE_EVERY == 0:
        state.last_divergence = _divergence(state, pairs)
    if state.done == EXAGGERATED_ITERATIONS:  # gains kept from early exaggeration would throw some items far off
        state.velocity[:] = 0
        state.gains[:] = 1
    (advance2 if state.spec.n_components == 2 else advance3)(
        state.coords,
        state.joint.starts,
        state.joint.columns,
        state.joint.weights,
        state._pushes,
        np.float32(1 / pairs),
        np.float32(exaggeration_now(state)),
        np.float32(state.learning_rate),
        np.float32(0.5 if state.done < EXAGGERATED_ITERATIONS else 0.8),
        state.velocity,
        state.gains,
        state._next,
    )
    state.coords, state._next = state._next, state.coords
    state.done += 1
