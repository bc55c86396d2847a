"""The measures N2 and local set cardinality of two classes, by distances within and between classes."""

from typing import NamedTuple

import numpy as np

from embviz.arrays import BoolArray, Float64Array, Int64Array
from embviz.progress import Progress

BLOCK = 2**20
"""Number of entries of the table of distances that are computed at once."""

ROUNDING = 1e-12
"""Squared distances below this share of the largest squared length count as rounding errors of 0."""


class LocalMeasures(NamedTuple):
    """N2 and local set cardinality of two classes, with all items and without each group.

    Attributes
    ----------
    n2, local_sets
        The two measures.
    n2_without, local_sets_without
        float64, shape (G,): the measures without each group; NaN if a class has a single item left, empty if no group
        is left out.
    """

    n2: float
    local_sets: float
    n2_without: Float64Array
    local_sets_without: Float64Array


def local_measures(
    points: Float64Array, is_second: BoolArray, groups: Int64Array, *, is_repeated: bool, progress: Progress
) -> LocalMeasures:
    """N2 and local set cardinality of two classes (Ho and Basu, 2002; Leyva et al., 2015; Lorena et al., 2019).

    N2 is r / (1 + r), where r is the sum of the items' distances to the nearest item of their own class, divided by the
    sum of their distances to the nearest item of the other class: near 0 for classes far apart, 1/2 for mixed classes,
    and 1/2 if all items are equal. It is not the mean of the ratios of single items, as in the R package ECoL.

    The local set of an item is the item itself and the items of its class that are nearer than any of the other class.
    The cardinality is 1 - sum of their sizes / n²: 1/2 for equally large classes that are apart, at most 1.

    Parameters
    ----------
    points
        float64, shape (n, d): items of two classes, centered. Each class has at least two.
    is_second, groups
        bool and int64, shape (n,): class and group, 0 .. G - 1, of each item.
    is_repeated
        Whether each group is left out in turn. If so, each class must have an item left whichever group is left out.
    progress
        Called with stage ``local sets``.

    Examples
    --------
    >>> line = np.array([[0.0], [1.0], [3.0], [4.0]])
    >>> found = local_measures(line, np.array([False, False, True, True]), np.arange(4), is_repeated=False,
    ...     progress=lambda *_: None)
    >>> found.n2, found.local_sets  # r = (1 + 1 + 1 + 1) / (3 + 2 + 2 + 3); local sets hold both items each
    (0.2857142857142857, 0.5)
    """
    n, n_groups = len(points), int(groups.max()) + 1
    squares = np.einsum("ij,ij->i", points, points)
    least = ROUNDING * float(squares.max())
    own, other = np.empty((2, n)), np.empty((2, n))  # row 0: nearest item; row 1: nearest outside its group
    own_group, other_group = np.empty((2, n), np.int64)
    sizes, with_group, instead = np.empty((3, n), np.int64)
    listed, listed_by_own = np.zeros(n_groups), np.zeros(n_groups)
    step = max(1, BLOCK // n)
    for start in range(0, n, step):
        progress("local sets", start, n)
        rows = np.arange(start, min(start + step, n))
        table = squares[rows, None] + squares - 2 * points[rows] @ points.T
        table[table < least] = 0
        is_own = is_second[rows, None] == is_second
        to_own, to_other = np.where(is_own, table, np.inf), np.where(is_own, np.inf, table)
        to_own[np.arange(len(rows)), rows] = np.inf
        for distances, found, group in ((to_own, own, own_group), (to_other, other, other_group)):
            nearest = distances.argmin(axis=1)
            found[0, rows], group[rows] = distances[np.arange(len(rows)), nearest], groups[nearest]
            found[1, rows] = np.where(groups == groups[nearest, None], np.inf, distances).min(axis=1)
        to_own[np.arange(len(rows)), rows] = 0
        is_listed = to_own < other[0, rows, None] - least
        sizes[rows] = is_listed.sum(axis=1)
        if not is_repeated:
            continue
        of_enemy = groups == other_group[rows, None]
        with_group[rows] = (is_listed & of_enemy).sum(axis=1)
        instead[rows] = ((to_own < other[1, rows, None] - least) & ~of_enemy).sum(axis=1)
        listed += np.bincount(groups, is_listed.sum(axis=0), n_groups)
        listed_by_own += np.bincount(groups[rows], (is_listed & (groups == groups[rows, None])).sum(axis=1), n_groups)
    progress("local sets", n, n)
    own, other = np.sqrt(own), np.sqrt(other)
    n2, local_sets = _n2(own[0].sum(), other[0].sum()), 1 - sizes.sum() / n**2
    if not is_repeated:
        return LocalMeasures(float(n2), float(local_sets), np.empty(0), np.empty(0))
    n_left = n - np.bincount(groups)
    own_sums, other_sums = (
        _sums_without(found, group, groups) for found, group in ((own, own_group), (other, other_group))
    )
    gone = np.bincount(groups, sizes) + listed - listed_by_own
    is_changed = other_group != groups
    grown = np.bincount(other_group[is_changed], (instead - sizes + with_group)[is_changed], n_groups)
    local_without = 1 - (sizes.sum() - gone + grown) / n_left**2
    return LocalMeasures(float(n2), float(local_sets), _n2(own_sums, other_sums), local_without)


def _sums_without(found: Float64Array, nearest_group: Int64Array, groups: Int64Array) -> Float64Array:
    """Sum of the nearest distances without each group, whose items are left out and replaced as nearest items."""
    n_groups = int(groups.max()) + 1
    is_changed = (nearest_group != groups) & (found[1] != found[0])
    total = found[0].sum() - np.bincount(groups, found[0], n_groups)
    further = found[1, is_changed] - found[0, is_changed]
    return np.asarray(total + np.bincount(nearest_group[is_changed], further, n_groups), np.float64)


def _n2(own: Float64Array, other: Float64Array) -> Float64Array:
    """The measure r / (1 + r) of two sums: 1/2 if both are 0, NaN if an item has no other item of its class."""
    with np.errstate(invalid="ignore"):
        both = own + other
        share = np.divide(own, both, out=np.full_like(np.asarray(both), 0.5), where=both != 0)
    return np.asarray(share)
