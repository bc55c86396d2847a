"""A table of too many classes shows those with the largest entries, and the chosen ones in any case."""

import numpy as np
from hypothesis import given, strategies as st

from embviz.overlap.table.readable import readable_classes


@given(st.integers(3, 30), st.integers(0, 2**32 - 1), st.integers(2, 30))
def test_the_largest_entries_and_the_chosen_classes_are_shown(n, seed, most):
    values = np.random.default_rng(seed).random((n, n))
    np.fill_diagonal(values, np.nan)
    chosen = (n - 1, 0)
    codes = readable_classes(values, chosen, most)
    assert len(codes) == min(n, most) and (np.diff(codes) > 0).all() and {*chosen} <= {*codes.tolist()}
    largest = np.nanmax(np.fmax(values, values.T), axis=1)
    others = np.setdiff1d(np.arange(n), chosen)
    left_out, shown = np.setdiff1d(others, codes), np.intersect1d(others, codes)
    assert not len(left_out) or not len(shown) or largest[left_out].max() <= largest[shown].min()


def test_a_class_without_entries_comes_last():
    values = np.array([[np.nan, np.nan, 0.2], [np.nan, np.nan, np.nan], [0.2, np.nan, np.nan]])
    assert readable_classes(values, most=2).tolist() == [0, 2]
