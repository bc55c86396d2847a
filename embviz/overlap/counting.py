"""Numbers of the k nearest neighbors that are of the other class, with all items and without each group of items."""

import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from embviz.arrays import BoolArray, Float32Array, Float64Array, Int64Array

BLOCK = 2**20
"""Number of entries of neighbor lists that are counted together, in less than a tenth of a second."""


class Counts(NamedTuple):
    """For each neighbor list, how many of the k nearest are of the other class, and how that changes without a group.

    Attributes
    ----------
    shares
        float64, shape (q,): number of the k nearest of each list that are of the other class, 0..k; fractions for ties.
    lines, left_out, changes
        int64, int64 and float64, shape (m,): a list, a group, and the change of the list's share without the items of
        the group. Groups that change nothing may be missing.
    """

    shares: Float64Array
    lines: Int64Array
    left_out: Int64Array
    changes: Float64Array


def counts_in_lists(
    distances: Float32Array,
    crosses: BoolArray,
    is_allowed: BoolArray,
    groups_listed: Int64Array,
    own_groups: Int64Array,
    k: int,
    is_repeated: BoolArray,
) -> Counts:
    """How many of the k nearest of each list are of the other class, and how that changes without each group in it.

    Of m items that tie for the last j of the k places, each counts as j / m.

    Parameters
    ----------
    distances, crosses, is_allowed, groups_listed
        Shape (q, w): the distance of each entry, never decreasing in a list, whether it is of the other class, whether
        it counts at all, and its group.
    own_groups
        Shape (q,): the group of the item whose neighbors are listed. This group is not left out, because the item would
        be gone, too.
    k
        Number of neighbors to count. Each list must have k entries that are allowed, and a list that `is_repeated` must
        still have k if any one group is left out.
    is_repeated
        Shape (q,): whether groups are left out of each list in turn.

    Examples
    --------
    Three neighbors in three groups, of which the second is of the other class.

    >>> one = np.ones((1, 3), bool)
    >>> found = counts_in_lists(np.array([[1, 2, 3]], np.float32), np.array([[False, True, False]]), one,
    ...     np.array([[4, 5, 6]]), np.array([0]), 1, np.array([True]))
    >>> found.shares.tolist(), found.left_out.tolist(), found.changes.tolist()
    ([0.0], [4], [1.0])
    """
    shares, nearer, level = _crossing(distances, crosses, is_allowed, k)
    is_wanted = (nearer | level) & (groups_listed != own_groups[:, None]) & is_repeated[:, None]
    lines, columns = np.nonzero(is_wanted)
    if not len(lines):
        return Counts(shares, lines, lines, np.empty(0))
    n_groups = int(groups_listed.max()) + 1
    keys, which = np.unique(lines * n_groups + groups_listed[lines, columns], return_inverse=True)
    line, group = keys // n_groups, keys % n_groups

    def gone(is_so: BoolArray) -> Float64Array:
        weights = is_so[lines, columns].astype(np.float64)
        return np.asarray(np.bincount(which, weights, len(keys)), np.float64)

    crossing, level_crossing = nearer & crosses, level & crosses
    nearer_left = nearer.sum(axis=1)[line] - gone(nearer)
    level_left = level.sum(axis=1)[line] - gone(level)
    # If at least k entries are left up to the k-th distance, that distance stays; else farther entries move up.
    is_enough = nearer_left + level_left >= k
    share = crossing.sum(axis=1)[line] - gone(crossing)
    share += (k - nearer_left) * (level_crossing.sum(axis=1)[line] - gone(level_crossing)) / np.maximum(level_left, 1)
    for part in parts(np.flatnonzero(~is_enough), distances.shape[1]):
        of = line[part]
        is_left = is_allowed[of] & (groups_listed[of] != group[part, None])
        share[part], _, _ = _crossing(distances[of], crosses[of], is_left, k)
    return Counts(shares, line, group, share - shares[line])


def _crossing(
    distances: Float32Array, crosses: BoolArray, is_left: BoolArray, k: int
) -> tuple[Float64Array, BoolArray, BoolArray]:
    """Of the entries left: how many of the k nearest cross, which are nearer than the k-th, and which as far."""
    kth = (np.cumsum(is_left, axis=1, dtype=np.int32) == k).argmax(axis=1)
    farthest = np.take_along_axis(distances, kth[:, None], axis=1)
    nearer, level = is_left & (distances < farthest), is_left & (distances == farthest)
    free = k - nearer.sum(axis=1)
    shares = (nearer & crosses).sum(axis=1) + free * (level & crosses).sum(axis=1) / level.sum(axis=1)
    return shares, nearer, level


def parts(values: Int64Array, width: int) -> Iterator[Int64Array]:
    """The values in consecutive parts; with a list of `width` entries for each value, a part has at most `BLOCK`.

    A part has one value at least.
    """
    step = max(1, BLOCK // width)
    return (values[start : start + step] for start in range(0, len(values), step))


def total(shares: Iterable[float]) -> float:
    """Sum of the shares, rounded only once, and so the same in every order of the shares.

    Examples
    --------
    >>> total([1, 0.1, 0.2, 0.3]) == total([0.3, 0.2, 0.1, 1])
    True
    """
    return math.fsum(shares)
