"""Sums over all pairs, exact, from which the gradient and the curvature of t-SNE's repulsion at each item follow."""

import numpy as np
from numba import prange

from embviz.arrays import Float32Array
from embviz.projection.kernels.compiled import ONE, ZERO, kernel

ROWS = 16
"""Number of items that a thread takes at a time."""

SUMS = 11
"""Sums per item: of kernel, kernel / w, kernel / w times differences (3), and kernel / w^2 times products (6)."""


@kernel
def repulsion_sums(
    places: Float32Array, begin: int, end: int, inverse: np.float32, flat: np.float32, out: Float32Array
) -> None:
    """Write the `SUMS` of the items begin .. end - 1 to `out`, shape (end - begin, `SUMS`), each over all items.

    With w = 1 + inverse * d^2 the kernel is 1 / w where `flat` is 1, and 1 / w^(3 / 2) where it is 0. Products are in
    the order xx, xy, xz, yy, yz, zz. The item itself is among all: it adds 1 to the first two sums.

    `places` is float32, shape (3, n): coordinates, the last ones 0 in two dimensions.
    """
    n = places.shape[1]
    curved = ONE - flat
    for part in prange((end - begin + ROWS - 1) // ROWS):
        for i in range(begin + part * ROWS, min(end, begin + (part + 1) * ROWS)):
            x, y, z = places[0, i], places[1, i], places[2, i]
            total, once = ZERO, ZERO
            sx, sy, sz = ZERO, ZERO, ZERO
            xx, xy, xz, yy, yz, zz = ZERO, ZERO, ZERO, ZERO, ZERO, ZERO
            for j in range(n):
                dx, dy, dz = x - places[0, j], y - places[1, j], z - places[2, j]
                near = ONE / (ONE + inverse * (dx * dx + dy * dy + dz * dz))
                likely = near * (flat + curved * np.sqrt(near))
                first = likely * near
                second = first * near
                total += likely
                once += first
                sx += first * dx
                sy += first * dy
                sz += first * dz
                xx += second * dx * dx
                xy += second * dx * dy
                xz += second * dx * dz
                yy += second * dy * dy
                yz += second * dy * dz
                zz += second * dz * dz
            row = i - begin
            out[row, 0], out[row, 1] = total, once
            out[row, 2], out[row, 3], out[row, 4] = sx, sy, sz
            out[row, 5], out[row, 6], out[row, 7] = xx, xy, xz
            out[row, 8], out[row, 9], out[row, 10] = yy, yz, zz
