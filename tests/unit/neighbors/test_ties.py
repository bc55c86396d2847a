"""Ties drawn evenly: distances stay the same, and no item is listed more often because of its row."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from embviz.datasets.arrays import dataset_from_arrays
from embviz.features.vectors import vector_features
from embviz.neighbors import neighbor_graph, with_even_ties
from embviz.neighbors.ties import draws_of, even_picks
from tests.property.test_neighbors import lattices
from tests.unit.neighborhoods import gaussian

N = 400
TIED = {
    "all equal": np.zeros((N, 4), np.float32),
    "all as far from each other": np.eye(N, dtype=np.float32),
    "two places": np.repeat(np.eye(2, dtype=np.float32), N // 2, axis=0),
    "a few values": np.random.default_rng(0).integers(0, 2, (N, 3)).astype(np.float32),
    "pairs of equal ones as far from each other": np.repeat(np.eye(N // 2, dtype=np.float32), 2, axis=0),
}
EVERY_KIND = pytest.mark.parametrize("vectors", TIED.values(), ids=TIED)


@settings(max_examples=200)
@given(data=st.data(), seed=st.integers(0, 2**32 - 1))
def test_picks_are_different_and_below_the_total(data, seed):
    totals = np.array(data.draw(st.lists(st.integers(0, 60), min_size=1, max_size=5)))
    counts = np.array([data.draw(st.integers(0, total)) for total in totals])
    picks = even_picks(draws_of(len(totals), seed), totals, counts)
    for part, total, count in zip(np.split(picks, np.cumsum(counts)[:-1]), totals, counts, strict=True):
        assert len(set(part.tolist())) == len(part) == count
        assert all(0 <= pick < total for pick in part)


@pytest.mark.parametrize(("total", "count"), [(7, 3), (12, 5), (100, 30)])
def test_every_number_and_every_two_numbers_are_picked_as_often(total, count):
    rows = 20_000
    picks = even_picks(draws_of(rows), np.full(rows, total), np.full(rows, count)).reshape(rows, count)
    picked = np.zeros((rows, total))
    np.put_along_axis(picked, picks, 1, axis=1)
    together = picked.T @ picked / rows
    one, two = count / total, count * (count - 1) / (total * (total - 1))
    assert np.abs(np.diag(together) - one).max() < 5 * np.sqrt(one / rows)
    if total == 7:  # a prime: of other totals, some steps are never used
        assert np.abs(together[~np.eye(total, dtype=bool)] - two).max() < 5 * np.sqrt(two / rows)


@settings(max_examples=80)
@given(vectors=lattices(), data=st.data())
def test_lists_have_the_same_distances_whichever_ties_are_drawn(vectors, data):
    k = data.draw(st.integers(1, len(vectors) - 1))
    even, plain = neighbor_graph(vectors, k, ties="even"), neighbor_graph(vectors, k)
    np.testing.assert_array_equal(even.distances, plain.distances)
    exact = vectors.astype(np.float64)
    for row, (neighbors, distances) in enumerate(zip(even.indices, even.distances, strict=True)):
        assert len(set(neighbors.tolist())) == k and row not in neighbors
        np.testing.assert_allclose(np.linalg.norm(exact[neighbors] - exact[row], axis=1), distances, rtol=1e-6)
        tied = distances[1:] == distances[:-1]
        assert (neighbors[1:] > neighbors[:-1])[tied].all(), "ties are not in row order"
    first = even.first(data.draw(st.integers(1, k)))
    np.testing.assert_array_equal(first.distances, plain.distances[:, : first.k])
    assert all(
        set(part) <= set(whole) for part, whole in zip(first.indices.tolist(), even.indices.tolist(), strict=True)
    )


def listed_often(graph):
    """How often an item is listed: on average in each half of the rows, and at most."""
    counts = np.bincount(graph.indices.ravel(), minlength=len(graph))
    return counts[: len(graph) // 2].mean(), counts[len(graph) // 2 :].mean(), counts.max()


@EVERY_KIND
@pytest.mark.parametrize("k", [10, 90])
@pytest.mark.parametrize("wider", [0, 60])
def test_no_item_is_listed_more_often_for_its_place_among_the_rows(vectors, k, wider):
    graph = neighbor_graph(vectors, k + wider, ties="even").first(k)
    early, late, most = listed_often(graph)
    assert early == pytest.approx(late, rel=0.1)
    assert most < k + 6 * np.sqrt(k)  # no more than by chance


@EVERY_KIND
@pytest.mark.parametrize("wider", [0, 1, 60])
def test_a_graph_made_otherwise_becomes_even(vectors, wider):
    graph = with_even_ties(neighbor_graph(vectors, 20 + wider), 20, vectors)
    even = neighbor_graph(vectors, 20, ties="even")
    np.testing.assert_array_equal(graph.distances, even.distances)
    early, late, _ = listed_often(graph)
    assert early == pytest.approx(late, rel=0.1)
    assert graph.ties == "even"


def test_where_nothing_ties_all_graphs_are_the_same():
    vectors = gaussian(300, 5)
    plain = neighbor_graph(vectors, 12)
    np.testing.assert_array_equal(neighbor_graph(vectors, 12, ties="even").indices, plain.indices)
    for k in (12, 5):
        np.testing.assert_array_equal(with_even_ties(plain, k, vectors).indices, plain.first(k).indices)


def test_which_ties_are_drawn_does_not_depend_on_how_many_are_searched_at_once(monkeypatch):
    features = vector_features(dataset_from_arrays(vectors=TIED["a few values"]))
    graph = neighbor_graph(features, 30, ties="even")
    monkeypatch.setattr("embviz.neighbors.exact.ExactIndex.block", 7)
    np.testing.assert_array_equal(neighbor_graph(features, 30, ties="even").indices, graph.indices)


def test_thousands_of_equal_items_among_others_are_drawn_evenly_by_an_approximate_search_too():
    vectors = gaussian(8000, 10)
    vectors[:2000] = vectors[0]
    graph = neighbor_graph(vectors, 15, ties="even", exact_up_to=100)
    counts = np.bincount(graph.indices[:2000].ravel(), minlength=8000)
    assert counts[:1000].sum() == pytest.approx(counts[1000:2000].sum(), rel=0.05)
    assert not graph.distances[:2000].any()
