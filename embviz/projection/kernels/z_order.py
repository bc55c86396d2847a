"""The order of items along a space-filling curve, which puts neighbors in a layout close together in memory."""

import numpy as np
from numba import prange
from numpy.typing import NDArray

from embviz.arrays import Float32Array, Int64Array
from embviz.projection.kernels.blocks import BLOCK
from embviz.projection.kernels.compiled import kernel

CELLS = 2**16
"""Number of cells that the curve has along each axis."""


def z_order(coords: Float32Array) -> Int64Array:
    """Rows of a layout in the order in which the Z-order curve (Morton, 1966) visits them.

    Parameters
    ----------
    coords
        float32, shape (n, 2 or 3), finite.

    Examples
    --------
    >>> z_order(np.array([[1, 1], [0, 0], [1, 0], [0, 1]], np.float32)).tolist()
    [1, 2, 3, 0]
    """
    low = coords.min(axis=0)
    span = max(float((coords.max(axis=0) - low).max()), 1e-30)
    codes = np.empty(len(coords), np.uint64)
    _codes(coords, low, np.float32((CELLS - 1) / span), codes)
    return np.argsort(codes, kind="stable")


@kernel
def _codes(coords: Float32Array, low: Float32Array, scale: np.float32, out: NDArray[np.uint64]) -> None:
    """Write each item's position along the curve to `out`: the interleaved bits of its coordinates.

    Every third bit belongs to the same axis; in a layout of 2 dimensions those of the third axis are 0.
    """
    n, dims = coords.shape
    for block in prange((n + BLOCK - 1) // BLOCK):
        for i in range(block * BLOCK, min(n, (block + 1) * BLOCK)):
            code = np.uint64(0)
            for axis in range(dims):
                bits = np.uint64((coords[i, axis] - low[axis]) * scale)
                bits = (bits | bits << np.uint64(16)) & np.uint64(0x0000FF0000FF)
                bits = (bits | bits << np.uint64(8)) & np.uint64(0x00F00F00F00F)
                bits = (bits | bits << np.uint64(4)) & np.uint64(0x0C30C30C30C3)
                bits = (bits | bits << np.uint64(2)) & np.uint64(0x249249249249)
                code |= bits << np.uint64(axis)
            out[i] = code
