"""Sums over the neighbor lists of all items for every two classes, with all items and without each group."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from embviz.arrays import Float64Array, Int64Array
from embviz.overlap.counting import counts_in_lists, total
from embviz.overlap.replicates import deviations, rates_without
from embviz.overlap.table.lists import Labeled, PairLists
from embviz.overlap.thinned import thinned_deviations, thinned_effects


class PairSums(NamedTuple):
    """The crossing neighbors of two classes a < b, and the deviations from which their standard errors follow.

    Attributes
    ----------
    classes
        Codes of a and b.
    crossing
        As in `Overlap`.
    rate_deviations, index_deviations
        Deviations of rate and index without each group from their mean, see `deviations`, or the changes that each item
        makes, see `thinned_deviations`; empty if no group is left out.
    units
        The groups of the two classes, ascending.
    """

    classes: tuple[int, int]
    crossing: tuple[float, float]
    rate_deviations: Float64Array
    index_deviations: Float64Array
    units: Int64Array


class _Entries(NamedTuple):
    """Values that each belong to a class (`own`), another class (`other`) and a group, ordered by the two classes."""

    starts: Int64Array
    groups: Int64Array
    values: Float64Array

    def between(self, own: int, other: int, n_classes: int) -> tuple[Int64Array, Float64Array]:
        place = own * n_classes + other
        part = slice(self.starts[place], self.starts[place + 1])
        return self.groups[part], self.values[part]


def pair_sums(lists: Iterable[PairLists], items: Labeled, pairs: Iterable[tuple[int, int]]) -> Iterator[PairSums]:
    """The sums of each of `pairs`; lists that are not given count as lists without a neighbor of the other class."""
    shares, changes = _entries(lists, items)
    n_classes = len(items.is_repeated)
    members = class_members(items.labels, items.groups, n_classes)
    for a, b in pairs:
        units, counts = pair_members(members[a], members[b])
        changed = np.zeros(counts.shape)
        sums = []
        for side, (own, other) in enumerate(((a, b), (b, a))):
            theirs, values = shares.between(own, other, n_classes)
            sums.append(total(values.tolist()))
            if items.is_by_item:
                moved, effect = changes.between(own, other, n_classes)
                changed[side] = np.bincount(np.searchsorted(units, moved), effect, len(units))
                continue
            gone, change = changes.between(own, other, n_classes)
            where = np.searchsorted(units, np.concatenate([theirs, gone]))
            changed[side] = np.bincount(where, np.concatenate([-values, change]), len(units))
        rates = indices = np.empty(0)
        if items.is_repeated[a, b]:
            if items.is_by_item:
                n = counts.shape[1]
                rates = thinned_deviations(changed, counts)
                indices = rates * (2 * (n - 1) / n)
            else:
                replicates = rates_without(np.array(sums), changed, counts, items.k, others_only=items.others_only)
                rates, indices = map(deviations, replicates)
        yield PairSums((a, b), (sums[0], sums[1]), rates, indices, units)


class Members(NamedTuple):
    """The groups with items of one or two classes, ascending, and the items' numbers: shape (G,), or (2, G) for two."""

    units: Int64Array
    counts: Float64Array


def class_members(labels: Int64Array, groups: Int64Array, n_classes: int) -> list[Members]:
    """The `Members` of each class: the groups that have items of it, and the numbers of these."""
    order = np.lexsort((groups, labels))
    ends = np.cumsum(np.bincount(labels, minlength=n_classes))
    found = (np.unique(each, return_counts=True) for each in np.split(groups[order], ends[:-1]))
    return [Members(units, counts.astype(np.float64)) for units, counts in found]


def pair_members(first: Members, second: Members) -> Members:
    """The `Members` of two classes together.

    Examples
    --------
    >>> ann_bob, bob_eve = Members(np.array([3, 5]), np.array([1.0, 2.0])), Members(np.array([5, 9]), np.ones(2))
    >>> both = pair_members(ann_bob, bob_eve)
    >>> both.units.tolist(), both.counts.tolist()
    ([3, 5, 9], [[1.0, 2.0, 0.0], [0.0, 1.0, 1.0]])
    """
    units = np.union1d(first.units, second.units)
    counts = np.zeros((2, len(units)))
    for side, each in enumerate((first, second)):
        counts[side, np.searchsorted(units, each.units)] = each.counts
    return Members(units, counts)


def _entries(lists: Iterable[PairLists], items: Labeled) -> tuple[_Entries, _Entries]:
    """Crossing neighbors of each item, and their changes without a group, or by an item; entries of 0 are left out."""
    n_classes = len(items.is_repeated)
    found: list[list[tuple[Int64Array, Int64Array, Float64Array]]] = [[], []]
    for each in lists:
        own = items.labels[each.rows]
        crossing = items.labels[each.nearest] != own[:, None]
        is_repeated = items.is_repeated[own, each.others]
        counts = counts_in_lists(
            each.distances,
            crossing,
            each.is_allowed,
            items.groups[each.nearest],
            items.groups[each.rows],
            items.k,
            is_repeated & (not items.is_by_item),
        )
        places = own * n_classes + each.others
        crosses, matters = counts.shares != 0, counts.changes != 0
        found[0].append((places[crosses], items.groups[each.rows[crosses]], counts.shares[crosses]))
        if items.is_by_item:
            effects = thinned_effects(each.distances, crossing, each.is_allowed, items.k)
            moved, columns = np.nonzero(effects.changes)
            found[1].append((places, items.groups[each.rows], effects.expected))
            listed = items.groups[each.nearest[moved, columns]]
            found[1].append((places[moved], listed, effects.changes[moved, columns]))
            continue
        lines = counts.lines[matters]
        found[1].append((places[lines], counts.left_out[matters], counts.changes[matters]))
    shares, changes = (_ordered(each, n_classes) for each in found)
    return shares, changes


def _ordered(found: list[tuple[Int64Array, Int64Array, Float64Array]], n_classes: int) -> _Entries:
    empty = (np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
    places, groups, values = (np.concatenate(each) for each in zip(empty, *found, strict=True))
    order = np.argsort(places, kind="stable")
    starts = np.searchsorted(places[order], np.arange(n_classes**2 + 1))
    return _Entries(starts, groups[order], values[order])
