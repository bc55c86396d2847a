"""Neighbor ranks of given pairs of items, counted with approximate distances and with exact ones near ties."""

from typing import NamedTuple

import numpy as np
from numba import prange

from embviz.arrays import Float32Array, Float64Array, Int32Array, Int64Array
from embviz.projection.kernels.compiled import kernel, serial

ROWS = 16
"""Number of query items that a thread takes at a time."""


class Ranked(NamedTuple):
    """The items, and the pairs of them whose ranks are wanted.

    Attributes
    ----------
    vectors
        float32, shape (n, d).
    twins
        int64, shape (n,): equal items have the same number, so their distances need not be computed again.
    squares, lengths
        float32, shape (n,): squared length of each centered vector, and its length.
    slack
        Largest error of a squared distance that is computed from the dot product of two centered vectors, as a share of
        the square of the sum of their lengths.
    lists
        int32, shape (n, k): for each item the other items whose rank is wanted.
    limits
        float64, shape (n, k): squared distance to each item of `lists`.
    """

    vectors: Float32Array
    twins: Int64Array
    squares: Float32Array
    lengths: Float32Array
    slack: np.float32
    lists: Int32Array
    limits: Float64Array


class Counts(NamedTuple):
    """For each listed item, how many items are nearer, and how many as far (itself included); int64, shape (n, k)."""

    nearer: Int64Array
    level: Int64Array


@kernel
def measure(vectors: Float32Array, lists: Int32Array, start: int, stop: int, out: Float64Array) -> None:
    """Write the squared distance of each item from `start` up to `stop` to each item of its list to `out`."""
    k = lists.shape[1]
    for part in prange((stop - start + ROWS - 1) // ROWS):
        first = start + part * ROWS
        for i in range(first, min(stop, first + ROWS)):
            for t in range(k):
                out[i, t] = _squared(vectors, i, lists[i, t])


@kernel
def count(
    ranked: Ranked, products: Float32Array, rows: Int64Array, columns: Int64Array, place: Int64Array, out: Counts
) -> None:
    """Count, for each query item, the candidates that are nearer than each item of its list, or equally near.

    The counts are added to `out`.

    Parameters
    ----------
    ranked
        The items and lists.
    products
        float32, shape (q, m): dot products of the centered vectors of `rows` and `columns`.
    rows, columns
        int64, shapes (q,) and (m,): the query items, and the candidates.
    place
        int64, shape (n,): position of each item in `columns`; -1 if it is not a candidate.
    out
        The counts of the candidates of earlier calls, which are updated in place.
    """
    vectors, twins, squares, lengths, slack, lists, limits = ranked
    out_nearer, out_level = out
    q, m = products.shape
    k = lists.shape[1]
    for part in prange((q + ROWS - 1) // ROWS):
        low, high, which = np.empty(m, np.float32), np.empty(m, np.float32), np.empty(m, np.int32)
        for line in range(part * ROWS, min(q, (part + 1) * ROWS)):
            i = rows[line]
            for c in range(m):
                far = squares[columns[c]] - 2 * products[line, c] + squares[i]
                error = slack * (lengths[columns[c]] + lengths[i]) ** 2
                low[c], high[c] = far - error, far + error
            if place[i] >= 0:
                low[place[i]] = high[place[i]] = np.inf
            farthest = np.float32(0)
            for t in range(k):
                farthest = max(farthest, np.float32(limits[i, t]))
            near = 0  # candidates that may be nearer than the farthest listed item come first; only they count
            for c in range(m):
                is_near = low[c] <= farthest
                low[near], high[near], which[near] = low[c], high[c], c
                near += is_near
            for t in range(k):
                limit = np.float32(limits[i, t])
                nearer, open_ones = 0, 0
                for c in range(near):
                    nearer += high[c] < limit
                    open_ones += low[c] <= limit
                open_ones -= nearer
                level = 0
                is_among = place[lists[i, t]] >= 0
                if is_among and open_ones == 1:
                    level = 1  # itself
                elif open_ones:
                    for c in range(near):
                        if low[c] <= limit and not high[c] < limit:
                            other = columns[which[c]]
                            if twins[other] == twins[lists[i, t]]:
                                level += 1
                            elif twins[other] == twins[i]:
                                nearer += 1
                            else:
                                squared = _squared(vectors, i, other)
                                nearer += squared < limits[i, t]
                                level += squared == limits[i, t]
                out_nearer[i, t] += nearer
                out_level[i, t] += level


@serial
def _squared(vectors: Float32Array, i: int, j: int) -> float:
    """Squared distance in float64, summed in an order that does not depend on where it is called."""
    total = 0.0
    for f in range(vectors.shape[1]):
        difference = np.float64(vectors[i, f]) - np.float64(vectors[j, f])
        total += difference * difference
    return total
