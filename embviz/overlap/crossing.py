"""How many of an item's nearest neighbors are of another class, from separate searches in each of two classes."""

import math
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from embviz.arrays import Float32Array, Float64Array, Int64Array
from embviz.neighbors import nearest_rows
from embviz.progress import Progress


class ClassDistances(NamedTuple):
    """Distances to the k nearest items of one class, one list per query.

    Attributes
    ----------
    distances
        float32, shape (q, k), never decreasing; infinity where the class has fewer items to choose from.
    further
        int64, shape (q,): how many more items of the class are as far as the last item of the list.
    """

    distances: Float32Array
    further: Int64Array

    def at(self, rows: Int64Array) -> "ClassDistances":
        """The lists of the queries at `rows` only."""
        return ClassDistances(self.distances[rows], self.further[rows])


def class_distances(
    vectors: Float32Array, k: int, *, among: Int64Array, of: Int64Array, is_own: bool, progress: Progress
) -> ClassDistances:
    """Distances from the rows `of` to their k nearest items of one class.

    Parameters
    ----------
    vectors, among, of, progress
        As in `nearest_rows`; `among` are the rows of the class.
    k
        Number of neighbors, >= 1.
    is_own
        Whether the rows `of` belong to the class; each then has one item less to choose from.
    """
    found = ClassDistances(np.full((len(of), k), np.inf, np.float32), np.zeros(len(of), np.int64))
    width = min(k, len(among) - is_own)
    if width >= 1 and len(of):
        nearest = nearest_rows(vectors, width, among=among, of=of, progress=progress)
        found.distances[:, :width] = nearest.distances
        found.further[:] = nearest.further
    return found


def crossing_shares(own: ClassDistances, other: ClassDistances) -> Float64Array:
    """How many of each item's k nearest neighbors are of the other class, 0..k; float64, shape (q,).

    Only items of the two classes count as neighbors. If some neighbors have to be chosen from equally far items, the
    result is the mean over all choices; so it does not depend on the order of the items.

    Parameters
    ----------
    own, other
        Distances from the same items to their own class and to the other one; together the classes must have at least
        k items besides each item itself.

    Examples
    --------
    >>> near = ClassDistances(np.array([[1, 2]], np.float32), np.array([0]))
    >>> far = ClassDistances(np.array([[2, 3]], np.float32), np.array([0]))
    >>> crossing_shares(near, far).tolist()  # second neighbor: one of each class at distance 2
    [0.5]
    """
    k = own.distances.shape[1]
    farthest = np.partition(np.hstack([own.distances, other.distances]), k - 1, axis=1)[:, k - 1 : k]
    (own_nearer, own_level), (nearer, level) = (_nearer_and_level(each, farthest) for each in (own, other))
    free = k - own_nearer - nearer
    return np.asarray(nearer + free * level / (own_level + level), np.float64)


def _nearer_and_level(found: ClassDistances, farthest: Float32Array) -> tuple[Int64Array, Int64Array]:
    """How many items of a class are nearer than `farthest`, and how many exactly so far, for each query."""
    level = (found.distances == farthest).sum(axis=1)
    level += np.where(found.distances[:, -1:] == farthest, found.further[:, None], 0)[:, 0]
    return (found.distances < farthest).sum(axis=1), level


def total(shares: Iterable[float]) -> float:
    """Sum of the shares, rounded once only, and so the same in every order of the shares.

    Examples
    --------
    >>> total([1, 0.1, 0.2, 0.3]) == total([0.3, 0.2, 0.1, 1])
    True
    """
    return math.fsum(shares)
