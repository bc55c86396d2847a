"""Kernels of `umap`: the attraction and repulsion of one epoch, and its random numbers."""

import numpy as np
from numba import prange
from numpy.typing import NDArray

from embviz.arrays import Float32Array, Int64Array
from embviz.projection.kernels.blocks import LANES, next_block, none_taken
from embviz.projection.kernels.compiled import ONE, ZERO, kernel, serial

NEGATIVES = 5
"""Number of random items that push an item away for every neighbor that pulls it (UMAP's negative_sample_rate)."""

OCTAVES = (-40, 40)
"""Powers of 2 between which squared distances have coefficients; outside, those of the nearest one are used."""

KNOTS_BITS = 5
"""Logarithm to base 2 of the knots per octave; linear interpolation between them is within 0.01 % of the curves."""


def move_coefficients(a: float, b: float) -> Float32Array:
    """Pull of a neighbor (row 0) and push of a random item (row 1) per unit of distance, for the squares at knots."""
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
"""Largest pull or push along an axis, before it is multiplied by the step size; umap-learn has the same."""


@serial
def move_at(coefficients: Float32Array, square: np.float32) -> np.float32:
    """The coefficient at a squared distance, whose exponent and first bits say between which knots it is."""
    bits = np.float32(min(max(square, NEAREST), FARTHEST)).view(np.uint32)
    knot = np.uint64((bits >> KNOT_SHIFT) - FIRST_KNOT)
    share = np.float32(bits & WITHIN) * PER_KNOT
    value: np.float32 = coefficients[knot] + share * (coefficients[knot + np.uint64(1)] - coefficients[knot])
    return value


@serial
def clamped(value: np.float32) -> np.float32:
    """The value, within -MOST .. MOST."""
    return min(max(value, -MOST), MOST)


@serial
def _mixed(value: np.uint64) -> np.uint64:
    """A number that looks random, the same for the same `value` (SplitMix64: Steele, Lea and Flood, 2014)."""
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


GOLDEN = np.uint64(0x9E3779B97F4A7C15)
"""Increment of SplitMix64: 2^64 divided by the golden ratio."""


@serial
def stream_of(seed: np.uint64, epoch: int, item: int | np.uint64) -> np.uint64:
    """The start of the sequence of random numbers for an item in an epoch."""
    return _mixed(_mixed(seed * GOLDEN + np.uint64(epoch)) + np.uint64(item) * GOLDEN)


@serial
def random_item(stream: np.uint64, draw: int, n: int) -> np.uint64:
    """The row, 0..n - 1, of the random item that draw number `draw` gives."""
    return ((_mixed(stream + np.uint64(draw) * GOLDEN) >> np.uint64(32)) * np.uint64(n)) >> np.uint64(32)


@serial
def is_due(rate: np.float32, epoch: int) -> bool:
    """Whether an edge is used in an epoch, given its rate in uses per epoch; uses are spread evenly."""
    due: bool = np.int32(np.float32(epoch) * rate) != np.int32(np.float32(epoch - 1) * rate)
    return due


EDGES = 64
"""Number of edges of an item that are looked through at once for those that are due."""


@serial
def _due_columns(
    columns: NDArray[np.uint32], rates: Float32Array, first: int, end: int, epoch: int, due: NDArray[np.uint32]
) -> int:
    """Write the columns of the edges from `first` up to `end` that are due to `due`, in order; returns their number.

    Every column is written, and the next one over it if it is not due: there is no branch for the processor to guess.
    """
    count = 0
    for entry in range(first, min(first + EDGES, end)):
        due[count] = columns[entry]
        count += 1 if is_due(rates[entry], epoch) else 0
    return count


@kernel
def epoch2(
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
    """Write the coordinates after an epoch to `out`; each item moves as if the others did not move."""
    n = len(coords)
    pull, push = coefficients[0], coefficients[1]
    taken = none_taken()
    for _lane in prange(LANES):
        begin, end = next_block(taken, n)
        due = np.empty(EDGES, np.uint32)
        while begin < n:
            for i in range(begin, end):
                x, y = coords[i, 0], coords[i, 1]
                stream, draw = stream_of(seed, epoch, i), 0
                for first in range(starts[i], starts[i + 1], EDGES):
                    for at in range(_due_columns(columns, rates, first, starts[i + 1], epoch, due)):
                        j = due[at]
                        dx, dy = x - coords[j, 0], y - coords[j, 1]
                        by = move_at(pull, dx * dx + dy * dy)
                        x += step * clamped(by * dx)
                        y += step * clamped(by * dy)
                        mx, my = ZERO, ZERO  # all pushes are taken at one place, so the processor computes them at once
                        for _ in range(NEGATIVES):
                            other = random_item(stream, draw, n)
                            draw += 1
                            dx, dy = x - coords[other, 0], y - coords[other, 1]
                            by = move_at(push, dx * dx + dy * dy) * (ZERO if other == np.uint64(i) else ONE)
                            mx += clamped(by * dx)
                            my += clamped(by * dy)
                        x += step * mx
                        y += step * my
                out[i, 0] = x
                out[i, 1] = y
            begin, end = next_block(taken, n)


@kernel
def epoch3(
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
    """Write the coordinates after an epoch in 3-D to `out`; each item moves as if the others did not move."""
    n = len(coords)
    pull, push = coefficients[0], coefficients[1]
    taken = none_taken()
    for _lane in prange(LANES):
        begin, end = next_block(taken, n)
        due = np.empty(EDGES, np.uint32)
        while begin < n:
            for i in range(begin, end):
                x, y, z = coords[i, 0], coords[i, 1], coords[i, 2]
                stream, draw = stream_of(seed, epoch, i), 0
                for first in range(starts[i], starts[i + 1], EDGES):
                    for at in range(_due_columns(columns, rates, first, starts[i + 1], epoch, due)):
                        j = due[at]
                        dx, dy, dz = x - coords[j, 0], y - coords[j, 1], z - coords[j, 2]
                        by = move_at(pull, dx * dx + dy * dy + dz * dz)
                        x += step * clamped(by * dx)
                        y += step * clamped(by * dy)
                        z += step * clamped(by * dz)
                        mx, my, mz = ZERO, ZERO, ZERO
                        for _ in range(NEGATIVES):
                            other = random_item(stream, draw, n)
                            draw += 1
                            dx, dy, dz = x - coords[other, 0], y - coords[other, 1], z - coords[other, 2]
                            by = move_at(push, dx * dx + dy * dy + dz * dz) * (ZERO if other == np.uint64(i) else ONE)
                            mx += clamped(by * dx)
                            my += clamped(by * dy)
                            mz += clamped(by * dz)
                        x += step * mx
                        y += step * my
                        z += step * mz
                out[i, 0] = x
                out[i, 1] = y
                out[i, 2] = z
            begin, end = next_block(taken, n)
