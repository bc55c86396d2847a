"""UMAP as a stepper: a state that is started once and advanced as far as one likes."""

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numba import prange
from numpy.typing import NDArray

from embviz.arrays import Float32Array, Int64Array
from embviz.neighbors import NeighborGraph
from embviz.projection.compiled import BLOCK, ONE, ZERO, inlined, kernel, one_at_a_time
from embviz.projection.fuzzy import fuzzy_graph
from embviz.projection.sparse import SparseGraph
from embviz.projection.specs import Umap

NEGATIVES = 5
"""Random items that an item is pushed away from for every neighbor it is pulled to (negative_sample_rate)."""

START_WIDTH = 10.0
"""Extent of every axis at the start, as in umap-learn."""

SHAKE = 0.05
"""Standard deviation of a perturbation, as a share of the layout's own."""

OCTAVES = (-40, 40)
"""Squared distances from 2 to the first power to 2 to the second have coefficients of their own."""

KNOTS_BITS = 5
"""2 to the power of this many knots per octave, with straight lines between: within 0.1 permille of the curves."""


@dataclass(eq=False, slots=True)
class UmapState:
    """Everything the next epoch depends on. Not to be changed but by the functions of this module.

    Attributes
    ----------
    spec
        What was asked for.
    edges
        The fuzzy graph without the edges too weak to be drawn even once; weights are those per
        epoch, 0..1.
    coords
        float32, shape (n, 2 or 3): the layout now.
    done, total
        Epochs done, and planned.
    learning_rate
        Step size at the start; it falls to 0 at the end.
    """

    spec: Umap
    edges: SparseGraph
    coords: Float32Array
    total: int
    coefficients: Float32Array
    learning_rate: float = 1.0
    done: int = 0
    shaken: int = 0
    _next: Float32Array = field(init=False)

    def __post_init__(self) -> None:
        self._next = np.empty_like(self.coords)


def start_umap(graph: NeighborGraph, spec: Umap, start: Float32Array, labels: Int64Array | None = None) -> UmapState:
    """The state before the first epoch.

    Parameters
    ----------
    graph
        The neighbors that `neighbors_needed` asks for.
    spec
        What is wanted.
    start
        float32, shape (n, 2 or 3); every axis is stretched to 0..10.
    labels
        See `fuzzy_graph`.
    """
    total = spec.n_epochs or automatic_epochs(len(start))
    extent = np.ptp(start, axis=0)
    coords = (start - start.min(axis=0)) / np.where(extent > 0, extent, 1) * np.float32(START_WIDTH)
    a, b = curve(spec.min_dist, spec.spread)
    return UmapState(
        spec=spec,
        edges=_drawn(fuzzy_graph(graph, labels), total),
        coords=np.ascontiguousarray(coords, np.float32),
        total=total,
        coefficients=_coefficients(a, b),
    )


def automatic_epochs(n: int) -> int:
    """umap-learn's choice: 500 up to 10,000 items, else 200."""
    return 500 if n <= 10_000 else 200


def step_umap(state: UmapState, n: int) -> None:
    """Advance by n epochs of stochastic gradient descent with negative sampling.

    So many at once or one by one: the coordinates are the same. In an epoch every item moves along
    the edges that are due and away from random items, while all others stand where the epoch before
    left them; so threads need not agree on anything, and a seed fixes the layout. (umap-learn moves
    both ends of an edge at once, one edge after the other.) Past the planned epochs nothing moves,
    because the learning rate is 0; raise ``total`` first.
    """
    move = _epoch2 if state.spec.n_components == 2 else _epoch3
    for _ in range(n):
        rate = state.learning_rate * max(1 - state.done / state.total, 0.0)
        with one_at_a_time:
            move(
                state.coords,
                state.edges.starts,
                state.edges.columns,
                state.edges.weights,
                state.done,
                np.float32(rate),
                state.coefficients,
                np.uint64(state.spec.seed),
                state._next,
            )
        state.coords, state._next = state._next, state.coords
        state.done += 1


