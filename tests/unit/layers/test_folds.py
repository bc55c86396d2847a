"""Folds: no group is ever split, classes are spread evenly, and the order of items and classes does not matter."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from embviz.layers.folds import FOLDS, folds_of


@st.composite
def grouped(draw):
    """Ids, classes and groups of some items."""
    n = draw(st.integers(2, 60))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    _, groups = np.unique(rng.integers(0, draw(st.integers(1, n)), n), return_inverse=True)
    return rng.permutation(10 * n)[:n].astype(np.int64), rng.random(n) < 0.5, groups.astype(np.int64)


@given(grouped())
def test_folds_never_split_a_group_and_each_leaves_both_classes_to_learn_from(items):
    ids, is_second, groups = items
    folds, reason = folds_of(ids, is_second, groups)
    assert bool(reason) == (len(folds) == 0)
    if reason:
        return
    assert all(len(set(folds[groups == group])) == 1 for group in set(groups))
    for fold in range(folds.max() + 1):
        assert set(is_second[folds != fold]) == {False, True} and (folds == fold).any()


@given(grouped(), st.integers(0, 2**32 - 1))
def test_neither_the_order_of_items_nor_that_of_classes_matters(items, seed):
    ids, is_second, groups = items
    folds, reason = folds_of(ids, is_second, groups)
    assert folds_of(ids, ~is_second, groups)[1] == reason
    np.testing.assert_array_equal(folds_of(ids, ~is_second, groups)[0], folds)
    rng = np.random.default_rng(seed)
    order, renamed = rng.permutation(len(ids)), rng.permutation(groups.max() + 1)
    again, said = folds_of(ids[order], is_second[order], renamed[groups[order]])
    assert said == reason
    np.testing.assert_array_equal(again, folds[order] if len(folds) else folds)


def test_items_by_themselves_are_dealt_evenly_and_not_in_their_order():
    is_second = np.arange(1000) >= 300
    folds, _ = folds_of(np.arange(1000), is_second, np.arange(1000))
    assert np.bincount(folds).tolist() == [200] * FOLDS
    assert np.bincount(folds[is_second]).tolist() == [140] * FOLDS
    halves = np.bincount(folds[:150], minlength=FOLDS)
    assert halves.min() > 15 and halves.max() < 45
    assert (np.diff(folds[:300]) == 1).mean() < 0.4


def test_a_large_group_does_not_leave_a_fold_without_a_class():
    groups = np.r_[np.zeros(60, np.int64), np.arange(1, 41)]
    is_second = np.arange(100) % 2 == 0
    folds, _ = folds_of(np.arange(100), is_second, groups)
    shares = [is_second[folds == fold].mean() for fold in range(FOLDS)]
    assert min(shares) > 0.2 and max(shares) < 0.8


@pytest.mark.parametrize(
    ("is_second", "groups", "reason"),
    [
        ([False, True, True], [0, 1, 2], "one class has a single item"),
        ([False, False, True, True], [0, 0, 1, 2], "one class has all its items in one group"),
        ([False, False, True, True], [0, 0, 0, 0], "one class has all its items in one group"),
        ([False, False, True, True], [0, 0, 1, 1], "one class has all its items in one group"),
    ],
)
def test_where_nothing_can_be_held_out_the_reason_is_said(is_second, groups, reason):
    folds, said = folds_of(np.arange(len(groups)), np.array(is_second), np.array(groups))
    assert said == reason and len(folds) == 0
