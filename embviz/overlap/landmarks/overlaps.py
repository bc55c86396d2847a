"""Overlaps of classes if only landmarks count as neighbors, with intervals: for more items than fit on one machine."""

from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import numpy as np

from embviz.arrays import Float64Array, Int64Array
from embviz.overlap.intervals import Interval, Spread, interval_of, quantile_of
from embviz.overlap.landmarks.sums import UNIT, LandmarkSums, are_enough


@dataclass(frozen=True, slots=True)
class LandmarkOverlap:
    """How much two classes mix if only landmarks count as neighbors: see `Overlap`, which counts all items.

    Not the overlap of the landmarks alone: other items, too, are asked for their nearest landmarks.

    Attributes
    ----------
    classes
        Codes of the two classes.
    k
        Number of neighbors.
    n_per_class, landmarks_per_class
        Number of items of each that were measured, and of all its landmarks.
    rate
        Share of the k nearest landmarks of an item that are of the other class, mean of the two classes, 0..1.
    chance
        The rate of thoroughly mixed classes.
    rate_error
        Standard error of the rate, by a jackknife that leaves out every measured item and every landmark in turn.
    """

    classes: tuple[int, int]
    k: int
    n_per_class: tuple[int, int]
    landmarks_per_class: tuple[int, int]
    rate: float
    chance: float
    rate_error: float

    @property
    def index(self) -> float:
        """The rate divided by `chance`: 0 if no neighbor is of the other class, 1 if classes are thoroughly mixed."""
        return self.rate / self.chance

    @property
    def index_interval(self) -> Interval:
        """The 95 % confidence interval of the index; other items would also be other landmarks."""
        spread = Spread(self.rate_error, None, sum(self.n_per_class), quantile_of(sum(self.landmarks_per_class)))
        trials = 2 * min(self.landmarks_per_class)
        return interval_of(self.index, self.rate_error / self.chance, 1 / self.chance, spread, trials)


def landmark_overlaps(sums: LandmarkSums, landmark_codes: Int64Array, k: int) -> list[LandmarkOverlap]:
    """The overlaps of every two classes, from the sums over a random sample of all items, or over all.

    Two classes have one if each has k + 2 landmarks, and 2 of the items.

    Examples
    --------
    Six landmarks on a line, k = 1. The item at 3.4 is of class 0, and its nearest landmark, at 4, of class 1.

    >>> from embviz.overlap.landmarks.sums import landmark_sums
    >>> landmarks, codes = np.array([[0], [1], [2], [4], [5], [6]], np.float32), np.array([0, 0, 0, 1, 1, 1])
    >>> items = np.concatenate([landmarks, np.array([[3.4]], np.float32)])
    >>> own = np.array([0, 1, 2, 3, 4, 5, -1])
    >>> sums = landmark_sums(items, np.append(codes, 0), own, landmarks, codes, 2, k=1)
    >>> landmark_overlaps(sums, codes, k=1)[0].rate  # the mean of one quarter and zero
    0.125
    """
    n_classes = len(sums.counts)
    has_class = landmark_codes >= 0
    marks = np.bincount(landmark_codes[has_class], minlength=n_classes)
    asked = np.bincount(landmark_codes[has_class], sums.asked[has_class], n_classes)
    there = np.flatnonzero(are_enough(marks, k) & (sums.counts + asked >= 2)).tolist()
    return [_overlap(sums, landmark_codes, pair, k) for pair in combinations(there, 2)]


def _overlap(sums: LandmarkSums, landmark_codes: Int64Array, pair: tuple[int, int], k: int) -> LandmarkOverlap:
    one = 1 / (k * UNIT)
    sides = [_side(sums, landmark_codes, a, b, one) for a, b in (pair, pair[::-1])]
    marks = len(sides[0].marks), len(sides[1].marks)
    n = sides[0].n, sides[1].n
    chance = [
        (each.n_others * free / sum(marks) + each.n_asked * free / (sum(marks) - 1)) / each.n
        for each, free in zip(sides, marks[::-1], strict=True)
    ]
    # Changes of the rate without each item: first those of items that are not landmarks, by their sum and squares.
    total, squared = 0.0, 0.0
    for mine, theirs in (sides, sides[::-1]):
        fewer = mine.n - 1
        without = mine.whole / fewer - mine.rate
        total += (mine.n_others * without - mine.crossing / fewer) / 2
        squared += (mine.n_others * without**2 - 2 * without * mine.crossing / fewer + mine.squares / fewer**2) / 4
        asked = mine.asked > 0
        left = np.where(asked, fewer, mine.n)
        changed = (mine.whole - mine.of_landmarks + mine.own) / left - mine.rate + mine.other / theirs.n
        total += float(changed.sum()) / 2
        squared += float((changed**2).sum()) / 4
    every = sum(each.n_others + len(each.marks) for each in sides)
    variance = (every - 1) / every * max(squared - total**2 / every, 0.0)
    return LandmarkOverlap(
        classes=pair,
        k=k,
        n_per_class=n,
        landmarks_per_class=marks,
        rate=(sides[0].rate + sides[1].rate) / 2,
        chance=(chance[0] + chance[1]) / 2,
        rate_error=float(np.sqrt(variance)),
    )


class _Side(NamedTuple):
    """The sums of one of two classes; numbers of neighbors are shares of k.

    `marks` are the landmarks of the class, and the arrays have an entry for each of them.
    """

    n_others: int
    n_asked: int
    crossing: float
    squares: float
    marks: Int64Array
    asked: Int64Array
    of_landmarks: Float64Array
    own: Float64Array
    other: Float64Array

    @property
    def n(self) -> int:
        return self.n_others + self.n_asked

    @property
    def whole(self) -> float:
        return self.crossing + float(self.of_landmarks.sum())

    @property
    def rate(self) -> float:
        return self.whole / self.n


def _side(sums: LandmarkSums, landmark_codes: Int64Array, a: int, b: int, one: float) -> _Side:
    marks = np.flatnonzero(landmark_codes == a)
    return _Side(
        n_others=int(sums.counts[a]),
        n_asked=int(sums.asked[marks].sum()),
        crossing=one * float(sums.crossing[a, b]),
        squares=one**2 * float(sums.squares[a, b]),
        marks=marks,
        asked=sums.asked[marks],
        of_landmarks=one * sums.of_landmarks[marks, b],
        own=one * sums.changes[0, marks, b],
        other=one * sums.changes[1, marks, b],
    )
