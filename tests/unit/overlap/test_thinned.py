"""The thinned jackknife equals what all parts of a small sample come to, ties included."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from embviz.overlap.replicates import overlap_replicates
from embviz.overlap.thinned import KEPT, list_length


def crossing_of(vectors, is_second, rows, k):
    """Share of the k nearest of each of `rows` among these that are of the other class; ties by their share."""
    shares = {}
    for i in rows:
        others = np.array([j for j in rows if j != i], int)
        squared = ((vectors[others] - vectors[i]) ** 2).sum(axis=1)
        crosses, free, found = is_second[others] != is_second[i], k, 0.0
        for level in np.unique(squared):
            at = squared == level
            taken = min(free, at.sum())
            found, free = found + taken * crosses[at].mean(), free - taken
        shares[i] = found / k
    return shares


def by_all_parts(vectors, is_second, k):
    """The deviation of each item, from the overlap of every part of the sample."""
    n = len(vectors)
    sizes = np.where(is_second, is_second.sum(), (~is_second).sum())
    with_item, without = np.zeros((2, n))
    for m in range(n + 1):
        for rows in combinations(range(n), m):
            rate = sum(share / sizes[i] for i, share in crossing_of(vectors, is_second, rows, k).items()) / (2 * KEPT)
            chance = KEPT**m * (1 - KEPT) ** (n - m)
            is_there = np.isin(np.arange(n), rows)
            with_item[is_there] += chance * rate / KEPT
            without[~is_there] += chance * rate / (1 - KEPT)
    moved = KEPT * (with_item - without)
    for side in (False, True):
        moved[is_second == side] -= moved[is_second == side].mean()
    return np.sqrt(n / (n - 1)) * moved


@st.composite
def pairs(draw):
    """Few items of two classes on a lattice, so that distances tie and items coincide."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = draw(st.integers(5, 7))
    vectors = rng.integers(0, draw(st.integers(1, 9)), (n, draw(st.integers(1, 2)))).astype(np.float32)
    return vectors, np.arange(n) < draw(st.integers(2, n - 2)), draw(st.integers(1, 3))


@settings(max_examples=15)
@given(pairs())
def test_it_is_the_mean_over_all_parts_of_the_sample(pair):
    vectors, is_second, k = pair
    found = overlap_replicates(vectors, is_second, np.arange(len(vectors)), k)
    assert found.thinned == pytest.approx(by_all_parts(vectors, is_second, k), abs=1e-5)


def test_its_error_is_that_of_other_samples_where_classes_are_mixed_and_the_jackknife_is_too_long():
    rng = np.random.default_rng(0)
    is_second = np.arange(120) % 2 == 1
    draws = [
        overlap_replicates(rng.normal(size=(120, 10)).astype(np.float32), is_second, np.arange(120), 5)
        for _ in range(150)
    ]
    deviation = np.std([each.rate for each in draws])
    jackknife = [np.sqrt(119 / 120 * np.sum((each.rates - each.rates.mean()) ** 2)) for each in draws]
    assert np.mean(jackknife) > 1.25 * deviation
    assert deviation * 0.9 < np.mean([each.standard_errors[0] for each in draws]) < 1.22 * deviation


def test_groups_of_several_items_and_other_groups_only_are_left_out_as_before():
    rng = np.random.default_rng(1)
    vectors, is_second = rng.normal(size=(60, 2)).astype(np.float32), np.arange(60) % 2 == 1
    grouped = overlap_replicates(vectors, is_second, np.arange(60) // 3, 4)
    assert not len(grouped.thinned)
    rates = grouped.rates
    assert grouped.standard_errors[0] == pytest.approx(np.sqrt(19 / 20 * np.sum((rates - rates.mean()) ** 2)))
    assert not len(overlap_replicates(vectors, is_second, np.arange(60), 4, others_only=True).thinned)
    assert list_length(4) > 8
