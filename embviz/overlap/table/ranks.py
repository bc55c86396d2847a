"""The `Ranks` of pairs of classes by overlap: which pairs differ significantly, and the ranks that each may have."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embviz.arrays import BoolArray, Float64Array, Int64Array, frozen_array, summary
from embviz.errors import SpecError
from embviz.overlap.intervals import LEVEL
from embviz.progress import Progress, no_progress

MOST_RANKED = 1_000
"""Largest number of pairs that are compared with each other, those of 45 classes: half a million comparisons."""

UNITS = 4096
"""Number of units whose deviations are summed together."""


@dataclass(frozen=True, eq=False, slots=True, repr=False)
class Ranks:
    """Pairs of classes by how much they overlap, and which pairs differ significantly.

    Two pairs are told apart if Student's t of the difference of their indices is significant at 5 % after Holm's
    correction for all such comparisons (Holm, 1979): in at least 95 % of samples no pairs are told apart wrongly. The
    variance of a difference is the jackknife's, with the covariance of pairs that share a class or groups. So the
    ranges of ranks hold for all pairs at once (Mogstad, Romano, Shaikh and Wilhelm, 2024).

    Pairs that are not told apart need not be equal: there may be too few items to tell.

    Attributes
    ----------
    pairs
        int64, shape (P, 2): the two classes of each pair, lower code first; the pair that overlaps most comes first.
    is_apart
        bool, shape (P, P): which pairs are told apart. A pair without a standard error is told apart from no other.
    """

    pairs: Int64Array
    is_apart: BoolArray

    __repr__ = summary

    def __post_init__(self) -> None:
        n_pairs = len(self.pairs)
        object.__setattr__(self, "pairs", frozen_array("pairs", self.pairs, np.int64, (n_pairs, 2)))
        object.__setattr__(self, "is_apart", frozen_array("is_apart", self.is_apart, np.bool_, (n_pairs, n_pairs)))
        if not np.array_equal(self.is_apart, self.is_apart.T) or np.diagonal(self.is_apart).any():
            raise SpecError("is_apart must be symmetric, and no pair can be told from itself")

    def place(self, a: int, b: int) -> int:
        """Row of two classes in `pairs`; their rank in this sample is one more.

        Raises
        ------
        SpecError
            If there is no such pair.
        """
        found = np.flatnonzero((self.pairs == sorted((a, b))).all(axis=1))
        if not len(found):
            raise SpecError(f"classes {a} and {b} have no rank, as their overlap is not in the table")
        return int(found[0])

    def between(self, a: int, b: int) -> tuple[int, int]:
        """The highest and the lowest rank that two classes may have, counted from 1 for the pair that overlaps most."""
        low, high = self.ranges[self.place(a, b)].tolist()
        return low, high

    @property
    def ranges(self) -> Int64Array:
        """The highest and the lowest rank that each pair may have, int64 (P, 2): see `between`."""
        above, below = (part(self.is_apart, by).sum(axis=1) for part, by in ((np.tril, -1), (np.triu, 1)))
        return np.column_stack([1 + above, len(self.pairs) - below])

    def not_told_from(self, a: int, b: int) -> list[tuple[int, int]]:
        """The pairs that are not told apart from the pair of classes a and b, in descending order of overlap."""
        is_apart = self.is_apart[self.place(a, b)].copy()
        is_apart[self.place(a, b)] = True
        return [(int(c), int(d)) for c, d in self.pairs[~is_apart]]


def ranks_of(
    pairs: Int64Array,
    indices: Float64Array,
    deviations: Sequence[Float64Array],
    units: Sequence[Int64Array],
    least_errors: Float64Array,
    progress: Progress = no_progress,
) -> Ranks:
    """The ranks of pairs of classes, from the change of their indices if a unit (an item or a group) is left out.

    Parameters
    ----------
    pairs
        int64, shape (P, 2): the classes of each pair.
    indices
        float64, shape (P,): overlap index of each pair.
    deviations, units
        The `deviations` of each pair, and the units that were left out, ascending; empty if none was left out.
    least_errors
        float64, shape (P,): lower bound of each index's standard error, above 0 if no neighbor crosses.
    progress
        Called with stage ``class pairs``.

    Examples
    --------
    >>> steady = np.array([0.01, -0.01])
    >>> ranks = ranks_of(np.array([[0, 1], [0, 2], [1, 2]]), np.array([0.1, 0.9, 0.11]), [steady] * 3,
    ...     [np.array([0, 1]), np.array([2, 3]), np.array([4, 5])], np.zeros(3))
    >>> ranks.pairs.tolist(), ranks.is_apart.tolist()
    ([[0, 2], [1, 2], [0, 1]], [[False, True, True], [True, False, False], [True, False, False]])
    >>> ranks.between(0, 1), ranks.not_told_from(0, 1)
    ((2, 3), [(1, 2)])
    """
    order = np.lexsort((pairs[:, 1], pairs[:, 0], -indices))
    pairs, indices, least = pairs[order], indices[order], least_errors[order]
    deviations, units = [deviations[place] for place in order], [units[place] for place in order]
    is_known = np.array([len(each) > 1 for each in deviations], bool)
    shared = _covariances(deviations, units, progress)
    variances = np.diagonal(shared)
    extra = np.maximum(least**2 - variances, 0)
    spread = np.add.outer(variances + extra, variances + extra) - 2 * shared
    n_units = np.array([len(each) for each in deviations])
    probabilities = _two_sided(np.subtract.outer(indices, indices), spread, np.minimum.outer(n_units, n_units) - 1)
    is_apart = np.zeros(spread.shape, np.bool_)
    compared = np.triu(np.logical_and.outer(is_known, is_known), 1)
    is_apart[compared] = _significant(probabilities[compared])
    return Ranks(pairs, is_apart | is_apart.T)


def _covariances(deviations: Sequence[Float64Array], units: Sequence[Int64Array], progress: Progress) -> Float64Array:
    """Jackknife variances of the indices, and covariances of every two, shape (P, P)."""
    shared = np.zeros((len(units), len(units)))
    last = max((int(each[-1]) for each in units if len(each)), default=-1)
    for start in range(0, last + 1, UNITS):
        progress("class pairs", len(units), len(units))
        part = np.zeros((len(units), UNITS))
        for place, (values, theirs) in enumerate(zip(deviations, units, strict=True)):
            here = slice(*np.searchsorted(theirs, [start, start + UNITS]))
            if len(values):
                part[place, theirs[here] - start] = values[here]
        shared += part @ part.T
    return shared


def _two_sided(differences: Float64Array, variances: Float64Array, freedom: Int64Array) -> Float64Array:
    """Two-sided p-values of the differences, by Student's t."""
    from scipy.special import stdtr

    error = np.sqrt(np.maximum(variances, 0))
    is_spread = error > 1e-12  # else it is unknown how far the two differ by chance
    t = np.divide(np.abs(differences), error, out=np.zeros_like(error), where=is_spread)
    return np.asarray(2 * stdtr(np.maximum(freedom, 1), -t), np.float64)


def _significant(probabilities: Float64Array) -> BoolArray:
    """Whether each p-value is significant after Holm's correction for all of them."""
    order = np.argsort(probabilities, kind="stable")
    is_small = probabilities[order] * np.arange(len(order), 0, -1) <= 1 - LEVEL
    found = np.zeros(len(order), np.bool_)
    found[order] = np.logical_and.accumulate(is_small)
    return found
