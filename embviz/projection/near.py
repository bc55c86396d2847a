"""The part of the pushes that reaches only near items, pair by pair, so that a coarse grid can carry the rest."""

import numpy as np
from numba import prange
from numpy.typing import NDArray

from embviz.arrays import Float32Array, Float64Array, Int32Array
from embviz.projection.compiled import BLOCK, ONE, PARTS, ZERO, inlined, kernel

THREE = np.float32(3)


def near_kernel(squares: Float64Array, reach: float) -> Float64Array:
    """The near part of 1 / (1 + d^2), at squared distances: all of its sharp peak, and 0 beyond `reach`.

    The split of particle-particle particle-mesh (Hockney and Eastwood, 1988).

    Examples
    --------
    >>> near_kernel(np.array([0.0, 4.0, 100.0]), 2.0).round(3).tolist()
    [0.512, 0.0, 0.0]
    """
    left: Float64Array = np.clip(1 - squares / reach**2, 0, None)
    return _share(reach) * left**3 / (1 + squares)


def _share(reach: float) -> float:
    """Of the kernel that the near part has at distance 0: the one with which the rest is finite even at d^2 = -1."""
    return (1 + 1 / reach**2) ** -3


class NearPushes:
    """Items sorted into square cells as wide as the near part reaches, so that each meets only those of nine cells."""

    def __init__(self, n: int) -> None:
        self._reach = 1.0
        self._across = np.uint32(0)
        self._cells = np.empty(n, np.uint32)
        self._starts = np.empty(0, np.int32)
        self._order = np.empty(n, np.int32)
        self._sorted = np.empty((2, n), np.float32)
        self._sums = np.empty(-(-n // BLOCK))

    def sort(self, coords: Float32Array, low: Float32Array, span: float, reach: float) -> float:
        """Sort the items; about how many pairs will meet, if every cell is as full as those around it.

        Parameters
        ----------
        coords
            float32, shape (n, 2).
        low, span
            Their least coordinates, and the larger of their extents.
        reach
            See `near_kernel`.
        """
        self._reach = reach
        self._across = np.uint32(span / reach + 4)  # a cell more on each side, always empty
        counts = np.empty((PARTS, int(self._across) ** 2), np.int32)
        count(coords, low - np.float32(reach), np.float32(1 / reach), self._across, self._cells, counts)
        ends = np.cumsum(counts.T, dtype=np.int32).reshape(-1, PARTS)
        places = np.ascontiguousarray(ends.T - counts)
        self._starts = np.append(places[0], np.int32(len(coords)))
        arrange(coords, self._cells, places, self._sorted, self._order)
        return 9 * float(np.square(np.diff(self._starts), dtype=np.float64).sum())

    def add(self, pushes: Float32Array) -> float:
        """Add the near part to the pushes of the items that were sorted; the sum of `near_kernel` over all pairs."""
        xs, ys = self._sorted
        share, per_square = _share(self._reach), np.float32(1 / self._reach**2)
        meet(
            xs,
            ys,
            self._order,
            self._cells,
            self._across,
            self._starts,
            np.float32(share),
            per_square,
            pushes,
            self._sums,
        )
        return float(self._sums.sum()) - share * len(self._order)  # each has met itself


@kernel
def count(
    coords: Float32Array,
    corner: Float32Array,
    scale: np.float32,
    across: np.uint32,
    cells: NDArray[np.uint32],
    counts: Int32Array,
) -> None:
    """Which cell each item is in, row by row, and how many items of each part are in each cell."""
    n, parts = len(coords), len(counts)
    for part in prange(parts):
        of_part = counts[part]
        of_part[:] = 0
        for i in range(n * part // parts, n * (part + 1) // parts):
            row, column = np.uint32((coords[i, 0] - corner[0]) * scale), np.uint32((coords[i, 1] - corner[1]) * scale)
            cells[i] = row * across + column
            of_part[cells[i]] += 1


@kernel
def arrange(
    coords: Float32Array, cells: NDArray[np.uint32], places: Int32Array, out: Float32Array, order: Int32Array
) -> None:
    """Write coordinates and numbers of the items cell by cell; `places` says where each part begins in each cell."""
    n, parts = len(coords), len(places)
    for part in prange(parts):
        of_part = places[part]
        for i in range(n * part // parts, n * (part + 1) // parts):
            place = of_part[cells[i]]
            of_part[cells[i]] += 1
            out[0, place] = coords[i, 0]
            out[1, place] = coords[i, 1]
            order[place] = i


@inlined
def _met(
    x: np.float32, y: np.float32, xs: Float32Array, ys: Float32Array, per_square: np.float32
) -> tuple[np.float32, np.float32, np.float32]:
    """Push of many items on one, and the sum of their kernels, both still to be multiplied by the share."""
    fx, fy, total = ZERO, ZERO, ZERO
    for j in range(len(xs)):
        dx, dy = x - xs[j], y - ys[j]
        square = dx * dx + dy * dy
        left = ONE - square * per_square
        left = left if left > ZERO else ZERO
        both = left / (ONE + square)
        total += left * left * both
        push = left * both * (THREE * per_square + both)  # minus the derivative by the square
        fx += push * dx
        fy += push * dy
    return fx, fy, total


@kernel
def meet(
    xs: Float32Array,
    ys: Float32Array,
    order: Int32Array,
    cells: NDArray[np.uint32],
    across: np.uint32,
    starts: Int32Array,
    share: np.float32,
    per_square: np.float32,
    pushes: Float32Array,
    sums: Float64Array,
) -> None:
    """Add to every item's push that of all items in the nine cells around; cells of a row follow each other.

    `per_square` is one over the square of the reach.
    """
    n = len(xs)
    for block in prange(len(sums)):
        sums[block] = 0.0
        for at in range(block * BLOCK, min(n, (block + 1) * BLOCK)):
            i = order[at]
            cell = np.int64(cells[i])
            fx, fy, total = ZERO, ZERO, ZERO
            for middle in (cell - across, cell, cell + across):
                three = slice(starts[middle - 1], starts[middle + 2])
                gx, gy, more = _met(xs[at], ys[at], xs[three], ys[three], per_square)
                fx += gx
                fy += gy
                total += more
            pushes[i, 0] += share * fx
            pushes[i, 1] += share * fy
            sums[block] += float(share * total)
