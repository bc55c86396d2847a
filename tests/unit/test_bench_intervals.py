"""The benchmark of intervals tells a right interval from a wrong one."""

import numpy as np

from tests.bench.intervals import Setting, coverage, drawn, markdown


def test_an_interval_by_groups_holds_and_one_that_takes_the_graph_as_given_does_not():
    found = coverage(Setting(0.3, 200, 5, 2.0), 150)
    assert found.covered >= 0.9 > found.naive
    assert "naive: 1 of 1 settings outside" in markdown([found], 150)


def test_items_of_a_group_are_alike_as_far_as_is_said():
    rng = np.random.default_rng(0)
    vectors, is_second, groups = drawn(rng, Setting(0.3, 4000, 20, 0.0))
    pairs = [np.flatnonzero((groups == group) & ~is_second)[:2] for group in range(400)]
    same = np.array([pair for pair in pairs if len(pair) == 2])
    one, two = vectors[same[:, 0]].ravel(), vectors[same[:, 1]].ravel()
    assert abs(np.corrcoef(one, two)[0, 1] - 0.3) < 0.05
