"""Kernels of `tsne`: attraction, the step down the gradient, and the divergence."""

import numpy as np
from numba import prange
from numpy.typing import NDArray

from embviz.arrays import Float32Array, Float64Array, Int64Array
from embviz.projection.kernels.blocks import LANES, next_block, none_taken
from embviz.projection.kernels.compiled import HALF, ONE, ZERO, kernel, serial

THREE, FOUR = np.float32(3), np.float32(4)
RISE, FALL, LEAST_GAIN = np.float32(0.2), np.float32(0.8), np.float32(0.01)
"""Number added to a gain that grows, factor on a gain that shrinks, and least gain, as in scikit-learn."""


@serial
def _moved(
    at: np.float32,
    gradient: np.float32,
    rate: np.float32,
    momentum: np.float32,
    velocity: Float32Array,
    gains: Float32Array,
    axis: int,
) -> np.float32:
    """A coordinate after a step down its gradient; gain grows while the direction stays the same (Jacobs, 1988)."""
    gain = gains[axis] + RISE if gradient * velocity[axis] < ZERO else gains[axis] * FALL
    gains[axis] = max(gain, LEAST_GAIN)
    velocity[axis] = momentum * velocity[axis] - rate * gains[axis] * gradient
    moved: np.float32 = at + velocity[axis]
    return moved


@serial
def _pull2(
    x: np.float32, y: np.float32, points: NDArray[np.uint64], columns: NDArray[np.uint32], weights: Float32Array
) -> tuple[np.float32, np.float32]:
    """Sum over neighbors of weight / (1 + d^2) times (item - neighbor); each point is loaded as one 64-bit number."""
    fx, fy = ZERO, ZERO
    for entry in range(len(columns)):
        point = points[columns[entry]]
        dx = x - np.uint32(point).view(np.float32)
        dy = y - np.uint32(point >> np.uint64(32)).view(np.float32)
        pull = weights[entry] / (ONE + dx * dx + dy * dy)
        fx += pull * dx
        fy += pull * dy
    return fx, fy


@kernel
def advance2(
    coords: Float32Array,
    starts: Int64Array,
    columns: NDArray[np.uint32],
    weights: Float32Array,
    pushes: Float32Array,
    share: np.float32,
    exaggeration: np.float32,
    rate: np.float32,
    momentum: np.float32,
    velocity: Float32Array,
    gains: Float32Array,
    out: Float32Array,
) -> None:
    """Write the coordinates after an iteration to `out`; `share` is one over the sum over all pairs."""
    n = len(coords)
    points = coords.view(np.uint64).reshape(n)
    taken = none_taken()
    for _lane in prange(LANES):
        begin, end = next_block(taken, n)
        while begin < n:
            for i in range(begin, end):
                row = slice(starts[i], starts[i + 1])
                x, y = coords[i, 0], coords[i, 1]
                fx, fy = _pull2(x, y, points, columns[row], weights[row])
                gx = FOUR * (exaggeration * fx - share * pushes[i, 0])
                gy = FOUR * (exaggeration * fy - share * pushes[i, 1])
                out[i, 0] = _moved(x, gx, rate, momentum, velocity[i], gains[i], 0)
                out[i, 1] = _moved(y, gy, rate, momentum, velocity[i], gains[i], 1)
            begin, end = next_block(taken, n)


@kernel
def advance3(
    coords: Float32Array,
    starts: Int64Array,
    columns: NDArray[np.uint32],
    weights: Float32Array,
    pushes: Float32Array,
    share: np.float32,
    exaggeration: np.float32,
    rate: np.float32,
    momentum: np.float32,
    velocity: Float32Array,
    gains: Float32Array,
    out: Float32Array,
) -> None:
    """Write the coordinates after an iteration in 3-D to `out`, with two degrees of freedom: see `Repulsion.push`."""
    n = len(coords)
    taken = none_taken()
    for _lane in prange(LANES):
        begin, end = next_block(taken, n)
        while begin < n:
            for i in range(begin, end):
                x, y, z = coords[i, 0], coords[i, 1], coords[i, 2]
                fx, fy, fz = ZERO, ZERO, ZERO
                for entry in range(starts[i], starts[i + 1]):
                    j = columns[entry]
                    dx = x - coords[j, 0]
                    dy = y - coords[j, 1]
                    dz = z - coords[j, 2]
                    pull = weights[entry] / (ONE + HALF * (dx * dx + dy * dy + dz * dz))
                    fx += pull * dx
                    fy += pull * dy
                    fz += pull * dz
                gx = THREE * (exaggeration * fx - share * pushes[i, 0])
                gy = THREE * (exaggeration * fy - share * pushes[i, 1])
                gz = THREE * (exaggeration * fz - share * pushes[i, 2])
                out[i, 0] = _moved(x, gx, rate, momentum, velocity[i], gains[i], 0)
                out[i, 1] = _moved(y, gy, rate, momentum, velocity[i], gains[i], 1)
                out[i, 2] = _moved(z, gz, rate, momentum, velocity[i], gains[i], 2)
            begin, end = next_block(taken, n)


@kernel
def stretches(
    coords: Float32Array, starts: Int64Array, columns: NDArray[np.uint32], weights: Float32Array, out: Float64Array
) -> None:
    """Write each row's part of the sum of P log(1 + d^2 / freedom) to `out`: only pairs with later items, doubled."""
    n, dims = coords.shape
    freedom = dims - 1
    taken = none_taken()
    for _lane in prange(LANES):
        begin, end = next_block(taken, n)
        while begin < n:
            for i in range(begin, end):
                total = 0.0
                for entry in range(starts[i + 1] - 1, starts[i] - 1, -1):
                    j = np.int64(columns[entry])
                    if j < i:  # columns ascend, so all remaining ones are before i too
                        break
                    square = 0.0
                    for axis in range(dims):
                        square += (coords[i, axis] - coords[j, axis]) ** 2
                    total += weights[entry] * np.log1p(square / freedom)
                out[i] = 2 * total
            begin, end = next_block(taken, n)
