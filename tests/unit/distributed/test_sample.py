"""The sample of landmarks: shares of classes, the lowest lots, the same however items are cut."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from embviz.distributed.items import Known
from embviz.distributed.partitions import cuts
from embviz.distributed.sample import drawn_of, drawn_together, wanted_of
from embviz.distributed.scan import Whole
from embviz.items.mixed import mixed


def drawn(keys, labels, parts, limit, seed):
    """Keys and classes of the sample of items that are cut so, in its order."""
    names = tuple(sorted(set(labels.tolist())))
    counts = np.array([np.sum(labels == name) for name in names])
    wanted = wanted_of(Whole(len(keys), names, counts, None), limit)
    found = []
    for number, rows in enumerate(parts):
        own, codes = np.unique(labels[rows], return_inverse=True)
        found.append(drawn_of(Known(keys[rows], codes.astype(np.int64), tuple(own.tolist())), number, wanted, seed))
    whole = drawn_together(found, wanted)
    rows = [parts[number][row] for number, row in zip(whole.numbers, whole.rows, strict=True)]
    assert [names[code] for code in whole.codes] == labels[rows].tolist()
    return keys[rows], labels[rows], wanted


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 60), st.integers(1, 6))
def test_it_is_the_same_however_items_are_cut_and_keeps_shares(seed, limit, n_parts):
    rng = np.random.default_rng(seed)
    labels = rng.choice(["a", "b", "c"], 50, p=[0.7, 0.25, 0.05])
    keys = mixed(np.arange(50))
    shuffled = rng.permutation(50)
    one, of_one, wanted = drawn(keys, labels, [np.arange(50)], limit, seed)
    many, of_many, _ = drawn(keys, labels, np.array_split(shuffled, n_parts), limit, seed)
    assert one.tolist() == many.tolist() and of_one.tolist() == of_many.tolist()
    assert len(one) == min(limit, 50)
    counts = Counter(labels.tolist())
    for name, count in Counter(of_one.tolist()).items():
        assert count == wanted[name] and abs(count - min(limit, 50) * counts[name] / 50) < 1


def test_another_seed_draws_others_and_each_is_as_likely():
    keys, labels = mixed(np.arange(20)), np.full(20, "a")
    often = Counter(key for seed in range(2000) for key in drawn(keys, labels, [np.arange(20)], 5, seed)[0].tolist())
    assert len(often) == 20
    assert max(abs(count - 500) for count in often.values()) < 5 * np.sqrt(2000 * 0.25 * 0.75)


@given(st.lists(st.integers(0, 50), max_size=12), st.integers(1, 20))
def test_partitions_cover_all_rows_once_and_none_is_too_large(groups, most):
    found = cuts(groups, most)
    assert [row for first, n in found for row in range(first, first + n)] == list(range(sum(groups)))
    assert all(1 <= n <= most for _, n in found)


@pytest.mark.parametrize("groups", [[5, 5, 5, 5], [1] * 20])
def test_small_groups_are_read_together(groups):
    assert cuts(groups, 10) == [(0, 10), (10, 10)]
