"""The inner loops of `umap`: pulls and pushes of one epoch, and the random numbers in it."""

import numpy as np
from numba import prange
from numpy.typing import NDArray

from embviz.arrays import Float32Array, Int64Array
from embviz.projection.kernels.blocks import LANES, next_block, none_taken
from embviz.projection.kernels.compiled import ONE, ZERO, kernel, serial

NEGATIVES = 5
"""Random items that an item is pushed away from for every neighbor it is pulled to (negative_sample_rate)."""

OCTAVES = (-40, 40)
"""Squared distances from 2 to the first power to 2 to the second have coefficients of their own."""

KNOTS_BITS = 5
"""2 to the power of this many knots per octave, with straight lines between: within 0.1 permille of the curves."""


def move_coefficients(a: float, b: float) -> Float32Array:
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


@serial
def _at(coefficients: Float32Array, square: np.float32) -> np.float32:
    """The coefficient at a squared distance: exponent and first bits of the number say between which knots."""
    bits = np.float32(min(max(square, NEAREST), FARTHEST)).view(np.uint32)
    knot = np.uint64((bits >> KNOT_SHIFT) - FIRST_KNOT)
    share = np.float32(bits & WITHIN) * PER_KNOT
    value: np.float32 = coefficients[knot] + share * (coefficients[knot + np.uint64(1)] - coefficients[knot])
    return value


@serial
def _clipped(value: np.float32) -> np.float32:
    return min(max(value, -MOST), MOST)


@serial
def _mixed(value: np.uint64) -> np.uint64:
    """A random number for every number (SplitMix64: Steele, Lea and Flood, 2014)."""
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@serial
def _stream(seed: np.uint64, epoch: int, item: int) -> np.uint64:
    """Where the random numbers of an item in an epoch begin."""
    return _mixed(_mixed(seed * GOLDEN + np.uint64(epoch)) + np.uint64(item) * GOLDEN)


@serial
def _random_item(stream: np.uint64, draw: int, n: int) -> np.uint64:
    """A random item, 0..n - 1."""
    return ((_mixed(stream + np.uint64(draw) * GOLDEN) >> np.uint64(32)) * np.uint64(n)) >> np.uint64(32)


@serial
def _is_due(rate: np.float32, epoch: int) -> bool:
    """Whether an edge is used in this epoch: as evenly as its rate allows."""
    due: bool = np.int32(np.float32(epoch) * rate) != np.int32(np.float32(epoch - 1) * rate)
    return due


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
    """Write to `out` where all items are after an epoch, each moved while the others stand still."""
    n = len(coords)
    pull, push = coefficients[0], coefficients[1]
    taken = none_taken()
    for _lane in prange(LANES):
        begin, end = next_block(taken, n)
        while begin < n:
            for i in range(begin, end):
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
    """The same in three dimensions."""
    n = len(coords)
    pull, push = coefficients[0], coefficients[1]
    taken = none_taken()
    for _lane in prange(LANES):
        begin, end = next_block(taken, n)
        while begin < n:
            for i in range(begin, end):
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
            begin, end = next_block(taken, n)
