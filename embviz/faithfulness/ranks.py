"""Ranks of chosen items by distance from an item: exact, or for large sets estimated from a sample."""

from typing import NamedTuple

import numpy as np

from embviz.arrays import BoolArray, Float32Array, Float64Array, Int32Array, Int64Array
from embviz.neighbors.rows import twins_of
from embviz.progress import ROWS, Progress, blocks_of, no_progress
from embviz.projection.ready import make_ready

EXACT_UP_TO = 20_000
"""Largest number of items for which ranks are exact; for more, they are estimated from a sample."""

SAMPLE = 10_000
"""Number of items in the sample from which ranks are estimated."""

BLOCK_WORK, COUNTING = 2**32, 300
"""Number of values multiplied in a tenth of a second, and the cost of counting, in features."""

MOST_ROWS = 1024
"""Largest number of items whose ranks are counted at once."""

ROUNDING = 2.0**-24
"""Largest relative error of one float32 operation."""


class RankBounds(NamedTuple):
    """The ranks, from 1, that each listed item may have: one rank, or several if items are equally far.

    Attributes
    ----------
    nearer
        float64, shape (n, k): number of items nearer than the listed one.
    level
        float64, shape (n, k): number of items as far as the listed one, itself included; >= 1.
    """

    nearer: Float64Array
    level: Float64Array

    def beyond(self, k: int) -> Float64Array:
        """The excess of each rank over k, 0 if it has none; the mean over all orders of equally far items.

        Examples
        --------
        >>> RankBounds(np.array([[0.0, 2, 1]]), np.array([[1.0, 1, 3]])).beyond(2).tolist()  # ranks 1, 3, and 2 to 4
        [[0.0, 1.0, 1.0]]
        """
        first, last = (np.maximum(rank - k, 0) for rank in (self.nearer, self.nearer + self.level))
        above: Float64Array = (last * (last + 1) - first * (first + 1)) / (2 * self.level)
        return above


def rank_bounds(
    vectors: Float32Array,
    lists: Int32Array,
    *,
    exact_up_to: int = EXACT_UP_TO,
    sample: int = SAMPLE,
    progress: Progress = no_progress,
) -> RankBounds:
    """The ranks, by distance from each item, of the items in its list; the item itself is not counted.

    Products of vectors compare all pairs fast but with an error. Only comparisons that the error bound leaves open are
    made again, from differences in float64, so that ranks are exact and equal items tie.

    Parameters
    ----------
    vectors
        float32, shape (n, d), as `checked_vectors` returns them.
    lists
        int32, shape (n, k): for each item, the other items whose rank is wanted.
    exact_up_to, sample
        With more items than `exact_up_to`, counts are made among `sample` items, drawn with a fixed seed, and scaled
        up: the rank is then an unbiased estimate.
    progress
        Called with stages ``duplicates`` and ``ranks``.

    Examples
    --------
    >>> line = np.array([[0], [1], [3], [3]], np.float32)
    >>> found = rank_bounds(line, np.array([[1], [2], [1], [2]], np.int32))
    >>> found.nearer.tolist(), found.level.tolist()
    ([[0.0], [1.0], [1.0], [0.0]], [[1.0], [2.0], [1.0], [1.0]])
    """
    make_ready("ranks", 2, progress)
    from embviz.projection.kernels.compiled import one_at_a_time
    from embviz.projection.kernels.ranks import Counts, Ranked, count, measure

    n = len(vectors)
    read_only = vectors.view()
    read_only.flags.writeable = False
    centered, squares = _centered(vectors, progress)
    limits = np.empty(lists.shape)
    for part in blocks_of("ranks", n, ROWS, progress):
        with one_at_a_time:
            measure(read_only, lists, part.start, part.stop, limits)
    # The error of 2 x.y is at most 2 d |x| |y| roundings (Higham, 2002, section 3.1), half of d (|x| + |y|)^2; that of
    # a few additions, and of centering, is counted generously.
    slack, lengths = np.float32((centered.shape[1] / 2 + 24) * ROUNDING), np.sqrt(squares)
    twins = twins_of(vectors, progress=progress).vector_of
    ranked = Ranked(read_only, twins, squares.astype(np.float32), lengths.astype(np.float32), slack, lists, limits)
    counts = Counts(np.zeros(lists.shape, np.int64), np.zeros(lists.shape, np.int64))
    is_exact = n <= exact_up_to
    among = np.arange(n) if is_exact else np.sort(np.random.default_rng(0).choice(n, sample, replace=False))
    others = centered if is_exact else centered[among]
    step = min(MOST_ROWS, max(1, BLOCK_WORK // (len(among) * (centered.shape[1] + COUNTING))))
    for part in blocks_of("ranks", n, step, progress):
        rows = np.arange(part.start, part.stop)
        columns = among[part.start if is_exact else 0 :]  # if exact, each pair is multiplied once
        products = centered[part] @ others[-len(columns) :].T
        with one_at_a_time:
            count(ranked, products, rows, columns, _place(columns, n), counts)
            if is_exact and len(columns) > len(rows):
                beyond = np.ascontiguousarray(products[:, len(rows) :].T)
                count(ranked, beyond, columns[len(rows) :], rows, _place(rows, n), counts)
    if is_exact:
        return RankBounds(counts.nearer.astype(np.float64), counts.level.astype(np.float64))
    return _scaled(counts.nearer, counts.level, np.isin(np.arange(n), among), lists)


def _centered(vectors: Float32Array, progress: Progress) -> tuple[Float32Array, Float64Array]:
    """The centered vectors, without features that are constant over all items, and their squared lengths."""
    low, high, sums = vectors[0].copy(), vectors[0].copy(), np.zeros(vectors.shape[1])
    for rows in blocks_of("ranks", len(vectors), ROWS, progress):
        np.minimum(low, vectors[rows].min(axis=0), out=low)
        np.maximum(high, vectors[rows].max(axis=0), out=high)
        sums += vectors[rows].sum(axis=0, dtype=np.float64)
    varying = np.flatnonzero(low < high)
    center = sums[varying] / len(vectors)
    centered, squares = np.empty((len(vectors), len(varying)), np.float32), np.empty(len(vectors))
    for rows in blocks_of("ranks", len(vectors), ROWS, progress):
        np.subtract(vectors[rows][:, varying], center, out=centered[rows], casting="same_kind")
        squares[rows] = np.einsum("ij,ij->i", centered[rows], centered[rows], dtype=np.float64)
    return centered, squares


def _place(columns: Int64Array, n: int) -> Int64Array:
    place = np.full(n, -1)
    place[columns] = np.arange(len(columns))
    return place


def _scaled(nearer: Int64Array, level: Int64Array, is_drawn: BoolArray, lists: Int32Array) -> RankBounds:
    """Counts among the drawn items, scaled up to all items."""
    own, other = is_drawn[:, None], is_drawn[lists]
    share = (is_drawn.sum() - own - other.astype(np.int64)) / (len(is_drawn) - 2)
    return RankBounds(nearer / share, 1 + (level - other) / share)
