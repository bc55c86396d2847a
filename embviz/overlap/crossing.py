"""How many of an item's nearest neighbors are of another class, when those of two classes are looked up apart."""

import math
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from embviz.arrays import Float32Array, Float64Array, Int64Array
from embviz.neighbors import nearest_rows
from embviz.progress import Progress


class ClassDistances(NamedTuple):
    """How far the k nearest items of one class are, one line per query.

    Attributes
    ----------
    distances
        float32, shape (q, k), never decreasing; infinity where the class has fewer items to choose from.
    further
        int64, shape (q,): how many more of the class are as far as the last one.
    """

    distances: Float32Array
    further: Int64Array

    def at(self, rows: Int64Array) -> "ClassDistances":
        """Those lines only."""
        return ClassDistances(self.distances[rows], self.further[rows])


def class_distances(
    vectors: Float32Array, k: int, *, among: Int64Array, of: Int64Array, is_own: bool, progress: Progress
) -> ClassDistances:
    """How far the k nearest of a class are from some rows.

    Parameters
    ----------
    vectors, among, of, progress
        See `nearest_rows`; `among` are the rows of the class.
    k
        How many are wanted, >= 1.
    is_own
        Whether `of` are rows of the class, each of which then has one less to choose from.
    """
    found = ClassDistances(np.full((len(of), k), np.inf, np.float32), np.zeros(len(of), np.int64))
    width = min(k, len(among) - is_own)
    if width >= 1 and len(of):
        nearest = nearest_rows(vectors, width, among=among, of=of, progress=progress)
        found.distances[:, :width] = nearest.distances
        found.further[:] = nearest.further
    return found


def crossing_shares(own: ClassDistances, other: ClassDistances) -> Float64Array:
    """How many of each item's k nearest are of the other class, 0..k, when only the two classes are there.

    Where more items are equally far than there is room for, each counts by its share of the room: the mean
    over every choice among them. So the order of the items, by which one would have to choose, does not matter.

    Parameters
    ----------
    own, other
        Of the same items, to either class, which have at least k others together.

    Examples
    --------
    >>> near = ClassDistances(np.array([[1, 2]], np.float32), np.array([0]))
    >>> far = ClassDistances(np.array([[2, 3]], np.float32), np.array([0]))
    >>> crossing_shares(near, far).tolist()  # one is nearer; two of both classes compete for the second place
    [0.5]
    """
    k = own.distances.shape[1]
    farthest = np.partition(np.hstack([own.distances, other.distances]), k - 1, axis=1)[:, k - 1 : k]
    (own_nearer, own_level), (nearer, level) = (_nearer_and_level(each, farthest) for each in (own, other))
    free = k - own_nearer - nearer
    return np.asarray(nearer + free * level / (own_level + level), np.float64)


def _nearer_and_level(found: ClassDistances, farthest: Float32Array) -> tuple[Int64Array, Int64Array]:
    """How many rows of a class are nearer than so far, and how many are just as far."""
    level = (found.distances == farthest).sum(axis=1)
    level += np.where(found.distances[:, -1:] == farthest, found.further[:, None], 0)[:, 0]
    return (found.distances < farthest).sum(axis=1), level


def total(shares: Iterable[float]) -> float:
    """The sum, rounded once: the same in whatever order the shares come.

    Examples
    --------
    >>> total([1, 0.1, 0.2, 0.3]) == total([0.3, 0.2, 0.1, 1])
    True
    """
    return math.fsum(shares)