def shake_umap(state: UmapState) -> None:
    """Move every item a little, at random but by the seed."""
    state.shaken += 1
    noise = np.random.default_rng((state.spec.seed, state.shaken)).standard_normal(state.coords.shape, np.float32)
    state.coords = state.coords + noise * np.float32(SHAKE * float(state.coords.std()))


@lru_cache(maxsize=32)
def curve(min_dist: float, spread: float) -> tuple[float, float]:
    """The a and b of 1 / (1 + a d^2b), fitted to 1 up to `min_dist` and exp(-(d - min_dist) / spread) beyond.

    The same fit as umap-learn's ``find_ab_params``, made at spread 1, where it cannot fail, and rescaled.

    Examples
    --------
    >>> a, b = curve(0.1, 1.0)
    >>> round(a, 2), round(b, 2)
    (1.58, 0.9)
    """
    from scipy.optimize import curve_fit

    least = min_dist / spread
    distances = np.linspace(0, 3, 300)
    wanted = np.where(distances < least, 1.0, np.exp(-(distances - least)))
    (a, b), _ = curve_fit(lambda d, a, b: 1 / (1 + a * d ** (2 * b)), distances, wanted)
    return float(a / spread ** (2 * b)), float(b)


def _drawn(graph: SparseGraph, epochs: int) -> SparseGraph:
    """Edges with how often per epoch they are due; those due less than once in all are left out."""
    rates = graph.weights / graph.weights.max()
    kept = rates >= 1 / epochs
    before = np.concatenate([[0], np.cumsum(kept)])
    return SparseGraph(before[graph.starts].astype(np.int64), graph.columns[kept], rates[kept])


