"""Approximate search for neighbors: recall, its limits, and the same result for any number of threads."""

import faiss
import numpy as np
import pytest

from embviz.neighbors import approximate, measured, neighbor_graph
from embviz.neighbors.approximate import CELL_DIMENSIONS, CellIndex, HnswIndex, ShortenedIndex, approximate_indexes
from embviz.neighbors.coded import CodedIndex
from embviz.neighbors.measured import measured_index
from embviz.neighbors.rows import twins_of
from embviz.progress import no_progress
from tests.unit.neighborhoods import brute_force, gaussian


def flat(n, d):
    """Vectors of d dimensions that lie in a subspace of ten."""
    return gaussian(n, 10) @ gaussian(10, d, seed=1)


def clustered(clusters, each, d):
    """Vectors that vary in all dimensions alike around the middles of clusters."""
    return np.repeat(10 * gaussian(clusters, d, seed=1), each, axis=0) + gaussian(clusters * each, d)


KINDS = {
    CellIndex: flat(8000, 10),
    ShortenedIndex: flat(8000, CELL_DIMENSIONS + 1),
    HnswIndex: clustered(50, 40, CELL_DIMENSIONS + 1),
}
"""Vectors for which each kind of index is used."""

EVERY_KIND = pytest.mark.parametrize(
    "vectors", [gaussian(3000, 10), *KINDS.values()], ids=["few", *(kind.__name__ for kind in KINDS)]
)


@EVERY_KIND
def test_recall_is_measured_and_high(vectors):
    graph = neighbor_graph(vectors, 10, exact_up_to=100)
    assert graph.recall >= 0.99
    found = np.mean(graph.distances <= neighbor_graph(vectors, 10).distances[:, -1:])
    assert found == pytest.approx(graph.recall, abs=0.005)


@EVERY_KIND
def test_the_graph_does_not_depend_on_the_number_of_threads(vectors):
    threads = faiss.omp_get_max_threads()
    graphs = []
    try:
        for count in (1, 2, 4):
            faiss.omp_set_num_threads(count)
            graphs.append(neighbor_graph(vectors, 10, exact_up_to=100))
    finally:
        faiss.omp_set_num_threads(threads)
    for graph in graphs[1:]:
        np.testing.assert_array_equal(graph.indices, graphs[0].indices)
        np.testing.assert_array_equal(graph.distances, graphs[0].distances)


@pytest.mark.parametrize(("n", "d"), [(2500, 100), (8000, 100), (2500, CELL_DIMENSIONS + 1)])
def test_where_search_finds_too_little_the_graph_is_exact(n, d):
    noise = gaussian(n, d)  # all items are about equally far apart
    graph = neighbor_graph(noise, 10, exact_up_to=100)
    assert graph.recall == 1
    np.testing.assert_array_equal(graph.indices, neighbor_graph(noise, 10).indices)


def test_the_kinds_of_index_that_these_tests_mean_are_used():
    for kind, vectors in KINDS.items():
        index, recall = measured_index(
            twins_of(vectors), vectors, 10, "euclidean", exact_up_to=100, progress=no_progress
        )
        assert type(index) is kind and recall >= 0.99


def test_what_a_query_is_answered_does_not_depend_on_what_else_is_asked():
    vectors = KINDS[ShortenedIndex]
    (index, *_) = approximate_indexes(vectors, "euclidean", no_progress)
    index.effort = index.efforts(11)[-1]
    together = index.nearest(vectors[:600], 11)
    for start, stop in ((0, 1), (1, 8), (8, 601)):
        for whole, part in zip(together, index.nearest(vectors[start : min(stop, 600)], 11), strict=True):
            np.testing.assert_array_equal(whole[start:stop], part)


@pytest.mark.parametrize("d", [CELL_DIMENSIONS + 1, 1500])
def test_vectors_that_vary_along_few_directions_are_shortened_to_these(d):
    vectors = flat(1200, d)
    (index, *_) = approximate_indexes(vectors, "euclidean", no_progress)
    directions = index._directions
    assert directions.shape[1] == d and len(directions) <= 64
    moved = vectors - vectors.mean(axis=0)
    shown = moved @ directions.T
    np.testing.assert_allclose((shown**2).sum(axis=1), (moved**2).sum(axis=1), rtol=1e-3)


def test_duplicates_do_not_crowd_out_what_cells_hold():
    vectors = KINDS[CellIndex].copy()
    vectors[:2000] = vectors[0]
    graph = neighbor_graph(vectors, 15, exact_up_to=100)
    exact = neighbor_graph(vectors, 15)
    np.testing.assert_array_equal(graph.indices[:2000], exact.indices[:2000])
    assert np.mean(graph.indices == exact.indices) > 0.99


