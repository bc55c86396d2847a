"""Intervals of an estimate: what another sample would show, from the jackknife's standard error."""

from dataclasses import dataclass

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
        ``jackknife`` leaves out one item at a time, ``delete-a-group`` all items of one group at a time.
    covers
        Whose value is in the range, in words.
    """

    low: float
    high: float
    level: float
    method: str
    covers: str


@dataclass(frozen=True, slots=True)
class Spread:
    """How far the estimates of other samples would lie from each other.

    Attributes
    ----------
    rate_error, index_error
        Standard errors of a rate and of its index; None where they are not known.
    n_units
        How many items, or groups of items, were left out in turn.
    group
        What a group is called: ``writer``. Empty where the items were left out one by one.
    missing
        Why the errors are not known, in words; empty if they are.
    """

    rate_error: float | None
    index_error: float | None
    n_units: int
    group: str = ""
    missing: str = ""


def interval_of(estimate: float, standard_error: float, highest: float, spread: Spread, n_trials: int) -> Interval:
    """The interval of an estimate from 0 to `highest`, as far to both sides but for these ends.

    It reaches as far as Student's t says for one degree of freedom less than there are units; where nothing was
    counted, or nothing else, at least to 3 / n (Hanley and Lippman-Hand, 1983).

    Parameters
    ----------
    estimate, standard_error, highest
        The estimate, its standard error by the jackknife, and the value above which there is none.
    spread
        What was left out in turn.
    n_trials
        How many independent trials a count of 0 stands for: the n of 3 / n.

    Examples
    --------
    >>> interval = interval_of(0.5, 0.1, 1.0, Spread(0.1, 0.2, 101), 101)
    >>> round(interval.low, 3), round(interval.high, 3), interval.covers
    (0.302, 0.698, 'another sample of this size')
    >>> interval_of(0.0, 0.0, 1.0, Spread(0.0, 0.0, 300, "writer"), 300).high
    0.01
    """
    from scipy.special import stdtrit

    reach = float(stdtrit(spread.n_units - 1, (1 + LEVEL) / 2)) * standard_error
    if estimate in (0.0, highest):
        reach = max(reach, 3 / n_trials * highest)
    others = f", from other {spread.group}s" if spread.group else ""
    return Interval(
        low=max(0.0, estimate - reach),
        high=min(highest, estimate + reach),
        level=LEVEL,
        method="delete-a-group" if spread.group else "jackknife",
        covers=f"another sample of this size{others}",
    )
