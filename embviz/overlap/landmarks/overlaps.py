"""Overlaps of classes if only landmarks count as neighbors, with intervals: for more items than fit on one machine."""

from dataclasses import dataclass

import numpy as np

from embviz.arrays import Int64Array
from embviz.overlap.intervals import Interval, Spread, interval_of, quantile_of
from embviz.overlap.landmarks.sums import UNIT, LandmarkSums, is_counted


@dataclass(frozen=True, slots=True)
class LandmarkOverlap:
    """How much two classes mix if only landmarks count as neighbors: see `Overlap`, which counts all items.

    Not the overlap of the landmarks alone: every item is asked for its neighbors.

    Attributes
    ----------
    classes
        Codes of the two classes.
    k
        Number of neighbors.
    n_per_class, landmarks_per_class
        Number of items of each, and of landmarks among them.
    rate
        Share of the k nearest landmarks of an item that are of the other class, mean of the two classes, 0..1.
    chance
        The rate of thoroughly mixed classes.
    rate_error
        Standard error of the rate, by a jackknife that leaves out every item, also as a landmark.
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
    """The overlaps of every two classes, from the sums over all items.

    Two classes with fewer than k + 2 landmarks have none, nor has a class without landmarks.

    Examples
    --------
    Four landmarks on a line, k = 1. The item at 2.4 is of class 0, and its nearest landmark, at 3, of class 1.

    >>> from embviz.overlap.landmarks.sums import landmark_sums
    >>> landmarks, codes = np.array([[0], [1], [3], [4]], np.float32), np.array([0, 0, 1, 1])
    >>> items = np.concatenate([landmarks, np.array([[2.4]], np.float32)])
    >>> sums = landmark_sums(items, np.append(codes, 0), np.array([0, 1, 2, 3, -1]), landmarks, codes, 2, k=1)
    >>> round(landmark_overlaps(sums, codes, k=1)[0].rate, 3)  # the mean of one third and zero
    0.167
    """
    marks = np.bincount(landmark_codes[landmark_codes >= 0], minlength=len(sums.counts))
    pairs = [(a, b) for a, b in np.argwhere(np.triu(is_counted(marks, k), 1)).tolist()]
    return [_overlap(sums, landmark_codes, marks, pair, k) for pair in pairs]


def _overlap(
    sums: LandmarkSums, landmark_codes: Int64Array, marks: Int64Array, pair: tuple[int, int], k: int
) -> LandmarkOverlap:
    one = 1 / (k * UNIT)
    of = [np.flatnonzero(landmark_codes == code) for code in pair]
    shown = [int(marks[code]) for code in pair]
    n = [int(sums.counts[code]) + many for code, many in zip(pair, shown, strict=True)]
    whole, chance = [], []
    for side, (a, b) in enumerate((pair, pair[::-1])):
        whole.append(one * float(sums.crossing[a, b] + sums.of_landmarks[of[side], b].sum()))
        free, both = shown[1 - side], sum(shown)
        chance.append(((n[side] - shown[side]) * free / both + shown[side] * free / (both - 1)) / n[side])
    total = [0.0, 0.0]  # sums over all items of the deviation of the rate without the item, and of its square
    rate = (whole[0] / n[0] + whole[1] / n[1]) / 2
    for side, (a, b) in enumerate((pair, pair[::-1])):
        # Without an item the rate is that of the others of its class, and, if it was a landmark, others are neighbors.
        fewer, rest = max(n[side] - 1, 1), whole[1 - side] / n[1 - side]
        deviation = (whole[side] / fewer + rest) / 2 - rate
        count, first = int(sums.counts[a]), one * float(sums.crossing[a, b]) / (2 * fewer)
        second = one**2 * float(sums.squares[a, b]) / (2 * fewer) ** 2
        total[0] += count * deviation - first
        total[1] += count * deviation**2 - 2 * deviation * first + second
        own, theirs = one * sums.changes[0, of[side], b], one * sums.changes[1, of[side], b]
        without = (own - one * sums.of_landmarks[of[side], b]) / fewer + theirs / n[1 - side]
        changed = deviation + without / 2
        total[0] += float(changed.sum())
        total[1] += float((changed**2).sum())
    every = sum(n)
    variance = (every - 1) / every * max(total[1] - total[0] ** 2 / every, 0.0)
    return LandmarkOverlap(
        classes=pair,
        k=k,
        n_per_class=(n[0], n[1]),
        landmarks_per_class=(shown[0], shown[1]),
        rate=rate,
        chance=(chance[0] + chance[1]) / 2,
        rate_error=float(np.sqrt(variance)),
    )
