"""Kernels of `grid`: interpolation of charges from items to nodes, and of forces back, by cubic B-splines."""

import numpy as np
from numba import prange
from numpy.typing import NDArray

from embviz.arrays import Float32Array, Float64Array
from embviz.projection.kernels.blocks import BLOCK, LANES, next_block, none_taken
from embviz.projection.kernels.compiled import HALF, ONE, ZERO, kernel, serial

TWO, THREE, FOUR, SIXTH = np.float32(2), np.float32(3), np.float32(4), np.float32(1 / 6)
NEXT = np.uint64(1)

Four = tuple[np.float32, np.float32, np.float32, np.float32]
"""One number for each of the four nodes around an item along an axis, in order; or for nodes 0, 1, 2 and 3 apart."""


@serial
def _node(place: np.float32) -> tuple[np.uint64, np.float32]:
    """The node before a position given in units of the spacing, and the distance of the position from it, 0..1."""
    node = np.floor(place)
    return np.uint64(node), place - node


@serial
def _weights(u: np.float32) -> Four:
    """The cubic B-spline at the four nodes nearest to a position that is `u` beyond a node; the numbers sum to 1."""
    v = ONE - u
    return (
        v * v * v * SIXTH,
        (THREE * u * u * u - (TWO * THREE) * u * u + FOUR) * SIXTH,
        (THREE * v * v * v - (TWO * THREE) * v * v + FOUR) * SIXTH,
        u * u * u * SIXTH,
    )


@serial
def _slopes(u: np.float32) -> Four:
    """Derivatives of `_weights` by `u`; they sum to 0."""
    v = ONE - u
    return -HALF * v * v, HALF * u * (THREE * u - FOUR), -HALF * v * (THREE * v - FOUR), HALF * u * u


@serial
def _products(w: Four, v: Four) -> Four:
    """Sums of w_p v_q over the nodes p and q that are 0, 1, 2 and 3 apart."""
    return (
        w[0] * v[0] + w[1] * v[1] + w[2] * v[2] + w[3] * v[3],
        w[0] * v[1] + w[1] * (v[0] + v[2]) + w[2] * (v[1] + v[3]) + w[3] * v[2],
        w[0] * v[2] + w[1] * v[3] + w[2] * v[0] + w[3] * v[1],
        w[0] * v[3] + w[3] * v[0],
    )


@serial
def _applied(matrix: Float32Array, w: Four) -> Four:
    """The product of a 4 x 4 matrix and a vector."""
    return (
        matrix[0, 0] * w[0] + matrix[0, 1] * w[1] + matrix[0, 2] * w[2] + matrix[0, 3] * w[3],
        matrix[1, 0] * w[0] + matrix[1, 1] * w[1] + matrix[1, 2] * w[2] + matrix[1, 3] * w[3],
        matrix[2, 0] * w[0] + matrix[2, 1] * w[1] + matrix[2, 2] * w[2] + matrix[2, 3] * w[3],
        matrix[3, 0] * w[0] + matrix[3, 1] * w[1] + matrix[3, 2] * w[2] + matrix[3, 3] * w[3],
    )


@serial
def _dot(w: Four, v: Four) -> np.float32:
    """The scalar product of two vectors."""
    dot: np.float32 = w[0] * v[0] + w[1] * v[1] + w[2] * v[2] + w[3] * v[3]
    return dot


@serial
def corners(coords: Float32Array, out: Float32Array) -> None:
    """Write the least and the largest coordinates of all items to `out`; NaN if a coordinate is NaN or infinite."""
    for axis in range(coords.shape[1]):
        low = high = coords[0, axis]
        zero = ZERO
        for i in range(len(coords)):
            low = min(low, coords[i, axis])
            high = max(high, coords[i, axis])
            zero += ZERO * coords[i, axis]
        out[0, axis] = low + zero
        out[1, axis] = high + zero


