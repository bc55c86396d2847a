"""The nearest neighbors of one item, at once and without an index."""

from dataclasses import dataclass

import numpy as np

from embviz.arrays import Float32Array, Int64Array
from embviz.errors import SpecError
from embviz.neighbors.distances import distance_from_squared, measured_vectors, squared_distances

CLOSE = 1e-3
"""More than cosines computed in float32 are off by: some 6e-8 for each of a few thousand values."""
SHORTEST = 1e-12
"""Squared length below which float32 is too coarse to tell a direction by."""


@dataclass(frozen=True, eq=False, slots=True)
class Neighborhood:
    """The nearest neighbors of one item.

    Attributes
    ----------
    row
        The item.
    rows, distances
        int64 and float32, shape (k,), as `nearest_items` has them: nearest first.
    metric
        ``euclidean`` or ``cosine``.
    """

    row: int
    rows: Int64Array
    distances: Float32Array
    metric: str

    def __len__(self) -> int:
        return len(self.rows)


def nearest_items(
    vectors: Float32Array, row: int, k: int, metric: str = "euclidean"
) -> tuple[Int64Array, Float32Array]:
    """The `k` rows nearest to one row, exactly.

    For one item a person looks at: one pass over the vectors, 5 ms for 10,000 × 784. For all items
    see `neighbor_graph`, which orders in the same way.

    Parameters
    ----------
    vectors
        float32, shape (n, d).
    row
        The item, 0 .. n - 1.
    k
        1 .. n - 1.
    metric
        ``euclidean`` or ``cosine``.

    Returns
    -------
    rows, distances
        int64 and float32, shape (k,), ordered by (distance, row), never `row` itself.

    Raises
    ------
    SpecError
        If there are fewer than k other items, or the metric is cosine and a vector is zero.

    Examples
    --------
    >>> vectors = np.array([[2, 0], [9, 0], [2, 1]], np.float32)
    >>> [part.tolist() for part in nearest_items(vectors, 0, 1)]
    [[2], [1.0]]
    >>> [part.tolist() for part in nearest_items(vectors, 0, 1, "cosine")]
    [[1], [0.0]]
    """
    n = len(vectors)
    if not 1 <= k < n:
        raise SpecError(f"k must be in 1..{n - 1}, the number of other items, got {k}")
    rows = np.arange(n) if metric == "euclidean" else _similar_rows(vectors, row, k, metric)
    candidates = measured_vectors(vectors if len(rows) == n else vectors[rows], metric)
    at = int(np.searchsorted(rows, row))
    squared = squared_distances(candidates[at : at + 1], candidates, np.arange(len(rows))[np.newaxis])[0]
    distances = distance_from_squared(squared, metric)
    distances[at] = np.inf
    near = np.flatnonzero(distances <= np.partition(distances, k - 1)[k - 1])
    nearest = near[np.lexsort((near, distances[near]))[:k]]
    return rows[nearest], distances[nearest]


def _similar_rows(vectors: Float32Array, row: int, k: int, metric: str) -> Int64Array:
    """Ascending rows among which are `row` and its k nearest: unit vectors of all would take ten times as long."""
    squared_lengths: Float32Array = np.einsum("ij,ij->i", vectors, vectors)
    if not squared_lengths.min() > SHORTEST:
        return np.arange(len(vectors))
    lengths = np.sqrt(squared_lengths)
    similarity: Float32Array = vectors @ vectors[row] / (lengths * lengths[row])
    similarity[row] = np.inf
    least = np.partition(similarity, len(vectors) - 1 - k)[len(vectors) - 1 - k]
    return np.flatnonzero(similarity >= least - CLOSE)
