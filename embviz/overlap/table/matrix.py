"""The `OverlapMatrix` value: the overlaps of every two classes of a dataset, with their intervals."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embviz.arrays import Float64Array, Int64Array, frozen_array, summary
from embviz.checks.arguments import check_fields, check_range
from embviz.errors import SpecError
from embviz.overlap.classes import why_not
from embviz.overlap.intervals import Spread, interval_ends
from embviz.overlap.overlap import Overlap
from embviz.overlap.replicates import why_no_error, why_too_few
from embviz.overlap.table.ranks import Ranks


@dataclass(frozen=True, eq=False, slots=True, repr=False)
class Spreads:
    """The `Spread` of every two of C classes; each array has shape (C, C) and is symmetric.

    Attributes
    ----------
    rate_error, index_error
        float64: standard errors of rate and index; 0 for pairs whose errors are not known.
    n_units
        int64: number of items, or groups of items, that were left out in turn.
    quantile
        float64: number of standard errors that an interval reaches to each side.
    choices
        int64: smallest number of possible neighbors of an item without the largest group, see `choices_left`.
    group
        As in `Spread`.
    """

    rate_error: Float64Array
    index_error: Float64Array
    n_units: Int64Array
    quantile: Float64Array
    choices: Int64Array
    group: str = ""

    __repr__ = summary

    def __post_init__(self) -> None:
        check_fields(self, SpecError)
        shape = self.rate_error.shape
        for name in ("rate_error", "index_error", "quantile"):
            object.__setattr__(self, name, frozen_array(name, getattr(self, name), np.float64, shape))
        for name in ("n_units", "choices"):
            object.__setattr__(self, name, frozen_array(name, getattr(self, name), np.int64, shape))


@dataclass(frozen=True, eq=False, slots=True, repr=False)
class Strangers:
    """Chance level of the overlap of every two classes if only items of other groups count as neighbors.

    Attributes
    ----------
    chance
        float64, shape (C, C): `Overlap.others_chance` of every two classes; 1 for pairs without an overlap.
    n_outside
        int64, shape (C, C): number of items of the two classes that are outside their largest group.
    """

    chance: Float64Array
    n_outside: Int64Array

    __repr__ = summary

    def __post_init__(self) -> None:
        check_fields(self, SpecError)
        shape = self.chance.shape
        object.__setattr__(self, "chance", frozen_array("chance", self.chance, np.float64, shape))
        object.__setattr__(self, "n_outside", frozen_array("n_outside", self.n_outside, np.int64, shape))


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True, repr=False)
class OverlapMatrix:
    """The overlaps of every two of C classes.

    Not a confusion matrix: each entry is computed from the items of its two classes only.

    Attributes
    ----------
    space, k
        As in `Overlap`.
    n_per_class
        int64, shape (C,): number of items of each class, which may be 0.
    crossing
        float64, shape (C, C): number of neighbors of the items of the row's class that are of the column's class, if
        only these two classes count (see `Overlap`); 0 where `missing` gives a reason.
    spreads
        Standard errors, from which the intervals follow.
    ranks
        Pairs by overlap, and which of them differ significantly; None for more pairs than `ranks.MOST_RANKED`.
    recall
        Share of the true neighbors that were found, 0..1: 1 unless an approximate graph was used.
    strangers
        Chance level if only items of other groups count as neighbors; None if all items do.
    """

    space: str
    k: int
    n_per_class: Int64Array
    crossing: Float64Array
    spreads: Spreads
    ranks: Ranks | None
    recall: float = 1.0
    strangers: Strangers | None = None

    __repr__ = summary

    def __post_init__(self) -> None:
        check_fields(self, SpecError)
        n_classes = len(self.n_per_class)
        object.__setattr__(self, "n_per_class", frozen_array("n_per_class", self.n_per_class, np.int64, (n_classes,)))
        object.__setattr__(
            self, "crossing", frozen_array("crossing", self.crossing, np.float64, (n_classes, n_classes))
        )
        check_range("recall", self.recall, 0, 1)
        if not ((self.crossing >= 0) & (self.crossing <= self.k * self.n_per_class[:, None])).all():
            raise SpecError(f"crossing must be in 0..{self.k} for each item of the row's class")
        if self.spreads.rate_error.shape != self.crossing.shape:
            raise SpecError(f"spreads must be of {n_classes} classes, got {len(self.spreads.rate_error)}")
        if self.strangers is not None and self.strangers.chance.shape != self.crossing.shape:
            raise SpecError(f"strangers must be of {n_classes} classes, got {len(self.strangers.chance)}")

    def __len__(self) -> int:
        return len(self.n_per_class)

    def missing(self, a: int, b: int, names: Sequence[str] = ()) -> str:
        """The reason, in words, why the table has no overlap of classes a and b; empty if it has one.

        The sentence calls classes by `names`, which are those of all classes, or by their codes without names.
        """
        reason = why_not((a, b), self.n_per_class, self.k, names)
        return reason if reason or self.strangers is None else why_too_few(int(self.strangers.n_outside[a, b]), self.k)

    def pair(self, a: int, b: int) -> Overlap:
        """The overlap of classes a and b; if `recall` is 1, equal to `class_overlap` up to rounding of standard errors.

        Raises
        ------
        SpecError
            If the overlap is `missing`, with the reason as message.
        """
        if reason := self.missing(a, b):
            raise SpecError(reason)
        n_per_class = int(self.n_per_class[a]), int(self.n_per_class[b])
        spreads = self.spreads
        missing = why_no_error(n_per_class, int(spreads.choices[a, b]), self.k)
        return Overlap(
            classes=(a, b),
            space=self.space,
            k=self.k,
            n_per_class=n_per_class,
            crossing=(float(self.crossing[a, b]), float(self.crossing[b, a])),
            spread=Spread(
                rate_error=None if missing else float(spreads.rate_error[a, b]),
                index_error=None if missing else float(spreads.index_error[a, b]),
                n_units=int(spreads.n_units[a, b]),
                quantile=float(spreads.quantile[a, b]),
                group=spreads.group,
                missing=missing,
            ),
            others_chance=None if self.strangers is None else float(self.strangers.chance[a, b]),
        )

    @property
    def rate(self) -> Float64Array:
        """`Overlap.rate` of every two classes, float64 (C, C), symmetric; NaN on the diagonal and where `missing`."""
        n = self.n_per_class
        shares = self.crossing / (self.k * np.maximum(n, 1)[:, None])
        is_there = (n > 0) & (n > 0)[:, None] & (np.add.outer(n, n) > self.k) & ~np.eye(len(n), dtype=bool)
        if self.strangers is not None:
            is_there &= self.strangers.n_outside >= self.k
        return np.where(is_there, (shares + shares.T) / 2, np.nan)

    @property
    def index(self) -> Float64Array:
        """`Overlap.index` of every two classes, float64 (C, C), symmetric; NaN on the diagonal and where `missing`."""
        return self.rate / self._chance

    @property
    def index_interval(self) -> tuple[Float64Array, Float64Array]:
        """Ends of `Overlap.index_interval` of every two classes, each float64 (C, C); NaN for pairs without one."""
        spreads = self.spreads
        ends = interval_ends(self.index, spreads.index_error, 1 / self._chance, spreads.quantile, self._n_trials)
        low, high = (np.where(spreads.choices >= self.k, end, np.nan) for end in ends)
        return low, high

    @property
    def index_at_most(self) -> Float64Array:
        """`Overlap.index_at_most` of every two classes, float64 (C, C); NaN if any neighbor is of the other class."""
        return np.where(self.index == 0, np.minimum(1, 3 / self._n_trials) / self._chance, np.nan)

    @property
    def _n_trials(self) -> Int64Array:
        n = self.n_per_class
        return np.maximum(self.spreads.n_units if self.spreads.group else 2 * np.minimum.outer(n, n), 1)

    @property
    def _chance(self) -> Float64Array:
        if self.strangers is not None:
            return self.strangers.chance
        n = np.maximum(np.add.outer(self.n_per_class, self.n_per_class), 2)
        return np.asarray(n / (2 * (n - 1)), np.float64)
