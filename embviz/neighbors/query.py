"""The nearest neighbors of one item, found within milliseconds and without an index."""

from dataclasses import dataclass

import numpy as np

from embviz.arrays import Float32Array, Int64Array
from embviz.errors import SpecError
from embviz.neighbors.distances import distance_from_squared, measured_vectors, squared_distances

CLOSE = 1e-3
"""Upper bound of the error of cosines in float32, about 6e-8 for each of a few thousand values of a vector."""
ROUNDED = 1e-4
"""Upper bound of the error of scores in float32, as a share of the vectors' lengths; the error is about 1e-7."""
SHORTEST = 1e-12
"""Squared length below which float32 is too coarse to give a vector's direction."""


@dataclass(frozen=True, eq=False, slots=True)
class Neighborhood:
    """The nearest neighbors of one item.

    Attributes
    ----------
    row
        Row of the item.
    rows, distances
        int64 and float32, shape (k,): rows of the neighbors and distances to them, nearest first.
    metric
        ``euclidean`` or ``cosine``.
    items
        Fingerprint of the items of the dataset that the rows belong to, `Dataset.items`.
    """

    row: int
    rows: Int64Array
    distances: Float32Array
    metric: str
    items: str

    def __len__(self) -> int:
        return len(self.rows)


def item_distance(vectors: Float32Array, row: int, other: int, metric: str = "euclidean") -> float:
    """The distance between two rows.

    Raises
    ------
    SpecError
        If the metric is unknown, or is cosine and one of the two vectors is zero.

    Examples
    --------
    >>> vectors = np.array([[3, 4], [0, 0], [0, 2]], np.float32)
    >>> item_distance(vectors, 0, 1), round(item_distance(vectors, 0, 2, "cosine"), 3)
    (5.0, 0.2)
    """
    two = measured_vectors(vectors[[row, other]], metric)
    squared = squared_distances(two[:1], two, np.array([[1]]))
    return float(distance_from_squared(squared[0], metric)[0])


def nearest_items(
    vectors: Float32Array, row: int, k: int, metric: str = "euclidean", scores: Float32Array | None = None
) -> tuple[Int64Array, Float32Array]:
    """The `k` rows nearest to one row, exactly.

    Meant for a single item on the page: it takes one pass over the vectors, 5 ms for 10,000 × 784, or over the scores.
    For all items use `neighbor_graph`, which lists neighbors in the same order.

    Parameters
    ----------
    vectors
        float32, shape (n, d).
    row
        Row of the item, 0 .. n - 1.
    k
        1 .. n - 1.
    metric
        ``euclidean`` or ``cosine``.
    scores
        float32, shape (n, m): coordinates of the rows along m orthogonal directions, such as their first principal
        components, centered or not. They save time and change no result: rows that are far apart along these
        directions are far apart. Not used if the metric is cosine.

    Returns
    -------
    rows, distances
        int64 and float32, shape (k,), ordered by (distance, row); `row` itself is not among them.

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
    if metric != "euclidean":
        rows = _similar_rows(vectors, row, k, metric)
    else:
        rows = np.arange(n) if scores is None else _near_rows(vectors, scores, row, k)
    candidates = measured_vectors(vectors if len(rows) == n else vectors[rows], metric)
    at = int(np.searchsorted(rows, row))
    squared = squared_distances(candidates[at : at + 1], candidates, np.arange(len(rows))[np.newaxis])[0]
    distances = distance_from_squared(squared, metric)
    distances[at] = np.inf
    near = np.flatnonzero(distances <= np.partition(distances, k - 1)[k - 1])
    nearest = near[np.lexsort((near, distances[near]))[:k]]
    return rows[nearest], distances[nearest]


def _near_rows(vectors: Float32Array, scores: Float32Array, row: int, k: int) -> Int64Array:
    """Ascending rows that include `row` and its k nearest, chosen by the distances of their scores.

    The distance between scores is never larger than that between the vectors.
    """
    least = squared_distances(scores[row : row + 1], scores, np.arange(len(scores))[np.newaxis])[0]
    least[row] = -1
    some = np.argpartition(least, k)[: k + 1]
    farthest = np.sqrt(squared_distances(vectors[row : row + 1], vectors, some[np.newaxis]).max())
    farthest += ROUNDED * (farthest + np.linalg.norm(vectors[row]))
    return np.flatnonzero(least <= farthest**2)


def _similar_rows(vectors: Float32Array, row: int, k: int, metric: str) -> Int64Array:
    """Ascending rows that include `row` and its k nearest, by cosines with an error of at most `CLOSE`.

    Computing unit vectors of all rows would take ten times as long.
    """
    squared_lengths: Float32Array = np.einsum("ij,ij->i", vectors, vectors)
    if not squared_lengths.min() > SHORTEST:
        return np.arange(len(vectors))
    lengths = np.sqrt(squared_lengths)
    similarity: Float32Array = vectors @ vectors[row] / (lengths * lengths[row])
    similarity[row] = np.inf
    least = np.partition(similarity, len(vectors) - 1 - k)[len(vectors) - 1 - k]
    return np.flatnonzero(similarity >= least - CLOSE)
