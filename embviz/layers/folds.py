"""Folds for cross-validation that never split a group, and do not depend on the order of the items."""

import numpy as np

from embviz.arrays import BoolArray, Int64Array
from embviz.items.mixed import mixed

FOLDS = 5
"""Number of folds; fewer where a class has fewer groups."""


def folds_of(ids: Int64Array, is_second: BoolArray, groups: Int64Array) -> tuple[Int64Array, str]:
    """Fold of each item of two classes, from 0, and an empty text; or an empty array and the reason for no folds.

    All items of a group are in one fold, and each fold gets about the same share of each class: the largest groups
    are dealt first, each to the fold where the squared shares of the classes grow least. Groups of one size are dealt
    in an order that follows from their items' ids, so that the order of the items and of the classes does not matter.

    Parameters
    ----------
    ids
        int64, shape (n,): ids of the items.
    is_second
        Whether each item is of the second class.
    groups
        int64, shape (n,): group of each item, 0 .. G - 1.

    Examples
    --------
    >>> ids, is_second = np.arange(6), np.array([False, False, False, True, True, True])
    >>> folds, reason = folds_of(ids, is_second, np.array([0, 0, 1, 2, 3, 3]))
    >>> bool(folds[0] == folds[1]), bool(folds[4] == folds[5]), sorted(set(folds.tolist())), reason
    (True, True, [0, 1], '')
    >>> folds_of(ids, is_second, np.array([0, 1, 2, 3, 3, 3]))[1]
    'one class has all its items in one group'
    """
    members = np.stack([np.bincount(groups[is_second == side], minlength=groups.max() + 1) for side in (False, True)])
    n_groups = (members > 0).sum(axis=1)
    if n_groups.min() < 2:
        is_single = members.sum(axis=1).min() == 1
        return np.empty(0, np.int64), f"one class has {'a single item' if is_single else 'all its items in one group'}"
    shares = members / members.sum(axis=1, keepdims=True)
    first_ids = np.full(members.shape[1], np.iinfo(np.int64).max)
    np.minimum.at(first_ids, groups, ids)
    order = np.lexsort((mixed(first_ids).view(np.int64), -members.sum(axis=0)))
    filled = np.zeros((min(FOLDS, int(n_groups.min())), 2))
    fold_of_group = np.empty(members.shape[1], np.int64)
    for group in order:
        growth = ((filled + shares[:, group]) ** 2 - filled**2).sum(axis=1)
        fold = int(np.round(growth, 12).argmin())
        fold_of_group[group] = fold
        filled[fold] += shares[:, group]
    folds = fold_of_group[groups]
    if (filled > 1 - 1e-9).any():
        return np.empty(0, np.int64), "one class has nearly all its items in one group"
    return folds, ""
