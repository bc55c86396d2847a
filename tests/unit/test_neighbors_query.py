"""One item's neighbors are its line of the neighbor graph: same rows, same distances, same order."""

import numpy as np
import pytest

from embviz.errors import SpecError
from embviz.features.features import Features, Vectors
from embviz.neighbors import neighbor_graph
from embviz.neighbors.query import nearest_items
from tests.unit.neighborhoods import gaussian


def assert_equals_graph(vectors, k):
    graph = neighbor_graph(vectors, k)
    for row in range(len(vectors)):
        rows, distances = nearest_items(vectors, row, k)
        assert rows.dtype == np.int64 and distances.dtype == np.float32
        np.testing.assert_array_equal(rows, graph.indices[row])
        np.testing.assert_array_equal(distances, graph.distances[row])


@pytest.mark.parametrize("d", [1, 2, 3, 8, 784])
@pytest.mark.parametrize("k", [1, 12, 59])
def test_equals_the_graph(d, k):
    assert_equals_graph(gaussian(60, d), k)


@pytest.mark.parametrize("k", [1, 3, 4, 7, 26])
def test_ties_go_to_the_lower_rows_as_in_the_graph(k):
    grid = np.stack(np.meshgrid(*[np.arange(3)] * 3), axis=-1).reshape(-1, 3).astype(np.float32)
    assert_equals_graph(np.random.default_rng(0).permutation(grid), k)


@pytest.mark.parametrize("k", [1, 2, 5, 19, 39])
def test_exact_duplicates_are_neighbors_at_distance_zero_as_in_the_graph(k):
    twins = np.random.default_rng(0).permutation(np.repeat(gaussian(8, 5), 5, axis=0))
    assert_equals_graph(twins, k)
    rows, distances = nearest_items(twins, 11, 4)
    assert not distances.any() and 11 not in rows.tolist()
    assert (twins[rows] == twins[11]).all()


def test_all_items_equal():
    rows, distances = nearest_items(np.full((6, 3), 0.1, np.float32), 2, 3)
    assert rows.tolist() == [0, 1, 3] and not distances.any()


@pytest.mark.parametrize("offset", [1e3, 1e6])
def test_a_common_offset_changes_no_more_than_in_the_graph(offset):
    assert_equals_graph((gaussian(60, 20) + offset).astype(np.float32), 9)


@pytest.mark.parametrize("scale", [1e-11, 1e13])
def test_the_unit_of_measure_changes_no_more_than_in_the_graph(scale):
    assert_equals_graph(np.float32(scale) * gaussian(60, 20), 9)


def test_vectors_of_features_are_measured_as_they_are():
    vectors = gaussian(20, 4)
    features = Features(vectors, np.arange(20) + 100, Vectors(), "a test")
    rows, _ = nearest_items(features.vectors, 3, 5)  # read-only, as features are
    np.testing.assert_array_equal(rows, neighbor_graph(features, 5).indices[3])


@pytest.mark.parametrize("k", [0, -1, 5, 6])
def test_there_are_at_most_all_other_items(k):
    with pytest.raises(SpecError, match=rf"k must be in 1\.\.4, the number of other items, got {k}"):
        nearest_items(gaussian(5, 2), 0, k)


def test_two_items_are_each_others_neighbors():
    pair = np.array([[0, 0], [3, 4]], np.float32)
    assert [part.tolist() for part in nearest_items(pair, 0, 1)] == [[1], [5.0]]
    assert [part.tolist() for part in nearest_items(pair, 1, 1)] == [[0], [5.0]]
