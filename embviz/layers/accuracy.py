"""Accuracy with which a judge tells two classes apart on items that it was not fitted to, with its interval."""

import math
from dataclasses import dataclass, replace

import numpy as np

from embviz.arrays import Float64Array
from embviz.checks.arguments import check_fields, check_range
from embviz.errors import InputError
from embviz.layers.items import PairItems
from embviz.overlap.counting import total
from embviz.overlap.intervals import Interval, Spread, interval_of, quantile_of

JUDGES = ("neighbors", "probe", "axis")


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Share of the items of two classes that a judge puts into the right class, mean over the classes.

    Not the accuracy of a network with all its classes: only two are told apart, and both count the same.

    Attributes
    ----------
    judge
        ``neighbors`` (the vote of the nearest), ``probe`` (logistic regression) or ``axis`` (linear discriminant).
    right
        Share of the items of class a, and of class b, that are judged right, 0..1; an item on the border counts half.
        None if the accuracy is not known.
    spread
        Standard error from which the interval follows, or the reason why there is no interval.
    n_trials
        Number of independent trials that a share of 0 or 1 stands for: the n of 3 / n.
    """

    judge: str
    right: tuple[float, float] | None
    spread: Spread
    n_trials: int

    def __post_init__(self) -> None:
        check_fields(self)
        if self.judge not in JUDGES:
            raise InputError(f"judge must be one of {', '.join(JUDGES)}, got {self.judge!r}")
        for share in self.right or ():
            check_range("right", share, 0, 1)

    @property
    def value(self) -> float | None:
        """Mean of the two shares, 0..1: one half is chance. None if the accuracy is not known."""
        return None if self.right is None else sum(self.right) / 2

    @property
    def interval(self) -> Interval | None:
        """95 % confidence interval of the accuracy, for what its `covers` says; None if it is not known."""
        if self.value is None or self.spread.rate_error is None:
            return None
        interval = interval_of(self.value, self.spread.rate_error, 1.0, self.spread, self.n_trials)
        if self.judge == "neighbors":
            return interval
        low, high = _wilson(self.value, self.spread.rate_error, self.spread.quantile, self.n_trials)
        others = f", from other {self.spread.group}s" if self.spread.group else ""
        covers = f"other items{others}, judged by the same {self.judge}"
        return replace(interval, low=low, high=high, method="cross-validation", covers=covers)


def no_accuracy(judge: str, pair: PairItems, reason: str, right: tuple[float, float] | None = None) -> Accuracy:
    """An accuracy without an interval, for the given reason; if `right` is None, the accuracy is not known either."""
    spread = Spread(None, None, _n_units(pair), quantile_of(max(2, _n_units(pair))), pair.group, reason)
    return Accuracy(judge, right, spread, n_trials_of(pair))


def held_out_accuracy(judge: str, pair: PairItems, is_right: Float64Array) -> Accuracy:
    """Accuracy of judges that were fitted to other folds than the items they judge.

    The standard error is that of Bayle, Bayle, Janson and Mackey (2020): judges of different folds are nearly the same,
    so their results on the items count as independent, group by group. With e_i = (r_i - mean of its class) / (2 m),
    m the number of items of the class, the squared standard error is G / (G - 1) times the sum over the G groups of
    (sum of e_i)^2. The interval is that of Wilson (1927) for the number of independent items that would have this error
    (Korn and Graubard, 1998), because a symmetric interval is too short near 1. It says how these judges would do on
    other items; it does not include that judges fitted to other samples would differ, too.

    Parameters
    ----------
    judge
        As in `Accuracy`.
    pair
        The items.
    is_right
        float64, shape (n,): 1 for an item that is judged right, 0 for a wrong one, one half on the border.

    Examples
    --------
    >>> ids = np.arange(4)
    >>> pair = PairItems(ids, ids, np.zeros((4, 1), np.float32), np.array([False, False, True, True]), ids, "")
    >>> found = held_out_accuracy("probe", pair, np.array([1.0, 0.0, 1.0, 1.0]))
    >>> found.value, round(found.spread.rate_error**2, 6) == round(4 / 3 * 2 * (0.5 / 4) ** 2, 6)
    (0.75, True)
    """
    sides = zip((False, True), pair.n_per_class, strict=True)
    means = [total(is_right[pair.is_second == side]) / count for side, count in sides]
    counts = np.where(pair.is_second, pair.n_per_class[1], pair.n_per_class[0])
    deviations = (is_right - np.where(pair.is_second, means[1], means[0])) / (2 * counts)
    n_groups = _n_units(pair)
    error = float(np.sqrt(n_groups / (n_groups - 1) * np.sum(np.bincount(pair.groups, deviations) ** 2)))
    spread = Spread(error, None, n_groups, quantile_of(n_groups), pair.group)
    return Accuracy(judge, (means[0], means[1]), spread, n_trials_of(pair))


def _wilson(share: float, error: float, quantile: float, n_trials: int) -> tuple[float, float]:
    """Ends of Wilson's interval for a share with this standard error, or from `n_trials` trials if the error is 0."""
    n = share * (1 - share) / error**2 if error > 0 else n_trials
    square = quantile**2 / n
    middle, reach = share + square / 2, quantile * math.sqrt(share * (1 - share) / n + square / (4 * n))
    return max(0.0, (middle - reach) / (1 + square)), min(1.0, (middle + reach) / (1 + square))


def n_trials_of(pair: PairItems) -> int:
    """Number n of trials for the bound 3 / n of a balanced share: groups, else twice the items of the smaller class."""
    return _n_units(pair) if pair.group else 2 * min(pair.n_per_class)


def _n_units(pair: PairItems) -> int:
    return int(pair.groups.max()) + 1
