"""An order of the items of two classes that depends on their vectors only, and which of the items are equal."""

from typing import NamedTuple

import numpy as np

from embviz.arrays import BoolArray, Float32Array, Float64Array, Int64Array, row_codes

DIGITS = 9
"""Decimals to which distances from the mean, as shares of the largest, are compared."""


class OrderedPair(NamedTuple):
    """The items of two classes, ordered by distance from their common mean; equal items stand together.

    A rotation, a shift or another scale does not change the order, so that random draws that depend on it stay the
    same.

    Attributes
    ----------
    points
        float64, shape (u, d): each different vector, centered.
    vectors
        float32, shape (u, d): the same, as they were given.
    vector_of
        int64, shape (n,): the vector of each item, ascending.
    is_second
        bool, shape (n,): which items are of the second class.
    groups
        int64, shape (n,): the group of each item, numbered in order of appearance.
    """

    points: Float64Array
    vectors: Float32Array
    vector_of: Int64Array
    is_second: BoolArray
    groups: Int64Array


def ordered_pair(vectors: Float32Array, is_second: BoolArray, groups: Int64Array) -> OrderedPair:
    """The items of two classes in an order that depends on their vectors only.

    Parameters
    ----------
    vectors, is_second, groups
        The items, which of them are of the second class, and their groups.

    Examples
    --------
    >>> found = ordered_pair(np.array([[9], [4], [4]], np.float32), np.array([True, True, False]), np.array([7, 8, 9]))
    >>> found.vectors.ravel().tolist(), found.vector_of.tolist(), found.is_second.tolist(), found.groups.tolist()
    ([4.0, 9.0], [0, 0, 1], [False, True, True], [0, 1, 2])
    """
    codes = row_codes(vectors)
    _, first = np.unique(codes, return_index=True)
    points = vectors.astype(np.float64) - vectors.mean(axis=0, dtype=np.float64)
    different = points[first]
    far = np.sqrt(np.einsum("ij,ij->i", different, different))
    # Equally far items are ordered by a number that depends on all their values, so only equal vectors tie.
    weights = np.random.default_rng(0).normal(size=vectors.shape[1])
    place = np.lexsort((different @ weights, np.round(far / (far.max() or 1), DIGITS)))
    rank = np.empty_like(place)
    rank[place] = np.arange(len(place))
    vector_of = rank[codes]
    order = np.lexsort((is_second, vector_of))
    _, appears, numbers = np.unique(groups[order], return_index=True, return_inverse=True)
    names = np.empty_like(appears)
    names[np.argsort(appears)] = np.arange(len(appears))
    return OrderedPair(
        different[place], vectors[first][place], vector_of[order], is_second[order], names[numbers].astype(np.int64)
    )
