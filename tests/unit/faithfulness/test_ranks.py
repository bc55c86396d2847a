"""Ranks of listed items: those that a table of all distances gives, with ties, duplicates, outliers and samples."""

import numpy as np
import pytest

from embviz.errors import Cancelled
from embviz.faithfulness.ranks import MOST_ROWS, rank_bounds


def by_definition(vectors, lists):
    """How many others are nearer than each listed item, and how many as far, from all distances."""
    exact = vectors.astype(np.float64)
    nearer, level = np.empty(lists.shape), np.empty(lists.shape)
    for item, listed in enumerate(lists):
        squared = ((exact - exact[item]) ** 2).sum(axis=1)
        others = np.delete(squared, item)
        nearer[item] = (others < squared[listed, None]).sum(axis=1)
        level[item] = (others == squared[listed, None]).sum(axis=1)
    return nearer, level


def lists_of_others(n, k, rng):
    return ((np.arange(n)[:, None] + rng.integers(1, n, (n, k))) % n).astype(np.int32)


VECTORS = {
    "few": lambda rng: rng.normal(size=(3, 2)),
    "long": lambda rng: rng.normal(size=(200, 300)),
    "more than a block": lambda rng: rng.normal(size=(MOST_ROWS + 300, 3)),
    "lattice": lambda rng: rng.integers(0, 3, (150, 3)),
    "twins": lambda rng: np.repeat(rng.normal(size=(60, 9)), 3, axis=0),
    "all equal": lambda rng: np.full((40, 5), 0.1),
    "far from the origin": lambda rng: 1e4 + rng.normal(size=(150, 4)),
    "an outlier": lambda rng: np.vstack([rng.normal(size=(150, 4)), np.full((1, 4), 1e6)]),
    "tiny": lambda rng: 1e-10 * rng.normal(size=(100, 4)),
    "huge": lambda rng: 1e14 * rng.normal(size=(100, 4)),
}


@pytest.mark.parametrize("kind", VECTORS)
def test_ranks_are_those_of_a_table_of_all_distances(kind):
    rng = np.random.default_rng(0)
    vectors = VECTORS[kind](rng).astype(np.float32)
    lists = lists_of_others(len(vectors), 6, rng)
    found = rank_bounds(vectors, lists)
    nearer, level = by_definition(vectors, lists)
    np.testing.assert_array_equal(found.nearer, nearer)
    np.testing.assert_array_equal(found.level, level)


def test_what_a_rank_exceeds_k_by_is_the_mean_over_all_orders_of_equally_far_items():
    rng = np.random.default_rng(1)
    vectors = rng.integers(0, 2, (30, 3)).astype(np.float32)
    lists = lists_of_others(30, 4, rng)
    found = rank_bounds(vectors, lists)
    for k in (1, 3, 10):
        for (item, place), nearer in np.ndenumerate(found.nearer):
            possible = nearer + 1 + np.arange(found.level[item, place])
            assert found.beyond(k)[item, place] == pytest.approx(np.maximum(possible - k, 0).mean())


def test_a_sample_estimates_ranks_without_bias():
    rng = np.random.default_rng(2)
    vectors = rng.normal(size=(2000, 3)).astype(np.float32)
    lists = lists_of_others(2000, 5, rng)
    exact, found = rank_bounds(vectors, lists), rank_bounds(vectors, lists, exact_up_to=1999, sample=500)
    errors = found.nearer - exact.nearer
    shares = exact.nearer / 1998
    expected = 1998 * np.sqrt(shares * (1 - shares) / 500)  # of a binomial; drawing without repetition makes it smaller
    assert np.abs(errors).mean() <= expected.mean()
    assert abs(errors.mean()) <= expected.mean() / 3  # one sample for all items: their errors go together
    assert np.array_equal(found.nearer, rank_bounds(vectors, lists, exact_up_to=1999, sample=500).nearer)


def test_counting_can_be_stopped_between_blocks():
    vectors = np.random.default_rng(3).normal(size=(2 * MOST_ROWS, 2)).astype(np.float32)
    said = []

    def stop(stage, done, total):
        said.append((stage, done, total))
        if stage == "ranks" and 0 < done < total:
            raise Cancelled("stopped as asked")

    with pytest.raises(Cancelled):
        rank_bounds(vectors, lists_of_others(len(vectors), 2, np.random.default_rng(0)), progress=stop)
    assert said[-1] == ("ranks", MOST_ROWS, 2 * MOST_ROWS)
