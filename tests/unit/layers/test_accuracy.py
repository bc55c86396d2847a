"""Accuracies: Wilson's interval where items are independent, and longer ones where groups say so."""

import numpy as np
import pytest
from scipy.stats import binomtest

from embviz.errors import InputError
from embviz.layers.accuracy import Accuracy, held_out_accuracy, no_accuracy
from embviz.layers.items import PairItems
from embviz.overlap.intervals import Spread


def pair_of(n, groups=None, group=""):
    rows = np.arange(n)
    is_second = rows % 2 == 1
    own = rows if groups is None else groups
    return PairItems(rows, rows, np.zeros((n, 1), np.float32), is_second, own, group)


@pytest.mark.parametrize("n_wrong", [2, 10, 100, 500])
def test_the_interval_of_many_independent_items_is_scipys(n_wrong):
    """Both classes have the same share of wrong items, so that the balanced share is the plain one."""
    n = 4000
    is_right = np.ones(n)
    is_right[:n_wrong] = 0
    found = held_out_accuracy("probe", pair_of(n), is_right)
    known = binomtest(n - n_wrong, n).proportion_ci(method="wilson")
    assert found.value == pytest.approx(1 - n_wrong / n, abs=1e-12)
    assert (found.interval.low, found.interval.high) == pytest.approx((known.low, known.high), abs=1e-5)


def test_where_all_are_right_the_interval_is_that_of_as_many_trials():
    found = held_out_accuracy("axis", pair_of(200), np.ones(200))
    known = binomtest(200, 200).proportion_ci(method="wilson")
    assert found.interval.high == 1 and found.interval.low == pytest.approx(known.low, abs=1e-3)
    by_writer = held_out_accuracy("axis", pair_of(200, np.arange(200) // 10, "writer"), np.ones(200))
    assert by_writer.interval.low < found.interval.low, "there are only 20 of them"


def test_items_that_are_wrong_together_count_as_one():
    """Groups of ten that are right or wrong as a whole: the error is that of a tenth of the items."""
    groups = np.arange(2000) // 10
    is_right = (groups % 5 != 0).astype(float)
    by_item, by_group = (
        held_out_accuracy("probe", pair_of(2000), is_right),
        held_out_accuracy("probe", pair_of(2000, groups, "writer"), is_right),
    )
    assert by_group.value == by_item.value == pytest.approx(0.8)
    assert by_group.spread.rate_error / by_item.spread.rate_error == pytest.approx(10**0.5, rel=0.01)
    assert by_group.interval.covers == "other items, from other writers, judged by the same probe"


def test_classes_of_different_size_count_the_same():
    rows = np.arange(100)
    pair = PairItems(rows, rows, np.zeros((100, 1), np.float32), rows >= 90, rows, "")
    assert held_out_accuracy("probe", pair, (rows < 90).astype(float)).value == 0.5


def test_what_is_not_known_says_why():
    found = no_accuracy("probe", pair_of(10), "one class has a single item")
    assert found.value is found.interval is None and found.spread.missing == "one class has a single item"


def test_judges_and_shares_that_cannot_be_are_refused():
    spread = Spread(0.1, None, 10, 2.0)
    with pytest.raises(InputError, match="judge must be one of neighbors, probe, axis"):
        Accuracy("jury", (1.0, 1.0), spread, 10)
    with pytest.raises(InputError, match="right must be in"):
        Accuracy("probe", (1.0, 1.5), spread, 10)
