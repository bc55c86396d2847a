"""The short-range part of 2-D repulsion, summed over pairs of near items; a coarse grid suffices for the rest."""

import numpy as np
from numba import prange
from numpy.typing import NDArray

from embviz.arrays import Float32Array, Float64Array, Int32Array
from embviz.projection.kernels.blocks import BLOCK, LANES, next_block, none_taken
from embviz.projection.kernels.compiled import ONE, ZERO, kernel, serial

THREE = np.float32(3)


def near_kernel(squares: Float64Array, reach: float) -> Float64Array:
    """The near part of 1 / (1 + d^2), given squared distances: it has all of the sharp peak and is 0 beyond `reach`.

    Particle-particle particle-mesh methods split kernels in this way (Hockney and Eastwood, 1988).

    Examples
    --------
    >>> near_kernel(np.array([0.0, 4.0, 100.0]), 2.0).round(3).tolist()
    [0.512, 0.0, 0.0]
    """
    left: Float64Array = np.clip(1 - squares / reach**2, 0, None)
    return _share(reach) * left**3 / (1 + squares)


def _share(reach: float) -> float:
    """The near part's share of the kernel at distance 0; with it the rest is finite even at d^2 = -1, and so smooth."""
    return (1 + 1 / reach**2) ** -3


class NearPushes:
    """Items sorted into square cells as wide as the near part reaches, so that only nine cells act on an item."""

    def __init__(self, n: int) -> None:
        self._reach = 1.0
        self._across = np.uint32(0)
        self._cells = np.empty(n, np.uint32)
        self._starts = np.empty(0, np.int32)
        self._order = np.empty(n, np.int32)
        self._sorted = np.empty((2, n), np.float32)
        self._sums = np.empty(-(-n // BLOCK))

    def sort(self, coords: Float32Array, low: Float32Array, span: float, reach: float) -> float:
        """Sort items into cells; return about how many pairs `add` will sum over, if neighboring cells are alike.

        Parameters
        ----------
        coords
            float32, shape (n, 2).
        low, span
            Least coordinates of the items, and the larger of their two extents.
        reach
            See `near_kernel`.
        """
        self._reach = reach
        self._across = np.uint32(span / reach + 5)  # with an empty cell on each side
        self._starts = np.empty(int(self._across) ** 2 + 2, np.int32)
        corner, scale = low - np.float32(1.5 * reach), np.float32(1 / reach)
        arrange(coords, corner, scale, self._across, self._cells, self._starts, self._order, self._sorted)
        return 9 * float(np.square(np.diff(self._starts[:-1]), dtype=np.float64).sum())

    def add(self, pushes: Float32Array) -> float:
        """Add the near pushes of the sorted items to `pushes`; return the sum of `near_kernel` over all their pairs."""
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
        return float(self._sums.sum()) - share * len(self._order)  # every item was paired with itself too


@serial
def arrange(
    coords: Float32Array,
    corner: Float32Array,
    scale: np.float32,
    across: np.uint32,
    cells: NDArray[np.uint32],
    starts: Int32Array,
    order: Int32Array,
    out: Float32Array,
) -> None:
    """Write each item's cell, the start of each cell, and the items' rows and coordinates in the order of cells."""
    starts[:] = 0
    for i in range(len(coords)):
        row, column = np.uint32((coords[i, 0] - corner[0]) * scale), np.uint32((coords[i, 1] - corner[1]) * scale)
        cells[i] = row * across + column
        starts[cells[i] + 2] += 1
    for cell in range(len(starts) - 1):
        starts[cell + 1] += starts[cell]
    for i in range(len(coords)):
        place = starts[cells[i] + 1]  # counted up until it is where the next cell starts
        starts[cells[i] + 1] += 1
        order[place] = i
        out[0, place] = coords[i, 0]
        out[1, place] = coords[i, 1]


Met = tuple[np.float32, np.float32, np.float32]
"""Push on an item (x and y), and the sum of its near kernels, both not yet multiplied by `_share`."""


@serial
def _push_and_kernel(square: np.float32, per_square: np.float32) -> tuple[np.float32, np.float32]:
    """Push and kernel of a pair at a squared distance; the push is minus the kernel's derivative by the square."""
    left = ONE - square * per_square
    left = left if left > ZERO else ZERO
    both = left / (ONE + square)
    return left * both * (THREE * per_square + both), left * left * both


@serial
def _met(
    x: np.float32,
    y: np.float32,
    u: np.float32,
    v: np.float32,
    xs: Float32Array,
    ys: Float32Array,
    per_square: np.float32,
) -> tuple[Met, Met]:
    """Pushes and kernel sums of many items on one at (x, y) and one at (u, v); both at once take less time."""
    fx, fy, first, fu, fv, second = ZERO, ZERO, ZERO, ZERO, ZERO, ZERO
    for j in range(len(xs)):
        dx, dy = x - xs[j], y - ys[j]
        push, kernel_value = _push_and_kernel(dx * dx + dy * dy, per_square)
        fx, fy, first = fx + push * dx, fy + push * dy, first + kernel_value
        dx, dy = u - xs[j], v - ys[j]
        push, kernel_value = _push_and_kernel(dx * dx + dy * dy, per_square)
        fu, fv, second = fu + push * dx, fv + push * dy, second + kernel_value
    return (fx, fy, first), (fu, fv, second)


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
    """Add to every item's push that of all items in the nine cells around it; cells of a row are stored in order.

    `per_square` is one over the square of the reach; `sums` receives the kernel sum of each block of items.
    """
    n = len(xs)
    taken = none_taken()
    for _lane in prange(LANES):
        begin, end = next_block(taken, n)
        while begin < n:
            block, at = begin // BLOCK, begin
            sums[block] = 0.0
            while at < end:
                cell = np.int64(cells[order[at]])
                alone = at + 1 == end or cells[order[at + 1]] != cell
                last = at if alone else at + 1
                fx, fy, first, fu, fv, second = ZERO, ZERO, ZERO, ZERO, ZERO, ZERO
                for middle in (cell - across, cell, cell + across):
                    three = slice(starts[middle - 1], starts[middle + 2])
                    one, other = _met(xs[at], ys[at], xs[last], ys[last], xs[three], ys[three], per_square)
                    fx, fy, first = fx + one[0], fy + one[1], first + one[2]
                    fu, fv, second = fu + other[0], fv + other[1], second + other[2]
                pushes[order[at], 0] += share * fx
                pushes[order[at], 1] += share * fy
                sums[block] += float(share * first)
                if not alone:
                    pushes[order[last], 0] += share * fu
                    pushes[order[last], 1] += share * fv
                    sums[block] += float(share * second)
                at = last + 1
            begin, end = next_block(taken, n)
