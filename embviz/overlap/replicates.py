"""Replicates of the overlap of two classes, each without the items of one group, for its standard error."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from embviz.arrays import BoolArray, Float32Array, Float64Array, Int64Array
from embviz.neighbors import nearest_rows
from embviz.overlap.classes import or_smaller_k
from embviz.overlap.counting import BLOCK, counts_in_lists, parts, total
from embviz.overlap.thinned import list_length, thinned_deviations, thinned_effects
from embviz.progress import Progress, no_progress


@dataclass(frozen=True, slots=True)
class Replicates:
    """The overlap of two classes with all their items, and without the items of each group in turn.

    Attributes
    ----------
    shares
        float64, shape (n,): number of the k nearest of each item that are of the other class, 0..k.
    rate, chance
        `Overlap.rate` and `Overlap.chance` of all items.
    rates, indices
        float64, shape (G,): rate and index without the items of each of the G groups; G is 0 if no group is left out.
    thinned
        `thinned_deviations` of the rate if each item is a group of its own; otherwise empty.
    """

    shares: Float64Array
    rate: float
    chance: float
    rates: Float64Array
    indices: Float64Array
    thinned: Float64Array

    @property
    def standard_errors(self) -> tuple[float, float]:
        """Standard errors of rate and index, by `thinned_deviations` of items or `jackknife_error` of groups."""
        if len(self.thinned):
            error = float(np.sqrt(np.sum(self.thinned**2)))
            return error, error / self.chance
        return jackknife_error(self.rates), jackknife_error(self.indices)


def overlap_replicates(
    vectors: Float32Array,
    is_second: BoolArray,
    groups: Int64Array,
    k: int,
    *,
    others_only: bool = False,
    votes: bool = False,
    is_repeated: bool = True,
    by_item: bool = True,
    progress: Progress = no_progress,
) -> Replicates:
    """The overlap of two classes with all their items, and without each group of items in turn.

    A group only affects items whose neighbor list holds one of its items, so each list is counted again once for each
    group in it. Items that tie for the last places of a list count as fractions, see `counts_in_lists`.

    Parameters
    ----------
    vectors
        float32, shape (n, d): the items of the two classes.
    is_second
        Whether each item is of the second class.
    groups
        int64, shape (n,): the group of each item, 0 .. G - 1, each with at least one item. With a group for each item
        this is the jackknife that leaves one item out.
    k
        Number of neighbors per item; each item must have as many others to choose from.
    others_only
        Whether an item's neighbors are searched among the items of other groups only.
    votes
        Whether each list counts as one vote: k if most of it is of the other class, k / 2 if half of it is, else 0.
    is_repeated
        Whether groups are left out at all. If so, whichever group is left out, each class must have an item left, and
        each item k others to choose from: see `why_no_replicates`.
    by_item
        Whether the sample is one of single items, if each item is a group of its own; False if it is a sample of groups
        that happen to have one item each.
    progress
        Called with the stages of `nearest_rows`.

    Examples
    --------
    Items at 0 and 1 are of one class, those at 3 and 4 of the other. Without the item at 0, the nearest neighbor of
    the item at 1 is of the other class; without the item at 4, that of the item at 3 is.

    >>> line = np.array([[0], [1], [3], [4]], np.float32)
    >>> found = overlap_replicates(line, np.array([False, False, True, True]), np.arange(4), 1)
    >>> found.rate, found.rates.tolist()
    (0.0, [0.5, 0.5, 0.5, 0.5])
    """
    n, sizes = len(groups), np.bincount(groups)
    n_gone = int(sizes.max()) if is_repeated else 0
    is_thinned = is_repeated and by_item and len(sizes) == n and not (others_only or votes)
    needed = list_length(k) if is_thinned else k + n_gone + (int(sizes.max()) if others_only else 0)
    width = min(n - 1, needed)
    shares = np.empty(n)
    changes, thinned = np.zeros((2, 2, len(sizes)))
    for rows, nearest, distances in _complete_lists(vectors, width, progress):
        groups_listed, sides = groups[nearest], is_second[rows].astype(np.intp)
        crosses = is_second[nearest] != is_second[rows, None]
        is_allowed = groups_listed != groups[rows, None] if others_only else np.ones(nearest.shape, np.bool_)
        if is_thinned:
            effects = thinned_effects(distances, crosses, is_allowed, k)
            np.add.at(thinned, (sides, groups[rows]), effects.expected)
            np.add.at(thinned, (sides[:, None], groups_listed), effects.changes)
        repeated = np.full(len(rows), is_repeated)
        found = counts_in_lists(distances, crosses, is_allowed, groups_listed, groups[rows], k, repeated)
        counted, changed = found.shares, found.changes
        if votes:
            counted = _votes(found.shares, k)
            changed = _votes(found.shares[found.lines] + found.changes, k) - counted[found.lines]
        shares[rows] = counted
        np.add.at(changes, (sides[found.lines], found.left_out), changed)
    members = _by_class_and_group(np.ones(n), is_second, groups)
    rate = sum(total(shares[is_second == side]) / (k * (is_second == side).sum()) for side in (False, True)) / 2
    chance = chance_among_others(members) if others_only else n / (2 * (n - 1))
    if not is_repeated:
        return Replicates(shares, float(rate), chance, np.empty(0), np.empty(0), np.empty(0))
    own = _by_class_and_group(shares, is_second, groups)
    rates, indices = rates_without(own.sum(axis=1), changes - own, members, k, others_only=others_only)
    deviations_of_items = thinned_deviations(thinned, members) if is_thinned else np.empty(0)
    return Replicates(shares, float(rate), chance, rates, indices, deviations_of_items)


def rates_without(
    sums: Float64Array, changes: Float64Array, members: Float64Array, k: int, *, others_only: bool
) -> tuple[Float64Array, Float64Array]:
    """The rate and the index of two classes without each of G groups in turn, each float64 of shape (G,).

    Parameters
    ----------
    sums
        Shape (2,): number of neighbors of the items of each class that are of the other class.
    changes
        Shape (2, G): change of that number without each group.
    members
        Shape (2, G): number of items of each class in each group.
    k, others_only
        As in `overlap_replicates`.
    """
    left = members.sum(axis=1, keepdims=True) - members
    rates: Float64Array = ((sums[:, None] + changes) / (k * left)).mean(axis=0)
    return rates, rates / _chances_without(members, others_only=others_only)


def jackknife_error(replicates: Float64Array) -> float:
    """The jackknife's standard error of an estimate, from replicates without one group each (Efron and Stein, 1981).

    The square root of (G - 1) / G times the sum of squared deviations of the G replicates from their mean. On average
    it is not too small, unlike that of a bootstrap, which fails for nearest neighbors (Abadie and Imbens, 2008).
    """
    return float(np.sqrt(np.sum(deviations(replicates) ** 2)))


def deviations(replicates: Float64Array) -> Float64Array:
    """Deviation of each replicate from their mean, scaled so that the squares sum to the jackknife's variance."""
    n_groups = len(replicates)
    scaled: Float64Array = np.sqrt((n_groups - 1) / n_groups) * (replicates - replicates.mean())
    return scaled


