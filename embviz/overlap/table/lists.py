"""For each item and each other class, a list of its nearest neighbors among the items of its class and that class."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from embviz.arrays import BoolArray, Float32Array, Int64Array
from embviz.neighbors import NeighborGraph, nearest_rows
from embviz.overlap.counting import parts
from embviz.overlap.thinned import list_length
from embviz.progress import Progress

SPARE = 15
"""Number of neighbors beyond k that are searched at first if groups are left out; seldom more are of one group."""


class Labeled(NamedTuple):
    """Items whose neighbors are counted, with their classes and groups, and the rule for which neighbors count.

    Attributes
    ----------
    labels, groups
        int64, shape (n,): class and group of each item.
    k
        Number of neighbors per item.
    is_repeated
        bool, shape (C, C): whether groups are left out in turn for the pair of classes.
    others_only
        Whether only items of other groups count as neighbors.
    """

    labels: Int64Array
    groups: Int64Array
    k: int
    is_repeated: BoolArray
    others_only: bool = False

    @property
    def is_by_item(self) -> bool:
        """Whether each item is a group of its own, and any neighbor may count."""
        return not self.others_only and int(self.groups.max()) + 1 == len(self.groups)

    def counted(self, rows: Int64Array, nearest: Int64Array) -> BoolArray:
        """Whether each entry of the lists of the items at `rows` counts, by its group; bool, shape of `nearest`."""
        if not self.others_only:
            return np.ones(nearest.shape, np.bool_)
        return np.asarray(self.groups[nearest] != self.groups[rows, None])


class PairLists(NamedTuple):
    """Neighbor lists of items, each among the items of the item's own class and of one other class.

    Attributes
    ----------
    rows, others
        int64, shape (q,): the item and the other class of each list.
    nearest, distances
        Shape (q, w): rows of the neighbors and their distances, never decreasing.
    is_allowed
        bool, shape (q, w): whether each entry counts.
    """

    rows: Int64Array
    others: Int64Array
    nearest: Int64Array
    distances: Float32Array
    is_allowed: BoolArray


def lists_in_graph(
    graph: NeighborGraph, items: Labeled, progress: Progress
) -> Iterator[tuple[PairLists | None, Int64Array]]:
    """The lists that a neighbor graph contains, and rows of items for which it does not suffice, some items at a time.

    For two classes, an item's k nearest lie no farther than its k-th neighbor of its own class, whatever the other
    class is; so a graph suffices for an item that has k of its own class among its neighbors, whichever group is left
    out. Only classes that occur among the neighbors within this distance are listed; other classes change no count.
    """
    n = len(graph)
    for rows in parts(np.arange(n), graph.k):
        progress("class overlap", 0, 0)
        nearest, distances = graph.indices[rows].astype(np.int64), graph.distances[rows]
        # Beyond the horizon neighbors may be missing; none are missing if a list has all other items.
        horizon = np.full(len(rows), np.inf, np.float32) if graph.k == n - 1 else distances[:, -1]
        is_own, is_counted = items.labels[nearest] == items.labels[rows, None], items.counted(rows, nearest)
        reach = _reach(nearest, distances, horizon, is_own & is_counted, items)
        is_settled = np.isfinite(reach)
        within = (distances <= reach[:, None]) & is_settled[:, None] & is_counted
        yield _of_classes_within(rows, nearest, distances, within, is_own, items), rows[~is_settled]


def _reach(
    nearest: Int64Array,
    distances: Float32Array,
    horizon: Float32Array,
    is_counted: BoolArray,
    items: Labeled,
) -> Float32Array:
    """Distance within which k entries count, whichever group is left out; infinite if the list is too short."""
    known = is_counted & (distances < horizon[:, None])
    needed = np.full(len(known), items.k)
    if items.is_repeated.any() and items.is_by_item:
        needed[:] = list_length(items.k)
    elif items.is_repeated.any():
        needed += _most_of_a_group(known, items.groups[nearest])
    is_place = known & (np.cumsum(known, axis=1, dtype=np.int32) == needed[:, None])
    reach = np.where(is_place.any(axis=1), distances[np.arange(len(known)), is_place.argmax(axis=1)], np.inf)
    return np.asarray(reach, np.float32)


def _most_of_a_group(is_counted: BoolArray, groups: Int64Array) -> Int64Array:
    """Number of the counted entries of each list that are of its most frequent group."""
    most = np.zeros(len(groups), np.int64)
    lines, columns = np.nonzero(is_counted)
    if len(lines):
        n_groups = int(groups.max()) + 1
        keys, sizes = np.unique(lines * n_groups + groups[lines, columns], return_counts=True)
        np.maximum.at(most, keys // n_groups, sizes)
    return most


def _of_classes_within(
    rows: Int64Array,
    nearest: Int64Array,
    distances: Float32Array,
    within: BoolArray,
    is_own: BoolArray,
    items: Labeled,
) -> PairLists | None:
    """The list of each item for each other class that has an entry `within` reach; None if no item has one."""
    lines, columns = np.nonzero(within & ~is_own)
    if not len(lines):
        return None
    n_classes = len(items.is_repeated)
    line, others = np.divmod(np.unique(lines * n_classes + items.labels[nearest[lines, columns]]), n_classes)
    allowed = within[line] & (is_own[line] | (items.labels[nearest[line]] == others[:, None]))
    first = np.argsort(~allowed, axis=1, kind="stable")[:, : int(allowed.sum(axis=1).max())]
    is_allowed = np.take_along_axis(allowed, first, axis=1)
    far = np.where(is_allowed, np.take_along_axis(distances[line], first, axis=1), np.inf)
    return PairLists(rows[line], others, np.take_along_axis(nearest[line], first, axis=1), far, is_allowed)


def searched_lists(
    vectors: Float32Array, items: Labeled, rows: Int64Array, is_wanted: BoolArray, progress: Progress
) -> Iterator[PairLists]:
    """The lists of the items at `rows` for every other class, by searches within each class.

    A list that is too short for leaving out any one group is searched again, four times as long.

    Parameters
    ----------
    vectors
        float32, shape (n, d).
    items
        The items, with their classes and groups.
    rows
        Rows of the items whose lists are wanted.
    is_wanted
        bool, shape (C, C): whether lists are wanted for the pair of classes.
    progress
        Called with stage ``class overlap``.
    """
    n_classes = len(is_wanted)
    members = [np.flatnonzero(items.labels == code) for code in range(n_classes)]
    width = list_length(items.k) + 1 if items.is_by_item else items.k + SPARE
    width = width if items.is_repeated.any() else items.k
    wanted = [rows[is_wanted[items.labels[rows], code]] for code in range(n_classes)]
    done = _Done(len(rows) * n_classes, progress)
    while any(map(len, wanted)):
        short: list[list[Int64Array]] = [[] for _ in range(n_classes)]
        every = np.unique(np.concatenate(wanted))
        for some in parts(every, width):
            own = _OwnLists(vectors, items, members, some, width, done)
            for code, among in enumerate(members):
                of = wanted[code][np.isin(wanted[code], some)] if len(some) < len(every) else wanted[code]
                found = _nearest(vectors, among, of, width, done)
                for part in parts(np.flatnonzero(found.distances[:, 0] <= own.reach[own.place(of)]), 2 * width):
                    lists, is_short = _merged(own, code, of[part], found.at(part), items)
                    short[code].append(of[part][is_short])
                    yield lists
        wanted = [np.concatenate([*each, np.empty(0, np.int64)]) for each in short]
        width *= 4
    done.tell()


class _Found(NamedTuple):
    """Nearest items of one class, filled up with entries at infinity where the class has fewer.

    `horizon` is the distance from which on entries may be missing.
    """

    nearest: Int64Array
    distances: Float32Array
    horizon: Float32Array

    def at(self, lines: Int64Array) -> "_Found":
        return _Found(self.nearest[lines], self.distances[lines], self.horizon[lines])


class _Done:
    """Reports the number of searches done to `progress`; repeated ones are not counted again."""

    def __init__(self, total: int, progress: Progress) -> None:
        self._done, self._total, self._progress = 0, total, progress

    def tell(self, searched: int = 0) -> None:
        self._progress("class overlap", min(self._done + searched, self._total), self._total)

    def add(self, searched: int) -> None:
        self._done += searched

    def all_of(self, stage: str, done: int, _total: int) -> None:
        self.tell(done if stage == "neighbors" else 0)


def _nearest(vectors: Float32Array, among: Int64Array, of: Int64Array, width: int, done: _Done) -> _Found:
    """The nearest items of one class, by one search; a row is not its own neighbor."""
    found = _Found(
        np.zeros((len(of), width), np.int64),
        np.full((len(of), width), np.inf, np.float32),
        np.full(len(of), np.inf, np.float32),
    )
    choices = len(among) - bool(len(of) and np.isin(of[0], among))
    listed = min(width, choices)
    if listed and len(of):
        nearest = nearest_rows(vectors, listed, among=among, of=of, progress=done.all_of)
        found.nearest[:, :listed], found.distances[:, :listed] = nearest.indices, nearest.distances
        if listed < choices:
            found.horizon[:] = nearest.distances[:, -1]
    done.add(len(of))
    return found


class _OwnLists:
    """For some items, the nearest items of their own class, and the distance within which these lists suffice."""

    def __init__(
        self,
        vectors: Float32Array,
        items: Labeled,
        members: list[Int64Array],
        rows: Int64Array,
        width: int,
        done: _Done,
    ) -> None:
        self._rows = rows
        self._found = _Found(
            np.empty((len(rows), width), np.int64),
            np.empty((len(rows), width), np.float32),
            np.empty(len(rows), np.float32),
        )
        for code, among in enumerate(members):
            where = np.flatnonzero(items.labels[rows] == code)
            found = _nearest(vectors, among, rows[where], width, done)
            self._found.nearest[where], self._found.distances[where] = found.nearest, found.distances
            self._found.horizon[where] = found.horizon
        nearest, distances, horizon = self._found
        is_counted = np.isfinite(distances) & items.counted(rows, nearest)
        self.reach = _reach(nearest, distances, horizon, is_counted, items)

    def place(self, rows: Int64Array) -> Int64Array:
        """Line of each of `rows` in the lists."""
        return np.searchsorted(self._rows, rows)

    def of(self, rows: Int64Array) -> _Found:
        """The lists of the items at `rows`."""
        return self._found.at(self.place(rows))


def _merged(own: _OwnLists, code: int, rows: Int64Array, other: _Found, items: Labeled) -> tuple[PairLists, BoolArray]:
    """Lists of own and other class merged, without lists that are too short; and whether each list was too short."""
    mine = own.of(rows)
    distances = np.hstack([mine.distances, other.distances])
    order = np.argsort(distances, axis=1, kind="stable")
    distances = np.take_along_axis(distances, order, axis=1)
    nearest = np.take_along_axis(np.hstack([mine.nearest, other.nearest]), order, axis=1)
    horizon = np.minimum(mine.horizon, other.horizon)
    known = (distances < horizon[:, None]) & np.isfinite(distances) & items.counted(rows, nearest)
    needed = np.full(len(rows), items.k)
    is_repeated = items.is_repeated[items.labels[rows], code]
    if is_repeated.any() and items.is_by_item:
        needed[is_repeated] = list_length(items.k)
    elif is_repeated.any():
        needed += np.where(is_repeated, _most_of_a_group(known, items.groups[nearest]), 0)
    is_short = np.isfinite(horizon) & (known.sum(axis=1) < needed)
    full = ~is_short
    lists = PairLists(rows[full], np.full(int(full.sum()), code), nearest[full], distances[full], known[full])
    return lists, is_short
