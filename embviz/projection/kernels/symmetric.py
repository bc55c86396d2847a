"""The pairs of a neighbor graph with the weights of both directions: from an item to its neighbor, and back."""

from typing import NamedTuple

import numpy as np
from numba import prange
from numpy.typing import NDArray

from embviz.arrays import Float32Array, Int32Array, Int64Array
from embviz.progress import Progress, no_progress
from embviz.projection.kernels.blocks import BLOCK
from embviz.projection.kernels.compiled import kernel, one_at_a_time

PARTS = 4
"""Number of threads that transpose lists: each reads all of them, and writes rows that no other thread writes."""

UInt32Array = NDArray[np.uint32]


class _Lists(NamedTuple):
    """A directed graph by rows: row i has the entries starts[i] .. starts[i + 1] - 1."""

    starts: Int64Array
    columns: UInt32Array
    weights: Float32Array


class SymmetricPairs(NamedTuple):
    """The pairs (i, j) of items of which one lists the other, by rows i, each with the weights of both directions.

    Attributes
    ----------
    starts
        int64, shape (n + 1,): row i has the pairs starts[i] .. starts[i + 1] - 1.
    columns
        uint32: j of each pair, ascending along a row.
    forward, backward
        float32: the weight of j in the list of i, and of i in the list of j; 0 if not listed.
    """

    starts: Int64Array
    columns: UInt32Array
    forward: Float32Array
    backward: Float32Array


def symmetric_pairs(indices: Int32Array, weights: Float32Array, *, progress: Progress = no_progress) -> SymmetricPairs:
    """Each pair of items in a graph of n items with k neighbors, whichever of the two lists the other.

    Adding a sparse matrix of scipy to its transpose finds the same pairs, but takes a second without progress.

    Parameters
    ----------
    indices
        int32, shape (n, k): neighbors of each item, none twice in a list.
    weights
        float32, shape (n, k): weight of each neighbor.
    progress
        Called with stage ``affinities``.

    Examples
    --------
    >>> pairs = symmetric_pairs(np.array([[1], [2], [1]], np.int32), np.array([[5], [6], [7]], np.float32))
    >>> pairs.starts.tolist(), pairs.columns.tolist()
    ([0, 1, 3, 4], [1, 0, 2, 1])
    >>> pairs.forward.tolist(), pairs.backward.tolist()
    ([5.0, 0.0, 6.0, 7.0], [0.0, 5.0, 7.0, 6.0])
    """
    n, k = indices.shape
    starts = np.arange(n + 1, dtype=np.int64) * k
    turned_starts = _starts(np.bincount(indices.ravel(), minlength=n))
    progress("affinities", 0, 0)
    given = _Lists(starts, indices.ravel().astype(np.uint32), weights.ravel())
    incoming = _turned(given, turned_starts)
    progress("affinities", 0, 0)
    outgoing = _turned(incoming, starts)  # a list that was transposed twice is sorted by column
    progress("affinities", 0, 0)
    sizes = np.empty(n, np.int64)
    with one_at_a_time:
        _union_sizes(outgoing, incoming, sizes)
    progress("affinities", 0, 0)
    starts = _starts(sizes)
    size = starts[-1]
    pairs = SymmetricPairs(starts, np.empty(size, np.uint32), np.empty(size, np.float32), np.empty(size, np.float32))
    with one_at_a_time:
        _unite(outgoing, incoming, pairs)
    return pairs


def _starts(sizes: Int64Array) -> Int64Array:
    return np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])


def _turned(lists: _Lists, starts: Int64Array) -> _Lists:
    """The transpose of the lists, with ascending columns along a row; `starts` says where its rows start."""
    turned = _Lists(starts, np.empty_like(lists.columns), np.empty_like(lists.weights))
    with one_at_a_time:
        _turn(lists, turned)
    return turned


@kernel
def _turn(lists: _Lists, out: _Lists) -> None:
    starts, columns, weights = lists
    out_starts, out_columns, out_weights = out
    n = len(starts) - 1
    for part in prange(PARTS):
        low, high = n * part // PARTS, n * (part + 1) // PARTS
        places = out_starts[low:high].copy()
        for i in range(n):
            for entry in range(starts[i], starts[i + 1]):
                column = np.int64(columns[entry])
                if low <= column < high:
                    place = places[column - low]
                    places[column - low] += 1
                    out_columns[place] = i
                    out_weights[place] = weights[entry]


@kernel
def _union_sizes(one: _Lists, other: _Lists, out: Int64Array) -> None:
    starts, columns, _ = one
    other_starts, other_columns, _ = other
    n = len(out)
    for block in prange((n + BLOCK - 1) // BLOCK):
        for i in range(block * BLOCK, min(n, (block + 1) * BLOCK)):
            a, b, size = starts[i], other_starts[i], 0
            end, other_end = starts[i + 1], other_starts[i + 1]
            while a < end and b < other_end:
                column, other_column = columns[a], other_columns[b]
                a += column <= other_column
                b += other_column <= column
                size += 1
            out[i] = size + end - a + other_end - b


@kernel
def _unite(one: _Lists, other: _Lists, out: SymmetricPairs) -> None:
    starts, columns, weights = one
    other_starts, other_columns, other_weights = other
    out_starts, out_columns, forward, backward = out
    n = len(out_starts) - 1
    for block in prange((n + BLOCK - 1) // BLOCK):
        for i in range(block * BLOCK, min(n, (block + 1) * BLOCK)):
            a, b = starts[i], other_starts[i]
            end, other_end = starts[i + 1], other_starts[i + 1]
            for place in range(out_starts[i], out_starts[i + 1]):
                is_listed = a < end and (b == other_end or columns[a] <= other_columns[b])
                lists_it = b < other_end and (a == end or other_columns[b] <= columns[a])
                out_columns[place] = columns[a] if is_listed else other_columns[b]
                forward[place] = weights[a] if is_listed else 0
                backward[place] = other_weights[b] if lists_it else 0
                a += is_listed
                b += lists_it
