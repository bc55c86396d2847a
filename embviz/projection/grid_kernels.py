"""The inner loops of `grid`: items to nodes and back, by quadratic B-splines."""

import numpy as np
from numba import prange
from numpy.typing import NDArray

from embviz.arrays import Float32Array, Float64Array
from embviz.projection.compiled import BLOCK, HALF, ZERO, inlined, kernel

THREE_QUARTERS = np.float32(0.75)
NEXT = np.uint64(1)
STRETCH = 4096
"""Nodes that one thread handles in one go."""


@inlined
def _weights(place: np.float32) -> tuple[np.uint64, np.float32, np.float32, np.float32]:
    """Nearest node of a place in units of the spacing, and the weights of the one before, of itself and of the next."""
    node = np.floor(place + HALF)
    off = place - node
    return np.uint64(node), HALF * (HALF - off) ** 2, THREE_QUARTERS - off * off, HALF * (HALF + off) ** 2


@kernel
def corners(coords: Float32Array, out: Float32Array) -> None:
    """Least and largest coordinates of each block of items."""
    n, dims = coords.shape
    for block in prange((n + BLOCK - 1) // BLOCK):
        for axis in range(dims):
            low = high = coords[block * BLOCK, axis]
            for i in range(block * BLOCK, min(n, (block + 1) * BLOCK)):
                low = min(low, coords[i, axis])
                high = max(high, coords[i, axis])
            out[0, block, axis] = low
            out[1, block, axis] = high


@kernel
def spread(coords: Float32Array, corner: Float32Array, scale: np.float32, charges: Float32Array) -> None:
    """Add every item's charge of 1 to the nodes around it, each part of the items to a grid of its own."""
    n, parts = len(coords), len(charges)
    for part in prange(parts):
        grid = charges[part]
        grid[:] = ZERO
        for i in range(n * part // parts, n * (part + 1) // parts):
            x, x0, x1, x2 = _weights((coords[i, 0] - corner[0]) * scale)
            y, y0, y1, y2 = _weights((coords[i, 1] - corner[1]) * scale)
            for row, weight in ((x - NEXT, x0), (x, x1), (x + NEXT, x2)):
                grid[row, y - NEXT] += weight * y0
                grid[row, y] += weight * y1
                grid[row, y + NEXT] += weight * y2


@kernel
def total(charges: Float32Array, out: Float32Array) -> None:
    """Sum of the parts' grids, always in the same order."""
    parts, size = charges.shape
    for stretch in prange((size + STRETCH - 1) // STRETCH):
        begin, end = stretch * STRETCH, min(size, (stretch + 1) * STRETCH)
        out[begin:end] = charges[0, begin:end]
        for part in range(1, parts):
            for node in range(begin, end):
                out[node] += charges[part, node]


@kernel
def multiply(
    spectrum: NDArray[np.complex64],
    potential: Float32Array,
    forces: Float32Array,
    out: NDArray[np.complex64],
    sums: Float64Array,
) -> None:
    """Spectra of the forces, and the parts of the sum over all pairs by Parseval's theorem."""
    size, dims = len(spectrum), len(forces)
    for stretch in prange(len(sums)):
        begin, end = stretch * STRETCH, min(size, (stretch + 1) * STRETCH)
        energy = 0.0
        for at in range(begin, end):
            real, imaginary = spectrum[at].real, spectrum[at].imag
            energy += (real * real + imaginary * imaginary) * potential[at]
        sums[stretch] = energy
        for axis in range(dims):
            for at in range(begin, end):
                force = forces[axis, at]
                out[axis, at] = complex(-spectrum[at].imag * force, spectrum[at].real * force)


@kernel
def gather(
    coords: Float32Array, corner: Float32Array, scale: np.float32, fields: Float32Array, out: Float32Array
) -> None:
    """The forces at every item, from the nodes around it."""
    n = len(coords)
    for block in prange((n + BLOCK - 1) // BLOCK):
        for i in range(block * BLOCK, min(n, (block + 1) * BLOCK)):
            x, x0, x1, x2 = _weights((coords[i, 0] - corner[0]) * scale)
            y, y0, y1, y2 = _weights((coords[i, 1] - corner[1]) * scale)
            for axis in range(2):
                field = fields[axis]
                force = ZERO
                for row, weight in ((x - NEXT, x0), (x, x1), (x + NEXT, x2)):
                    force += weight * (y0 * field[row, y - NEXT] + y1 * field[row, y] + y2 * field[row, y + NEXT])
                out[i, axis] = force
