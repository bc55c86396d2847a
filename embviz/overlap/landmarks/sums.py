"""Sums over items, some at a time, from which overlaps among landmarks follow: the only items counted as neighbors."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from embviz.arrays import BoolArray, Float32Array, Int64Array, check_array, summary
from embviz.neighbors import nearest_rows
from embviz.overlap.counting import counts_in_lists, parts

UNIT = 2**18
"""Value of one neighbor in sums of whole numbers, whose result does not depend on their order."""

BLOCK = 2**14
"""Number of items whose neighbors are searched at once."""


@dataclass(frozen=True, eq=False, slots=True, repr=False)
class LandmarkSums:
    """Sums over some items of C classes, with neighbors among L landmarks; sums of other items can be added.

    Neighbors are counted for every two classes as in `Overlap`, but among landmarks only, and in units of 1 / `UNIT`.

    Attributes
    ----------
    counts
        int64, shape (C,): number of items of each class that are not landmarks.
    crossing, squares
        int64, shape (C, C): of the items of the row's class that are not landmarks, the number of neighbors of the
        column's class, and the sum of the squares of each item's number.
    asked
        int64, shape (L,): 1 for the landmarks among the items, otherwise 0.
    of_landmarks
        int64, shape (L, C): number of neighbors of each class that a landmark among the items has; otherwise 0.
    changes
        int64, shape (2, L, C): how many more neighbors cross between the landmark's class and another if the landmark
        is left out: [0] neighbors of items of its own class, [1] neighbors of items of the other class.
    """

    counts: Int64Array
    crossing: Int64Array
    squares: Int64Array
    asked: Int64Array
    of_landmarks: Int64Array
    changes: Int64Array

    __repr__ = summary

    def __post_init__(self) -> None:
        n, n_classes = self.of_landmarks.shape
        check_array("counts", self.counts, np.int64, (n_classes,))
        check_array("crossing", self.crossing, np.int64, (n_classes, n_classes))
        check_array("squares", self.squares, np.int64, (n_classes, n_classes))
        check_array("asked", self.asked, np.int64, (n,))
        check_array("changes", self.changes, np.int64, (2, n, n_classes))

    def __add__(self, other: "LandmarkSums") -> "LandmarkSums":
        return LandmarkSums(
            self.counts + other.counts,
            self.crossing + other.crossing,
            self.squares + other.squares,
            self.asked + other.asked,
            self.of_landmarks + other.of_landmarks,
            self.changes + other.changes,
        )


def landmark_sums(
    vectors: Float32Array,
    codes: Int64Array,
    own: Int64Array,
    landmarks: Float32Array,
    landmark_codes: Int64Array,
    n_classes: int,
    k: int,
) -> LandmarkSums:
    """The sums over some items.

    Parameters
    ----------
    vectors
        float32, shape (n, d): the items, as `checked_vectors` returns them.
    codes
        int64, shape (n,): class of each item; items with codes below 0 are left out.
    own
        int64, shape (n,): row of each item among the landmarks, -1 for an item that is none.
    landmarks, landmark_codes
        float32, shape (L, d), and int64, shape (L,): all landmarks.
    n_classes
        Number of classes.
    k
        Number of neighbors.
    """
    n = len(landmarks)
    crossing, squares = np.zeros((2, n_classes, n_classes), np.int64)
    of_landmarks, changes = np.zeros((n, n_classes), np.int64), np.zeros((2, n, n_classes), np.int64)
    members = [np.flatnonzero(landmark_codes == code) for code in range(n_classes)]
    stacked = np.concatenate([landmarks, vectors])
    query = np.where(own < 0, n + np.arange(len(vectors)), own)
    has_class = np.flatnonzero(codes >= 0)
    for start in range(0, len(has_class), BLOCK):
        rows = has_class[start : start + BLOCK]
        for found in _crossing(stacked, query[rows], codes[rows], members, landmark_codes, k):
            a, b = found.classes
            mine = own[rows[found.lines]]
            is_other = mine < 0
            crossing[a, b] += found.shares[is_other].sum()
            squares[a, b] += (found.shares[is_other] ** 2).sum()
            of_landmarks[mine[~is_other], b] += found.shares[~is_other]
            is_own = landmark_codes[found.left_out] == a
            np.add.at(changes[0, :, b], found.left_out[is_own], found.changes[is_own])
            np.add.at(changes[1, :, a], found.left_out[~is_own], found.changes[~is_own])
    counts = np.bincount(codes[has_class][own[has_class] < 0], minlength=n_classes)
    asked = np.bincount(own[own >= 0], minlength=n)
    return LandmarkSums(counts, crossing, squares, asked, of_landmarks, changes)


def are_enough(marks: Int64Array, k: int) -> BoolArray:
    """Whether each class, by its number of landmarks, has so many that k are left without an item and one other.

    An item of a class with fewer could not have k neighbors of its own class, however far other classes are.
    """
    return marks >= k + 2


class _Between(NamedTuple):
    """Items of one class that have neighbors of another, the numbers of these, and changes without each landmark."""

    classes: tuple[int, int]
    lines: Int64Array
    shares: Int64Array
    left_out: Int64Array
    changes: Int64Array


class _Lists(NamedTuple):
    """Nearest landmarks of one class, filled up at infinity; beyond `horizon` landmarks may be missing."""

    nearest: Int64Array
    distances: Float32Array
    horizon: Float32Array

    def at(self, lines: Int64Array) -> "_Lists":
        return _Lists(self.nearest[lines], self.distances[lines], self.horizon[lines])


def _crossing(
    stacked: Float32Array,
    query: Int64Array,
    codes: Int64Array,
    members: list[Int64Array],
    landmark_codes: Int64Array,
    k: int,
) -> Iterator[_Between]:
    """The neighbors of each other class that items have, where the nearest landmark of it is near enough to matter."""
    there = np.flatnonzero(are_enough(np.array([len(each) for each in members]), k)).tolist()
    nearest = {code: _nearest(stacked, members[code], query, k + 2) for code in there}
    for a in there:
        of_class = np.flatnonzero(codes == a)
        reach = nearest[a].distances[of_class, k]
        for b in there:
            lines = of_class[nearest[b].distances[of_class, 0] <= reach]
            if a == b or not len(lines):
                continue
            lists = nearest[a].at(lines), nearest[b].at(lines)
            found, short = _between((a, b), lines, query, lists, landmark_codes, k)
            yield found
            width = 4 * (k + 2)
            while len(short):  # landmarks that are equally far do not all fit into the lists
                left = []
                for part in parts(short, 8 * width):
                    lists = (
                        _nearest(stacked, members[a], query[part], width),
                        _nearest(stacked, members[b], query[part], width),
                    )
                    found, still = _between((a, b), part, query, lists, landmark_codes, k)
                    yield found
                    left.append(still)
                short, width = np.concatenate(left), 4 * width


def _between(
    classes: tuple[int, int],
    lines: Int64Array,
    query: Int64Array,
    lists: tuple[_Lists, _Lists],
    landmark_codes: Int64Array,
    k: int,
) -> tuple[_Between, Int64Array]:
    """The counts in two lists merged, and the lines whose lists are too short for it."""
    own, other = lists
    both = np.hstack([own.distances, other.distances])
    order = np.argsort(both, axis=1, kind="stable")
    distances = np.take_along_axis(both, order, axis=1)
    nearest = np.take_along_axis(np.hstack([own.nearest, other.nearest]), order, axis=1)
    is_full = np.minimum(own.horizon, other.horizon) > distances[:, k]
    full = lines[is_full]
    found = _counted(classes, full, query[full], nearest[is_full], distances[is_full], landmark_codes, k)
    return found, lines[~is_full]


def _nearest(stacked: Float32Array, among: Int64Array, of: Int64Array, width: int) -> _Lists:
    """The nearest landmarks of one class; a landmark is not its own neighbor."""
    found = _Lists(
        np.zeros((len(of), width), np.int64),
        np.full((len(of), width), np.inf, np.float32),
        np.full(len(of), np.inf, np.float32),
    )
    is_own = np.isin(of, among)
    for lines, choices in ((np.flatnonzero(is_own), len(among) - 1), (np.flatnonzero(~is_own), len(among))):
        listed = min(width, choices)
        if listed and len(lines):
            nearest = nearest_rows(stacked, listed, among=among, of=of[lines])
            found.nearest[lines, :listed], found.distances[lines, :listed] = nearest.indices, nearest.distances
            if listed < choices:
                found.horizon[lines] = nearest.distances[:, -1]
    return found


def _counted(
    classes: tuple[int, int],
    lines: Int64Array,
    query: Int64Array,
    nearest: Int64Array,
    distances: Float32Array,
    landmark_codes: Int64Array,
    k: int,
) -> _Between:
    """How many of the k nearest of each list are of the other class, and the changes without each of them."""
    crosses = landmark_codes[nearest] == classes[1]
    # Without ties the next landmark takes the place of one that is left out.
    ties = (distances[:, k - 1] == distances[:, k]) | (distances[:, k] == distances[:, k + 1])
    plain, tied = np.flatnonzero(~ties), np.flatnonzero(ties)
    shares = np.empty(len(lines), np.int64)
    shares[plain] = UNIT * crosses[plain, :k].sum(axis=1)
    moved = UNIT * (crosses[plain, k : k + 1].astype(np.int64) - crosses[plain, :k])
    at, column = np.nonzero(moved)
    counts = counts_in_lists(
        distances[tied],
        crosses[tied],
        np.isfinite(distances[tied]),
        nearest[tied],
        np.where(query[tied] < len(landmark_codes), query[tied], -1),
        k,
        np.ones(len(tied), np.bool_),
    )
    shares[tied] = np.rint(UNIT * counts.shares)
    return _Between(
        classes,
        lines,
        shares,
        np.concatenate([nearest[plain[at], column], counts.left_out]),
        np.concatenate([moved[at, column], np.rint(UNIT * counts.changes).astype(np.int64)]),
    )