@pytest.mark.parametrize("kind", [CellIndex, HnswIndex])
def test_a_list_that_search_cannot_fill_is_found_exactly(kind):
    rng = np.random.default_rng(0)
    islands = np.repeat(rng.integers(-1000, 1000, (100, 8)), 12, axis=0)
    vectors = (islands + rng.integers(-5, 6, islands.shape)).astype(np.float32)
    index = kind(vectors, "euclidean", no_progress)
    index.effort = 1
    positions, distances = index.nearest(vectors, 50)
    short = (index.found(vectors, 50) < 0).any(axis=1)
    assert short.any()
    indices, expected = brute_force(vectors, 49)
    np.testing.assert_array_equal(positions[short, 1:], indices[short])
    np.testing.assert_array_equal(distances[short, 1:], expected[short])


def test_few_different_vectors_are_compared_exactly_however_many_items():
    vectors = np.repeat(gaussian(50, 10), 10, axis=0)
    assert neighbor_graph(vectors, 20, exact_up_to=50).recall == 1


def test_layouts_are_compared_exactly_whatever_their_size():
    assert neighbor_graph(gaussian(500, 3), 5, exact_up_to=10).recall == 1


@pytest.fixture
def many(monkeypatch):
    """Vectors that count as very many, so that cells hold codes of them."""
    monkeypatch.setattr(approximate, "CODED_FROM", 1000)
    return flat(4000, 25)


def test_codes_propose_and_whole_rows_decide(many):
    index, recall = measured_index(twins_of(many), many, 10, "euclidean", exact_up_to=100, progress=no_progress)
    assert type(index) is CodedIndex and recall >= 0.99
    graph = neighbor_graph(many, 10, exact_up_to=100)
    exact = neighbor_graph(many, 10)
    is_whole = (graph.indices == exact.indices).all(axis=1)
    assert is_whole.mean() > 0.8
    np.testing.assert_array_equal(graph.distances[is_whole], exact.distances[is_whole])
    assert np.mean(graph.distances <= exact.distances[:, -1:]) == pytest.approx(graph.recall, abs=0.005)


def test_codes_give_the_same_for_any_threads_and_whatever_else_is_asked(many):
    threads = faiss.omp_get_max_threads()
    found = []
    try:
        for count in (1, 2, 4):
            faiss.omp_set_num_threads(count)
            index = CodedIndex(many, "euclidean", no_progress)
            index.effort = index.efforts(11)[-1]
            found.append(index.nearest(many[:600], 11))
    finally:
        faiss.omp_set_num_threads(threads)
    for positions, distances in found[1:]:
        np.testing.assert_array_equal(positions, found[0][0])
        np.testing.assert_array_equal(distances, found[0][1])
    for start, stop in ((0, 1), (1, 8), (8, 600)):
        for whole, part in zip(found[0], index.nearest(many[start:stop], 11), strict=True):
            np.testing.assert_array_equal(whole[start:stop], part)


@pytest.mark.parametrize("d", [8, 9, 200])
def test_rows_of_any_width_are_coded(many, d):
    vectors = flat(3000, d)
    (index,) = approximate_indexes(vectors, "euclidean", no_progress)
    assert type(index) is CodedIndex
    index.effort = index.efforts(11)[-1]
    np.testing.assert_array_equal(index.nearest(vectors[:50], 1)[0][:, 0], np.arange(50))


def test_a_column_without_spread_and_far_rows_are_coded(many):
    vectors = many.copy()
    vectors[:, 3] = 7
    vectors[5] *= 1e6
    graph = neighbor_graph(vectors, 10, exact_up_to=100)
    assert graph.recall >= 0.99
    assert (np.diff(graph.distances, axis=1) >= 0).all()


def test_among_very_many_the_most_thorough_search_is_taken_where_none_is_nearly_complete(many, monkeypatch):
    noise = gaussian(4000, 25)
    monkeypatch.setattr(measured, "MANY", 1000)
    monkeypatch.setattr(measured, "LEAST_RECALL", 1.1)
    graph = neighbor_graph(many, 10, exact_up_to=100)
    assert 0.95 <= graph.recall <= 1
    monkeypatch.setattr(measured, "ENOUGH", 1.05)
    exact = neighbor_graph(noise, 10, exact_up_to=100)
    np.testing.assert_array_equal(exact.indices, neighbor_graph(noise, 10).indices)
    assert exact.recall == 1