@serial
def spread(coords: Float32Array, corner: Float32Array, scale: np.float32, charges: Float32Array) -> None:
    """Write the charges of the nodes to `charges`: each item has a charge of 1, spread over the nodes around it."""
    charges[:] = ZERO
    for i in range(len(coords)):
        x, u = _node((coords[i, 0] - corner[0]) * scale)
        y, v = _node((coords[i, 1] - corner[1]) * scale)
        wx, wy = _weights(u), _weights(v)
        row = x - NEXT
        for weight in wx:
            charges[row, y - NEXT] += weight * wy[0]
            charges[row, y] += weight * wy[1]
            charges[row, y + NEXT] += weight * wy[2]
            charges[row, y + NEXT + NEXT] += weight * wy[3]
            row += NEXT


@serial
def multiply(spectrum: NDArray[np.complex64], quarter: Float32Array) -> float:
    """Turn the spectrum of the charges into that of the potential; return the sum over all pairs times size^2.

    The kernel's spectrum is real and even, so a quarter of it is enough. The charges' spectrum is that of real
    numbers, so a half of it is given.
    """
    size, last = len(spectrum), len(quarter) - 1
    total = 0.0
    for row in range(size):
        factors, values = quarter[min(row, size - row)], spectrum[row]
        ends, energy = ZERO, ZERO
        for at in (0, last):  # these columns occur once in the whole spectrum, those between them twice
            ends += factors[at] * (values[at].real * values[at].real + values[at].imag * values[at].imag)
        for at in range(last + 1):
            real, imaginary, factor = values[at].real, values[at].imag, factors[at]
            energy += factor * (real * real + imaginary * imaginary)
            values[at] = complex(real * factor, imaginary * factor)
        total += float(TWO * energy - ends)
    return total


@kernel
def gather(
    coords: Float32Array,
    corner: Float32Array,
    scale: np.float32,
    potential: Float32Array,
    near: Float32Array,
    pushes: Float32Array,
    own: Float64Array,
) -> None:
    """Write minus half the gradient of the potential at every item, without the item's own charge, to `pushes`.

    `near` is the potential of a node's charge at the nodes up to 3 away along either axis. `own` receives, for
    each block, the sum over its items of the potential of an item's own charge at the item.
    """
    n = len(coords)
    taken = none_taken()
    for _lane in prange(LANES):
        begin, end = next_block(taken, n)
        while begin < n:
            total = 0.0
            for i in range(begin, end):
                x, u = _node((coords[i, 0] - corner[0]) * scale)
                y, v = _node((coords[i, 1] - corner[1]) * scale)
                wx, sx, wy, sy = _weights(u), _slopes(u), _weights(v), _slopes(v)
                fx, fy = ZERO, ZERO
                row = x - NEXT
                for at in range(4):
                    p0, p1 = potential[row, y - NEXT], potential[row, y]
                    p2, p3 = potential[row, y + NEXT], potential[row, y + NEXT + NEXT]
                    fx += sx[at] * (wy[0] * p0 + wy[1] * p1 + wy[2] * p2 + wy[3] * p3)
                    fy += wx[at] * (sy[0] * p0 + sy[1] * p1 + sy[2] * p2 + sy[3] * p3)
                    row += NEXT
                across, along = _products(wx, wx), _applied(near, _products(wy, wy))
                total += float(_dot(across, along))
                pushes[i, 0] = HALF * scale * (_dot(_products(sx, wx), along) - fx)
                pushes[i, 1] = HALF * scale * (_dot(_applied(near, across), _products(sy, wy)) - fy)
            own[begin // BLOCK] = total
            begin, end = next_block(taken, n)


@serial
def center(pushes: Float32Array) -> None:
    """Subtract the mean of the pushes, because exact pushes sum to 0, and those interpolated by splines nearly do."""
    sx, sy = 0.0, 0.0
    for i in range(len(pushes)):
        sx += pushes[i, 0]
        sy += pushes[i, 1]
    mx, my = np.float32(sx / len(pushes)), np.float32(sy / len(pushes))
    for i in range(len(pushes)):
        pushes[i, 0] -= mx
        pushes[i, 1] -= my
