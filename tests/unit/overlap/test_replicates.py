"""Overlap without each group of items: equal to measuring it anew, with ties, groups, and neighbors of others only."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from embviz.overlap import class_overlap
from embviz.overlap.replicates import overlap_replicates, why_no_replicates


def by_definition(vectors, is_second, groups, k, *, others_only):
    """Rate and chance from a table of all distances; what ties for the last places counts by its share of them."""
    exact = vectors.astype(np.float64)
    distances = np.sqrt(((exact[:, None] - exact) ** 2).sum(axis=2))
    rates, chances = ([], []), ([], [])
    for item, far in enumerate(distances):
        choices = groups != groups[item] if others_only else np.arange(len(groups)) != item
        crosses = is_second != is_second[item]
        kth = np.sort(far[choices])[k - 1]
        nearer, level = choices & (far < kth), choices & (far == kth)
        share = (nearer & crosses).sum() + (k - nearer.sum()) * (level & crosses).sum() / level.sum()
        rates[int(is_second[item])].append(share / k)
        chances[int(is_second[item])].append((choices & crosses).sum() / choices.sum())
    return np.mean([np.mean(each) for each in rates]), np.mean([np.mean(each) for each in chances])


@st.composite
def grouped_pairs(draw):
    """Items of two classes on a lattice, so that distances tie and items coincide, in groups of any size."""
    n = draw(st.integers(8, 30))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    vectors = rng.integers(0, draw(st.integers(1, 5)), (n, draw(st.integers(1, 3)))).astype(np.float32)
    _, groups = np.unique(rng.integers(0, draw(st.integers(3, n)), n), return_inverse=True)
    return vectors, rng.random(n) < 0.5, groups.astype(np.int64), draw(st.integers(1, 4))


@settings(max_examples=200)
@given(grouped_pairs(), st.booleans())
def test_replicates_are_what_is_measured_without_the_group(pair, others_only):
    vectors, is_second, groups, k = pair
    if why_no_replicates(is_second, groups, k, others_only=others_only):
        return
    found = overlap_replicates(vectors, is_second, groups, k, others_only=others_only)
    rate, chance = by_definition(vectors, is_second, groups, k, others_only=others_only)
    assert (found.rate, found.chance) == pytest.approx((rate, chance), abs=1e-12)
    for group in range(groups.max() + 1):
        left = groups != group
        rate, chance = by_definition(vectors[left], is_second[left], groups[left], k, others_only=others_only)
        assert (found.rates[group], found.indices[group]) == pytest.approx((rate, rate / chance), abs=1e-12)


@settings(max_examples=200)
@given(grouped_pairs(), st.booleans())
def test_what_is_refused_cannot_be_measured_without_some_group(pair, others_only):
    _, is_second, groups, k = pair
    possible = []
    for group in range(groups.max() + 1):
        left = groups != group
        sizes = np.bincount(groups[left], minlength=len(left))
        choices = left.sum() - (sizes[groups[left]] if others_only else 1)
        possible.append(len(set(is_second[left])) == 2 and (choices >= k).all())
    assert all(possible) == (not why_no_replicates(is_second, groups, k, others_only=others_only))


@pytest.mark.parametrize(("k", "distance"), list(product([1, 10], [0, 2])))
def test_leaving_out_one_item_equals_measuring_anew_in_five_dimensions(k, distance):
    rng = np.random.default_rng(0)
    is_second = np.arange(200) < 80
    vectors = rng.normal(size=(200, 5)).astype(np.float32)
    vectors[is_second, 0] += distance
    found = overlap_replicates(vectors, is_second, np.arange(200), k)
    labels = is_second.astype(np.int64)
    anew = [
        class_overlap(np.delete(vectors, item, 0), np.delete(labels, item), (0, 1), k, space="toy")
        for item in range(200)
    ]
    assert found.rates == pytest.approx([overlap.rate for overlap in anew], abs=1e-12)
    assert found.indices == pytest.approx([overlap.index for overlap in anew], abs=1e-12)
    assert found.rate == pytest.approx(class_overlap(vectors, labels, (0, 1), k, space="toy").rate, abs=1e-12)


def test_numbers_of_groups_and_the_order_of_items_do_not_matter():
    rng = np.random.default_rng(1)
    vectors, is_second, groups = rng.normal(size=(90, 3)).astype(np.float32), rng.random(90) < 0.4, np.arange(90) // 4
    found = overlap_replicates(vectors, is_second, groups, 5)
    order, names = rng.permutation(90), rng.permutation(groups.max() + 1)
    again = overlap_replicates(vectors[order], is_second[order], names[groups][order], 5)
    assert again.rates[names] == pytest.approx(found.rates, abs=1e-12)
    assert again.standard_errors == pytest.approx(found.standard_errors, rel=1e-9)
