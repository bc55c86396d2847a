"""Confidence intervals of an estimate, from the jackknife's standard error."""

from dataclasses import dataclass

import numpy as np

from embviz.arrays import Float64Array, Int64Array

LEVEL = 0.95
"""Confidence level: the least share of samples whose interval should hold the true value."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval: in at least `level` of all samples it should hold the value named in `covers`.

    It does not cover other layouts or other values of k: only the sample of items varies. `docs/methods.md` has a table
    of how often it held in simulations.

    Attributes
    ----------
    low, high
        Ends of the range, in the unit of the estimate.
    level
        Confidence level, 0..1.
    method
        ``jackknife`` leaves out one item at a time (the overlap is then averaged over parts of the sample, see
        `thinned_deviations`); ``delete-a-group`` leaves out all items of one group at a time.
    covers
        The value that the interval is for, in words.
    """

    low: float
    high: float
    level: float
    method: str
    covers: str


@dataclass(frozen=True, slots=True)
class Spread:
    """Standard errors of an overlap's rate and index, and how they were estimated.

    Attributes
    ----------
    rate_error, index_error
        Standard errors of a rate and of its index; None if they are not known.
    n_units
        Number of items, or groups of items, that were left out in turn.
    quantile
        Number of standard errors that an interval reaches to each side: Student's quantile, see `quantile_of`.
    group
        Name of a group: ``writer``. Empty if the items were left out one by one.
    missing
        The reason why the errors are not known, in words; empty if they are known.
    """

    rate_error: float | None
    index_error: float | None
    n_units: int
    quantile: float
    group: str = ""
    missing: str = ""


def quantile_of(n_units: int) -> float:
    """Student's two-sided quantile of `LEVEL`, for one degree of freedom less than there are units.

    Examples
    --------
    >>> round(quantile_of(2), 1), round(quantile_of(10_000), 2)
    (12.7, 1.96)
    """
    from scipy.special import stdtrit

    return float(stdtrit(n_units - 1, (1 + LEVEL) / 2))


def interval_of(estimate: float, standard_error: float, highest: float, spread: Spread, n_trials: int) -> Interval:
    """The interval of an estimate from 0 to `highest`, with the ends that `interval_ends` gives.

    Parameters
    ----------
    estimate, standard_error, highest, n_trials
        As in `interval_ends`.
    spread
        What was left out in turn, and the quantile.

    Examples
    --------
    >>> interval = interval_of(0.5, 0.1, 1.0, Spread(0.1, 0.2, 101, 1.984), 101)
    >>> round(interval.low, 3), round(interval.high, 3), interval.covers
    (0.302, 0.698, 'the mean over samples of this size')
    >>> interval_of(0.0, 0.0, 1.0, Spread(0.0, 0.0, 300, 1.968, "writer"), 300).high
    0.01
    """
    low, high = interval_ends(estimate, standard_error, highest, spread.quantile, n_trials)
    others = f", from other {spread.group}s" if spread.group else ""
    return Interval(
        low=float(low),
        high=float(high),
        level=LEVEL,
        method="delete-a-group" if spread.group else "jackknife",
        covers=f"the mean over samples of this size{others}",
    )


Numbers = float | Float64Array


def interval_ends(
    estimate: Numbers, standard_error: Numbers, highest: Numbers, quantile: Numbers, n_trials: Numbers | Int64Array
) -> tuple[Numbers, Numbers]:
    """Ends of the interval of an estimate in 0..`highest`: equally far to both sides, cut off at 0 and `highest`.

    The interval reaches as far as Student's t says; if the estimate is 0 or `highest`, it reaches at least 3 / n of
    `highest`, see `at_most`.

    Parameters
    ----------
    estimate, standard_error, highest
        The estimate, its standard error by the jackknife, and its largest possible value.
    quantile
        Number of standard errors that the interval reaches to each side, see `quantile_of`.
    n_trials
        Number of independent trials that a count of 0 stands for: the n of 3 / n.
    """
    reach = np.multiply(quantile, standard_error)
    is_at_end = np.equal(estimate, 0) | np.equal(estimate, highest)
    reach = np.where(is_at_end, np.maximum(reach, np.multiply(3, highest) / n_trials), reach)
    return np.maximum(0.0, estimate - reach), np.minimum(highest, estimate + reach)


def at_most(n_trials: int) -> float:
    """Upper bound of a share, at 95 % confidence, if none of n trials succeeds: 3 / n, the rule of three.

    The probability that none of n independent trials succeeds is (1 - p)^n, which is below 5 % for p above 3 / n
    (Hanley and Lippman-Hand, 1983). The bound is never more than 1.

    Examples
    --------
    >>> at_most(300), at_most(2)
    (0.01, 1.0)
    """
    return min(1.0, 3 / n_trials)
