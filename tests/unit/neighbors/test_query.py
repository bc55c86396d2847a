"""The neighbors of one item are those in the neighbor graph: same rows, same distances, same order."""

import numpy as np
import pytest

from embviz.errors import SpecError
from embviz.features.features import Features, Vectors
from embviz.neighbors import METRICS, neighbor_graph
from embviz.neighbors.query import nearest_items
from embviz.projection.pca import principal_components
from tests.unit.neighborhoods import gaussian


def assert_equals_graph(vectors, k, metric="euclidean"):
    graph = neighbor_graph(vectors, k, metric=metric)
    for row in range(len(vectors)):
        rows, distances = nearest_items(vectors, row, k, metric)
        assert rows.dtype == np.int64 and distances.dtype == np.float32
        np.testing.assert_array_equal(rows, graph.indices[row])
        np.testing.assert_array_equal(distances, graph.distances[row])


VECTORS = {
    "gaussian": lambda: gaussian(300, 30),
    "along few directions": lambda: gaussian(300, 3) @ gaussian(3, 40),
    "few different": lambda: np.random.default_rng(0).integers(0, 2, (300, 6)).astype(np.float32),
    "all equal": lambda: np.full((300, 5), 0.1, np.float32),
    "far from the origin": lambda: 1000 + gaussian(300, 30),
    "one far away": lambda: np.concatenate([gaussian(299, 30), np.full((1, 30), 1e4, np.float32)]),
    "more features than items": lambda: gaussian(40, 100),
}


@pytest.mark.parametrize("make", VECTORS.values(), ids=VECTORS)
@pytest.mark.parametrize("m", [1, 2, 5])
@pytest.mark.parametrize("k", [1, 12, 39])
def test_scores_change_nothing(make, m, k):
    vectors = np.ascontiguousarray(make(), np.float32)
    scores = principal_components(vectors, tuple(range(1, m + 1))).scores
    for row in range(0, len(vectors), 13):
        for part, same in zip(
            nearest_items(vectors, row, k, "euclidean", scores), nearest_items(vectors, row, k), strict=True
        ):
            np.testing.assert_array_equal(part, same)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("d", [1, 2, 3, 8, 784])
@pytest.mark.parametrize("k", [1, 12, 59])
def test_equals_the_graph(d, k, metric):
    assert_equals_graph(gaussian(60, d), k, metric)


@pytest.mark.parametrize("scale", [1e-9, 1e-5, 1e14])
def test_cosine_equals_the_graph_whatever_the_lengths(scale):
    vectors = gaussian(60, 20) * np.geomspace(1, 1e3, 60)[:, None]
    assert_equals_graph(np.ascontiguousarray(vectors / np.abs(vectors).max() * scale, np.float32), 9, "cosine")


@pytest.mark.parametrize("spread", [0, 1e-6, 1e-3])
def test_cosine_equals_the_graph_where_all_point_the_same_way(spread):
    assert_equals_graph((np.ones((60, 20)) + spread * gaussian(60, 20)).astype(np.float32), 9, "cosine")


def test_cosine_refuses_vectors_without_direction_as_the_graph_does():
    vectors = gaussian(9, 4)
    vectors[5] = 0
    for measure in (
        lambda: nearest_items(vectors, 0, 3, "cosine"),
        lambda: neighbor_graph(vectors, 3, metric="cosine"),
    ):
        with pytest.raises(SpecError, match=r"1 of 9 vectors are all zero \(row 5\)"):
            measure()


def test_another_metric_is_refused():
    with pytest.raises(SpecError, match="metric must be one of euclidean, cosine, got 'manhattan'"):
        nearest_items(gaussian(9, 4), 0, 3, "manhattan")


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
