"""Confidence intervals of an estimate, from the jackknife's standard error."""

from dataclasses import dataclass

import numpy as np

from embviz.arrays import Float64Array, Int64Array

LEVEL = 0.95
"""Share of samples whose interval should hold the true value, at least."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A range that holds the value aimed at in at least `level` of all samples.

    Not the range of other layouts or other values of k: only the items are thought to be others. `docs/methods.md` has
    a table of how often it was seen to hold.

    Attributes
    ----------
    low, high
        Ends of the range, in the unit of the estimate.
    level
        0..1.
    method
        ``jackknife`` leaves out one item at a time (of an overlap averaged over parts of the sample, see
        `thinned_deviations`), ``delete-a-group`` all items of one group at a time.
    covers
        What value the range holds, in words.
    """

    low: float
    high: float
    level: float
    method: str
    covers: str


@dataclass(frozen=True, slots=True)
class Spread:
    """How much an estimate varies from sample to sample.

    Attributes
    ----------
    rate_error, index_error
        Standard errors of a rate and of its index; None where they are not known.
    n_units
        How many items, or groups of items, were left out in turn.
    quantile
        How many standard errors an interval reaches to each side: Student's, see `quantile_of`.
    group
        What a group is called: ``writer``. Empty where the items were left out one by one.
    missing
        Why the errors are not known, in words; empty if they are.
    """

    rate_error: float | None
    index_error: float | None
    n_units: int
    quantile: float
    group: str = ""
    missing: str = ""


def quantile_of(n_units: int) -> float:
    """Student's quantile of `LEVEL`, two-sided, for one degree of freedom less than there are units.

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
        What was left out in turn.

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
    """Ends of the interval of an estimate from 0 to `highest`, as far to both sides but for these ends.

    It reaches as far as Student's t says; where nothing was counted, or nothing else, at least to 3 / n, see
    `at_most`.

    Parameters
    ----------
    estimate, standard_error, highest
        The estimate, its standard error by the jackknife, and the value above which there is none.
    quantile
        How many standard errors it reaches, see `quantile_of`.
    n_trials
        How many independent trials a count of 0 stands for: the n of 3 / n.
    """
    reach = np.multiply(quantile, standard_error)
    is_at_end = np.equal(estimate, 0) | np.equal(estimate, highest)
    reach = np.where(is_at_end, np.maximum(reach, np.multiply(3, highest) / n_trials), reach)
    return np.maximum(0.0, estimate - reach), np.minimum(highest, estimate + reach)


def at_most(n_trials: int) -> float:
    """The rule of three: what a share is at most, at 95 % confidence, if n trials show none: 3 / n.

    Of n independent trials none succeeds with probability (1 - p)^n, which is below 5 % for p above 3 / n (Hanley and
    Lippman-Hand, 1983). Not more than 1.

    Examples
    --------
    >>> at_most(300), at_most(2)
    (0.01, 1.0)
    """
    return min(1.0, 3 / n_trials)