def _complete_lists(
    vectors: Float32Array, width: int, progress: Progress
) -> Iterator[tuple[Int64Array, Int64Array, Float32Array]]:
    """Rows, their `width` nearest rows and all others that are as far as the last one, and the distances to these."""
    n = len(vectors)
    every = np.arange(n)
    found = nearest_rows(vectors, width, among=every, of=every, progress=progress)
    for rows in parts(np.flatnonzero(found.further == 0), width):
        yield rows, found.indices[rows].astype(np.int64), found.distances[rows]
    tied = np.flatnonzero(found.further)
    tied = tied[np.argsort(found.further[tied], kind="stable")]
    while len(tied):
        first_width = width + int(found.further[tied[0]])
        rows = tied[: max(1, BLOCK // first_width)]
        rows = rows[found.further[rows] <= 2 * found.further[rows[0]]]
        wider = nearest_rows(vectors, width + int(found.further[rows[-1]]), among=every, of=rows, progress=progress)
        yield rows, wider.indices.astype(np.int64), wider.distances
        tied = tied[len(rows) :]


def _votes(crossing: Float64Array, k: int) -> Float64Array:
    votes: Float64Array = k * (1 + np.sign(np.round(2 * crossing - k, 9))) / 2
    return votes


def _by_class_and_group(values: Float64Array, is_second: BoolArray, groups: Int64Array) -> Float64Array:
    """Sum of the values over the items of each class and group, shape (2, G)."""
    n_groups = int(groups.max()) + 1
    return np.stack([np.bincount(groups, np.where(is_second == side, values, 0.0), n_groups) for side in (False, True)])


def _chances_without(members: Float64Array, *, others_only: bool) -> Float64Array:
    """The expected rate if labels were random, without each group in turn."""
    if others_only:
        places = np.arange(members.shape[1])
        return np.array([chance_among_others(members * (places != gone)) for gone in places])
    left: Float64Array = members.sum() - members.sum(axis=0)
    return left / (2 * (left - 1))


def chance_among_others(members: Float64Array) -> float:
    """Share of the other class among the items of other groups: mean over the items of a class, then over the two.

    `members` is the number of items of each class in each group, shape (2, G).

    Examples
    --------
    >>> chance_among_others(np.array([[1.0, 0], [0, 1]])), chance_among_others(np.ones((2, 3)))
    (1.0, 0.5)
    """
    others = members.sum(axis=1, keepdims=True) - members
    share = others[::-1] / np.maximum(others.sum(axis=0), 1)
    return float(((share * members).sum(axis=1) / members.sum(axis=1)).mean())


def why_no_others(groups: Int64Array, k: int) -> str:
    """The reason, in words, why items of the largest group have fewer than k items in other groups; else empty.

    Examples
    --------
    >>> why_no_others(np.array([0, 0, 0, 1]), 2).partition(", or ")[0]
    'there are 1 items outside the largest group, and k is 2; choose neighbors of all groups'
    """
    return why_too_few(len(groups) - int(np.bincount(groups).max()), k)


def why_too_few(outside: int, k: int) -> str:
    """The reason, in words, why `outside` items outside the largest group are too few for k neighbors; else empty."""
    if k > outside:
        said = f"there are {outside} items outside the largest group, and k is {k}; choose neighbors of all groups"
        return f"{said}, or show more items{or_smaller_k(outside)}"
    return ""


def why_no_replicates(is_second: BoolArray, groups: Int64Array, k: int, *, others_only: bool = False) -> str:
    """The reason, in words, why no groups of two classes can be left out in turn at this k; empty if they can.

    Parameters
    ----------
    is_second, groups, k, others_only
        As in `overlap_replicates`.

    Examples
    --------
    >>> why_no_replicates(np.array([False, True, True]), np.array([0, 1, 2]), 1)
    'one class has a single item'
    >>> why_no_replicates(np.array([False, False, True, True]), np.array([0, 0, 1, 2]), 1)
    'one class has all its items in one group'
    """
    members = _by_class_and_group(np.ones(len(groups)), is_second, groups)
    n_a, n_b = members.sum(axis=1)
    return why_no_error((int(n_a), int(n_b)), choices_left(members, others_only=others_only), k)


def choices_left(members: Float64Array, *, others_only: bool = False) -> int:
    """The fewest possible neighbors that any item of two classes still has, whichever one of the groups is left out.

    The result is -1 if a class has no items when one of the groups is left out.

    Parameters
    ----------
    members
        Shape (2, G): number of items of each class in each group.
    others_only
        As in `overlap_replicates`.

    Examples
    --------
    >>> choices_left(np.array([[1, 1, 0], [0, 1, 1]])), choices_left(np.array([[2, 0, 0], [0, 1, 1]]))
    (1, -1)
    """
    if (members == members.sum(axis=1, keepdims=True)).any():
        return -1
    largest = np.sort(members.sum(axis=0))[-2:]
    return int(members.sum() - (largest.sum() if others_only else largest[-1] + 1))


def why_no_error(n_per_class: tuple[int, int], choices: int, k: int) -> str:
    """The reason, in words, why the overlap of two classes has no standard error at this k; empty if it has one.

    `choices` is what `choices_left` returns.
    """
    if 1 in n_per_class:
        return "one class has a single item"
    if choices < 0:
        return "one class has all its items in one group"
    if k > choices:
        said = f"without its largest group there are {choices} neighbors to choose from, and k is {k}"
        return f"{said} (it takes more items{or_smaller_k(choices)})"
    return ""
