"""Pairs of a neighbor graph with the weights of both directions, compared with scipy's transpose."""

import numpy as np
import pytest
from numba import get_num_threads, set_num_threads
from scipy.sparse import csr_array

from embviz.errors import Cancelled
from embviz.projection.kernels.symmetric import symmetric_pairs


def lists(n, k, seed=0, popular=None):
    """Random neighbor lists in random order; with `popular`, every list begins with the first `popular` items."""
    random = np.random.default_rng(seed)
    rows = [random.permutation(np.delete(np.arange(n), i)) for i in range(n)]
    if popular is not None:
        rows = [sorted(row, key=lambda j: j >= popular) for row in rows]
    indices = np.array([row[:k] for row in rows], np.int32)
    return indices, random.random((n, k), dtype=np.float32) + np.float32(0.5)


def matrices(indices, weights):
    n, k = indices.shape
    directed = csr_array((weights.ravel(), indices.ravel(), np.arange(n + 1) * k), shape=(n, n))
    return directed, directed.T


@pytest.mark.parametrize(
    "given",
    [lists(2, 1), lists(3, 2), lists(40, 1), lists(40, 39), lists(500, 7), lists(300, 5, popular=6)],
    ids=["a pair", "all of three", "the nearest only", "everybody", "some", "popular ones"],
)
def test_pairs_are_those_of_the_matrix_and_its_transpose(given):
    directed, turned = matrices(*given)
    pairs = symmetric_pairs(*given)
    union = (directed + turned).tocsr()
    union.sort_indices()
    np.testing.assert_array_equal(pairs.starts, union.indptr)
    np.testing.assert_array_equal(pairs.columns, union.indices)
    rows = np.repeat(np.arange(len(pairs.starts) - 1), np.diff(pairs.starts))
    np.testing.assert_array_equal(pairs.forward, directed.toarray()[rows, pairs.columns])
    np.testing.assert_array_equal(pairs.backward, turned.toarray()[rows, pairs.columns])


def test_they_do_not_depend_on_the_number_of_threads():
    given, threads = lists(400, 9), get_num_threads()
    results = []
    try:
        for count in (1, threads):
            set_num_threads(count)
            results.append(symmetric_pairs(*given))
    finally:
        set_num_threads(threads)
    for one, other in zip(*results, strict=True):
        np.testing.assert_array_equal(one, other)


def test_what_is_given_is_not_changed():
    indices, weights = lists(50, 4)
    before = indices.copy(), weights.copy()
    symmetric_pairs(indices, weights)
    np.testing.assert_array_equal(indices, before[0])
    np.testing.assert_array_equal(weights, before[1])


@pytest.mark.parametrize("calls", [1, 2, 3, 4])
def test_it_can_be_stopped_between_its_steps(calls):
    said = []

    def cancel(stage, done, total):
        said.append(stage)
        if len(said) == calls:
            raise Cancelled("enough")

    with pytest.raises(Cancelled):
        symmetric_pairs(*lists(20, 3), progress=cancel)
    assert said == ["affinities"] * calls
