"""Groups in the label check: labels are checked by items of other groups, if a class has more than one group."""

import numpy as np

from embviz.arrays import Int32Array, Int64Array
from embviz.neighbors import NeighborGraph
from embviz.overlap.groups import numbered

NOBODY = -1
"""Row that stands for a missing neighbor."""


def usable_groups(groups: Int64Array, codes: Int64Array) -> Int64Array:
    """The groups, numbered from 0; items of a class that is all in one group become groups of their own.

    Otherwise such an item could be compared with no other item of its class, and all labels of the class would look
    wrong.

    Parameters
    ----------
    groups, codes
        int64, shape (n,): group and class of each item, numbered from 0.

    Examples
    --------
    >>> usable_groups(np.array([0, 0, 1, 2, 2]), np.array([0, 0, 0, 1, 1])).tolist()
    [0, 0, 1, 2, 3]
    """
    pairs = np.unique(codes * (int(groups.max()) + 1) + groups)
    n_groups = np.bincount(pairs // (int(groups.max()) + 1), minlength=int(codes.max()) + 1)
    is_alone = n_groups[codes] == 1
    usable = groups.copy()
    usable[is_alone] = int(groups.max()) + 1 + np.arange(is_alone.sum())
    return numbered(usable)


def neighbors_elsewhere(graph: NeighborGraph, groups: Int64Array, k: int) -> Int32Array:
    """The k nearest items of other groups among the neighbors in the graph; `NOBODY` if there are fewer.

    Examples
    --------
    >>> graph = NeighborGraph(np.array([[1, 2], [0, 2], [1, 0]], np.int32), np.ones((3, 2), np.float32), "euclidean")
    >>> neighbors_elsewhere(graph, np.array([0, 0, 1]), 2).tolist()
    [[2, -1], [2, -1], [1, 0]]
    """
    is_own = groups[graph.indices] == groups[:, None]
    order = np.argsort(is_own, axis=1, kind="stable")[:, :k]
    found = np.take_along_axis(graph.indices, order, axis=1)
    found[np.take_along_axis(is_own, order, axis=1)] = NOBODY
    missing = k - found.shape[1]
    return np.pad(found, ((0, 0), (0, missing)), constant_values=NOBODY) if missing > 0 else found


def folds_of(groups: Int64Array, codes: Int64Array, n_folds: int, seed: int = 0) -> Int64Array:
    """The fold of each item, such that no group is split; fewer folds if there are fewer groups.

    Groups are dealt out by turns, in order of their most frequent class, so that every fold has items of every class
    that has enough groups.

    Examples
    --------
    >>> folds = folds_of(np.array([0, 0, 1, 2, 3]), np.array([0, 0, 0, 1, 1]), 2)
    >>> bool(folds[0] == folds[1] != folds[2]), bool(folds[3] != folds[4])
    (True, True)
    """
    n_groups, n_classes = int(groups.max()) + 1, int(codes.max()) + 1
    pairs, counts = np.unique(groups * n_classes + codes, return_counts=True)
    by_count = np.lexsort((-(pairs % n_classes), counts, pairs // n_classes))
    frequent = np.zeros(n_groups, np.int64)
    frequent[pairs[by_count] // n_classes] = pairs[by_count] % n_classes  # the last of a group has the largest count
    draws = np.random.default_rng(seed).random(n_groups)
    order = np.lexsort((draws, frequent))
    fold = np.empty(n_groups, np.int64)
    fold[order] = np.arange(n_groups) % n_folds
    return fold[groups]