def _coefficients(a: float, b: float) -> Float32Array:
    """Pull of a neighbor and push of another item per unit of the way between them, at the knots."""
    per_octave = 2**KNOTS_BITS
    knots = np.arange((OCTAVES[1] - OCTAVES[0]) * per_octave + 1)
    square = 2.0 ** (OCTAVES[0] + knots // per_octave) * (1 + knots % per_octave / per_octave)
    pull = -2 * a * b * square ** (b - 1) / (1 + a * square**b)
    push = 2 * b / ((0.001 + square) * (1 + a * square**b))
    return np.stack([pull, push]).astype(np.float32)


NEAREST, FARTHEST = np.float32(2.0 ** OCTAVES[0]), np.float32(2.0 ** OCTAVES[1] * 0.999)
KNOT_SHIFT = np.uint32(23 - KNOTS_BITS)
FIRST_KNOT = np.uint32((127 + OCTAVES[0]) << KNOTS_BITS)
WITHIN = np.uint32((1 << (23 - KNOTS_BITS)) - 1)
PER_KNOT = np.float32(2.0 ** -(23 - KNOTS_BITS))
MOST = np.float32(4)


@inlined
def _at(coefficients: Float32Array, square: np.float32) -> np.float32:
    """The coefficient at a squared distance: exponent and first bits of the number say between which knots."""
    bits = np.float32(min(max(square, NEAREST), FARTHEST)).view(np.uint32)
    knot = np.uint64((bits >> KNOT_SHIFT) - FIRST_KNOT)
    share = np.float32(bits & WITHIN) * PER_KNOT
    value: np.float32 = coefficients[knot] + share * (coefficients[knot + np.uint64(1)] - coefficients[knot])
    return value


@inlined
def _clipped(value: np.float32) -> np.float32:
    return min(max(value, -MOST), MOST)


@inlined
def _mixed(value: np.uint64) -> np.uint64:
    """A random number for every number (SplitMix64: Steele, Lea and Flood, 2014)."""
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@inlined
def _stream(seed: np.uint64, epoch: int, item: int) -> np.uint64:
    """Where the random numbers of an item in an epoch begin."""
    return _mixed(_mixed(seed * GOLDEN + np.uint64(epoch)) + np.uint64(item) * GOLDEN)


@inlined
def _random_item(stream: np.uint64, draw: int, n: int) -> np.uint64:
    """A random item, 0..n - 1."""
    return ((_mixed(stream + np.uint64(draw) * GOLDEN) >> np.uint64(32)) * np.uint64(n)) >> np.uint64(32)


@inlined
def _is_due(rate: np.float32, epoch: int) -> bool:
    """Whether an edge is used in this epoch: as evenly as its rate allows."""
    due: bool = np.int32(np.float32(epoch) * rate) != np.int32(np.float32(epoch - 1) * rate)
    return due


@kernel
def _epoch2(
    coords: Float32Array,
    starts: Int64Array,
    columns: NDArray[np.uint32],
    rates: Float32Array,
    epoch: int,
    step: np.float32,
    coefficients: Float32Array,
    seed: np.uint64,
    out: Float32Array,
) -> None:
    n = len(coords)
    pull, push = coefficients[0], coefficients[1]
    for block in prange((n + BLOCK - 1) // BLOCK):
        for i in range(block * BLOCK, min(n, (block + 1) * BLOCK)):
            x, y = coords[i, 0], coords[i, 1]
            stream, draw = _stream(seed, epoch, i), 0
            for entry in range(starts[i], starts[i + 1]):
                if not _is_due(rates[entry], epoch):
                    continue
                j = columns[entry]
                dx, dy = x - coords[j, 0], y - coords[j, 1]
                by = _at(pull, dx * dx + dy * dy)
                x += step * _clipped(by * dx)
                y += step * _clipped(by * dy)
                mx, my = ZERO, ZERO  # pushes from one place, summed: the processor can work on all at once
                for _ in range(NEGATIVES):
                    other = _random_item(stream, draw, n)
                    draw += 1
                    dx, dy = x - coords[other, 0], y - coords[other, 1]
                    by = _at(push, dx * dx + dy * dy) * (ZERO if other == np.uint64(i) else ONE)
                    mx += _clipped(by * dx)
                    my += _clipped(by * dy)
                x += step * mx
                y += step * my
            out[i, 0] = x
            out[i, 1] = y


@kernel
def _epoch3(
    coords: Float32Array,
    starts: Int64Array,
    columns: NDArray[np.uint32],
    rates: Float32Array,
    epoch: int,
    step: np.float32,
    coefficients: Float32Array,
    seed: np.uint64,
    out: Float32Array,
) -> None:
    n = len(coords)
    pull, push = coefficients[0], coefficients[1]
    for block in prange((n + BLOCK - 1) // BLOCK):
        for i in range(block * BLOCK, min(n, (block + 1) * BLOCK)):
            x, y, z = coords[i, 0], coords[i, 1], coords[i, 2]
            stream, draw = _stream(seed, epoch, i), 0
            for entry in range(starts[i], starts[i + 1]):
                if not _is_due(rates[entry], epoch):
                    continue
                j = columns[entry]
                dx, dy, dz = x - coords[j, 0], y - coords[j, 1], z - coords[j, 2]
                by = _at(pull, dx * dx + dy * dy + dz * dz)
                x += step * _clipped(by * dx)
                y += step * _clipped(by * dy)
                z += step * _clipped(by * dz)
                mx, my, mz = ZERO, ZERO, ZERO
                for _ in range(NEGATIVES):
                    other = _random_item(stream, draw, n)
                    draw += 1
                    dx, dy, dz = x - coords[other, 0], y - coords[other, 1], z - coords[other, 2]
                    by = _at(push, dx * dx + dy * dy + dz * dz) * (ZERO if other == np.uint64(i) else ONE)
                    mx += _clipped(by * dx)
                    my += _clipped(by * dy)
                    mz += _clipped(by * dz)
                x += step * mx
                y += step * my
                z += step * mz
            out[i, 0] = x
            out[i, 1] = y
            out[i, 2] = z
