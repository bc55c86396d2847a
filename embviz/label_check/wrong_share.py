"""The `WrongShare`: an estimate of the largest share of wrong labels, from nearest neighbors that differ in label."""

from dataclasses import dataclass

import numpy as np

from embviz.arrays import BoolArray, Float64Array, Int32Array, Int64Array
from embviz.label_check.together import NOBODY
from embviz.overlap.intervals import Interval, Spread, interval_of, quantile_of


@dataclass(frozen=True, slots=True)
class WrongShare:
    """The share of labels that contradict what items look like: wrong labels, and items that look like another class.

    It estimates the largest possible share of wrong labels, not their share: an item can be nearest to another class
    although its label is right. In features that separate the classes well, the two are close.

    With D the share of items whose nearest neighbor has another label, and C classes, it is
    (C - 1) / C · (1 - √(1 - D · C / (C - 1))): the lower bound of Cover and Hart (1967) for the error that no
    classifier can avoid. Wrong labels are part of that error. If a share ρ of labels is replaced by other ones at
    random, the estimate ε becomes ε + ρ (1 - ε · C / (C - 1)), as it must (Renggli et al., 2021).

    Attributes
    ----------
    share
        The estimate, 0 .. (C - 1) / C.
    disagreement
        The share D, 0..1.
    n
        Number of items that have a neighbor to compare with.
    standard_error
        Standard error of the share, by the jackknife that leaves out one item, or one group, at a time; None if it is
        not known.
    n_units
        Number of items, or groups, that were left out in turn.
    group
        Name of a group; empty if each item is a group of its own.
    """

    share: float
    disagreement: float
    n: int
    standard_error: float | None
    n_units: int
    group: str = ""

    @property
    def interval(self) -> Interval | None:
        """95 % confidence interval of the share; None if it is not known."""
        if self.standard_error is None:
            return None
        units = self.n_units if self.group else self.n
        spread = Spread(self.standard_error, None, self.n_units, quantile_of(self.n_units), self.group)
        return interval_of(self.share, self.standard_error, 1.0, spread, units)


def wrong_share(
    neighbors: Int32Array, codes: Int64Array, groups: Int64Array, n_classes: int, group: str = ""
) -> WrongShare:
    """The share of labels that contradict what the items look like, from each item's nearest neighbor.

    Parameters
    ----------
    neighbors
        int32, shape (n, k): the nearest items of other groups, as from `neighbors_elsewhere`. The larger k, the fewer
        items have no neighbor left when a group is left out.
    codes, groups
        int64, shape (n,): class and group of each item, numbered from 0.
    n_classes
        Number of classes, >= 2.
    group
        Name of a group; empty if every item is a group of its own.

    Examples
    --------
    One of six items has a nearest neighbor with another label: D = 1/6, and (1 - √(1 - 2/6)) / 2 = 0.0918.

    >>> nearest = np.array([[1, 2], [0, 2], [1, 0], [4, 5], [3, 5], [2, 4]], np.int32)
    >>> labels = np.array([0, 0, 0, 1, 1, 1])
    >>> found = wrong_share(nearest, labels, np.arange(6), 2)
    >>> round(found.share, 4), found.n, round(found.disagreement, 4)
    (0.0918, 6, 0.1667)
    """
    differs = codes[neighbors] != codes[:, None]
    is_there = neighbors != NOBODY
    has_one = is_there[:, 0]
    n = int(has_one.sum())
    disagreement = float(differs[has_one, 0].mean()) if n else 0.0
    n_units = int(groups.max()) + 1
    known = n_units > 1 and n > 0
    without = _disagreements_without(differs, neighbors, groups) if known else np.zeros(0)
    without = without[~np.isnan(without)]
    error = None
    if len(without) > 1:
        replicates = _error_of(without, n_classes)
        error = float(np.sqrt((len(without) - 1) / len(without) * ((replicates - replicates.mean()) ** 2).sum()))
    share = float(_error_of(np.array([disagreement]), n_classes)[0])
    return WrongShare(share, disagreement, n, error, max(n_units, 2), group)


def _error_of(disagreement: Float64Array, n_classes: int) -> Float64Array:
    chance = (n_classes - 1) / n_classes
    return np.asarray(chance * (1 - np.sqrt(np.maximum(1 - disagreement / chance, 0))), np.float64)


def _disagreements_without(differs: BoolArray, neighbors: Int32Array, groups: Int64Array) -> Float64Array:
    """The share D without each group in turn, shape (G,): NaN if no item is left.

    Only items whose nearest neighbor is in the group change: the first of their neighbors in another group replaces it.
    """
    n_groups = int(groups.max()) + 1
    is_there = neighbors != NOBODY
    has_one = is_there[:, 0]
    first = np.where(has_one, groups[neighbors[:, 0]], -1)
    next_one = is_there & (groups[neighbors] != first[:, None])
    has_next = next_one.any(axis=1)
    place = next_one.argmax(axis=1)
    then = np.take_along_axis(differs, place[:, None], axis=1)[:, 0]
    total, count = float(differs[has_one, 0].sum()), float(has_one.sum())
    own_total = np.bincount(groups[has_one], differs[has_one, 0], n_groups)
    own_count = np.bincount(groups[has_one], minlength=n_groups)
    lost_total = np.bincount(first[has_one], differs[has_one, 0], n_groups)
    lost_count = np.bincount(first[has_one], minlength=n_groups)
    is_kept = has_one & has_next
    new_total = np.bincount(first[is_kept], then[is_kept], n_groups)
    new_count = np.bincount(first[is_kept], minlength=n_groups)
    left_total, left_count = total - own_total - lost_total + new_total, count - own_count - lost_count + new_count
    return np.asarray(
        np.divide(left_total, left_count, out=np.full(n_groups, np.nan), where=left_count > 0), np.float64
    )
