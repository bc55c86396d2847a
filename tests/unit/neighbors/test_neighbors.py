"""Neighbor graphs: oracles, ties, duplicates, extreme data, errors and cancellation."""

from itertools import groupby

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from embviz.datasets.arrays import dataset_from_arrays
from embviz.errors import Cancelled, InputError, SpecError
from embviz.features.vectors import vector_features
from embviz.neighbors import NeighborGraph, checked_vectors, nearest_rows, neighbor_graph
from embviz.neighbors.approximate import TRAINING_ROUNDS
from embviz.neighbors.measured import SAMPLE
from tests.unit.neighborhoods import brute_force, gaussian


@pytest.mark.parametrize("d", [1, 2, 3, 4, 50, 784])
def test_exact_graph_equals_brute_force(d):
    vectors = gaussian(300, d)
    graph = neighbor_graph(vectors, 12)
    indices, distances = brute_force(vectors, 12)
    np.testing.assert_array_equal(graph.indices, indices)
    np.testing.assert_allclose(graph.distances, distances, rtol=1e-6)
    assert graph.recall == 1


@pytest.mark.parametrize("offset", [1e3, 1e6])
def test_a_common_offset_costs_no_accuracy(offset):
    vectors = (gaussian(300, 20) + offset).astype(np.float32)
    graph = neighbor_graph(vectors, 12)
    indices, distances = brute_force(vectors, 12)
    np.testing.assert_allclose(graph.distances, distances, rtol=1e-6)
    assert np.mean(graph.indices == indices) == pytest.approx(1, abs=0.001)  # some distances are equal in float32


@pytest.mark.parametrize("scale", [1e-11, 1e13])
def test_neighbors_do_not_depend_on_the_unit_of_measure(scale):
    vectors = gaussian(200, 10)
    np.testing.assert_array_equal(
        neighbor_graph(np.float32(scale) * vectors, 9).indices, neighbor_graph(vectors, 9).indices
    )


def test_one_far_outlier_leaves_the_others_exact():
    vectors = gaussian(300, 20)
    vectors[17] *= 1e5
    graph = neighbor_graph(vectors, 12)
    others = np.arange(300) != 17
    np.testing.assert_array_equal(graph.indices[others], brute_force(vectors, 12)[0][others])


@pytest.mark.parametrize("k", [3, 8, 20, 36, 100, 254])
def test_ties_across_the_end_of_a_list_go_to_the_lower_rows(k):
    cube = ((np.arange(256)[:, None] >> np.arange(8)) & 1).astype(np.float32)  # 8 rows at 1, 28 at sqrt(2), ...
    cube = np.random.default_rng(0).permutation(cube)
    graph = neighbor_graph(cube, k)
    indices, distances = brute_force(cube, k)
    np.testing.assert_array_equal(graph.indices, indices)
    np.testing.assert_array_equal(graph.distances, distances)


@pytest.mark.parametrize("d", [2, 10])
def test_of_equal_rows_the_lowest_are_neighbors_at_distance_zero(d):
    graph = neighbor_graph(np.full((50, d), 0.1, np.float32), 3)
    assert graph.indices[[0, 1, 40]].tolist() == [[1, 2, 3], [0, 2, 3], [0, 1, 2]]
    assert not graph.distances.any()


@pytest.mark.parametrize("exact_up_to", [20_000, 100])
def test_half_of_the_rows_being_duplicates_changes_nothing(exact_up_to):
    vectors = gaussian(600, 6)
    vectors[::2] = 0
    graph = neighbor_graph(vectors, 15, exact_up_to=exact_up_to)
    indices, _ = brute_force(vectors, 15)
    found = np.mean(graph.indices == indices)
    assert found == 1 if exact_up_to > 600 else found > 0.99
    assert not graph.distances[::2].any()
    np.testing.assert_array_equal(graph.indices[::2], indices[::2])


def test_cosine_equals_scikit_learn():
    vectors = gaussian(400, 30)
    graph = neighbor_graph(vectors, 10, metric="cosine")
    distances, indices = NearestNeighbors(n_neighbors=11, metric="cosine", algorithm="brute").fit(vectors).kneighbors()
    np.testing.assert_array_equal(graph.indices, indices[:, :10])
    np.testing.assert_allclose(graph.distances, distances[:, :10], atol=1e-6)
    assert graph.metric == "cosine"


def test_cosine_distance_is_zero_along_a_direction_and_two_against_it():
    vectors = np.array([[1, 2, 2], [3, 6, 6], [-1, -2, -2]], np.float32)
    graph = neighbor_graph(vectors, 2, metric="cosine")
    assert graph.indices.tolist() == [[1, 2], [0, 2], [0, 1]]
    np.testing.assert_allclose(graph.distances, [[0, 2], [0, 2], [2, 2]], atol=1e-6)
    assert graph.distances[0, 0] == 0


def test_cosine_names_the_rows_without_direction():
    vectors = gaussian(20, 4)
    vectors[[3, 11]] = 0
    with pytest.raises(SpecError, match=r"2 of 20 vectors are all zero \(rows 3, 11\).*euclidean"):
        neighbor_graph(vectors, 2, metric="cosine")


def test_features_and_their_array_give_the_same_graph():
    features = vector_features(dataset_from_arrays(vectors=gaussian(30, 5)))
    from_features, from_array = neighbor_graph(features, 4), neighbor_graph(features.vectors, 4)
    np.testing.assert_array_equal(from_features.indices, from_array.indices)


def test_vectors_stay_the_callers_and_unchanged():
    vectors = gaussian(50, 5)
    before = vectors.copy()
    for metric in ("euclidean", "cosine"):
        neighbor_graph(vectors, 4, metric=metric)
    np.testing.assert_array_equal(vectors, before)
    assert vectors.flags.writeable


def test_first_holds_the_nearest_columns():
    vectors = gaussian(100, 5)
    graph = neighbor_graph(vectors, 20)
    first = graph.first(7)
    np.testing.assert_array_equal(first.indices, neighbor_graph(vectors, 7).indices)
    np.testing.assert_array_equal(first.distances, graph.distances[:, :7])
    assert (first.k, graph.k, len(first)) == (7, 20, 100)
    with pytest.raises(SpecError, match=r"k must be in 1..20"):
        graph.first(21)


class TestNearestRows:
    def test_a_row_finds_others_of_its_own_group_but_not_itself(self):
        line = checked_vectors(np.array([[0], [1], [3], [7]], np.float32))
        rows = np.array([0, 2, 3])
        assert nearest_rows(line, 2, among=rows, of=rows).indices.tolist() == [[2, 3], [0, 3], [2, 0]]

    def test_rows_come_back_in_the_order_asked(self):
        line = np.array([[0], [1], [3], [7]], np.float32)
        nearest = nearest_rows(line, 1, among=np.array([0, 3]), of=np.array([2, 1, 2]))
        assert nearest.indices.tolist() == [[0], [0], [0]]
        assert nearest.distances.tolist() == [[3], [1], [3]]

    @pytest.mark.parametrize(("among", "k", "choices"), [([0, 1], 2, 1), ([2, 3], 3, 2), ([2, 3], 0, 2), ([], 1, 0)])
    def test_more_neighbors_than_rows_are_refused(self, among, k, choices):
        line = np.array([[0], [1], [3], [7]], np.float32)
        with pytest.raises(SpecError, match=rf"1..{choices}, .* got {k}"):
            nearest_rows(line, k, among=np.array(among, np.int64), of=np.array([0]))


@pytest.mark.parametrize(
    ("vectors", "k", "message"),
    [
        (gaussian(10, 3), 10, "k must be in 1..9, got k 10 for 10 items"),
        (gaussian(10, 3), 0, "k must be in 1..9"),
        (gaussian(1, 3), 1, "at least 2 items"),
        (gaussian(10, 3).astype(np.float64), 2, "float32"),
        (gaussian(10, 3)[0], 2, r"shape \(3,\)"),
        (np.zeros((4, 0), np.float32), 2, r"shape \(4, 0\)"),
        (np.array([[1], [np.nan]], np.float32), 1, "finite"),
        (np.array([[1], [-np.inf]], np.float32), 1, "finite"),
        (np.array([[1], [1e30]], np.float32), 1, "scale"),
        (np.array([[0], [1e-30]], np.float32), 1, "scale"),
    ],
)
def test_bad_input_is_refused_with_what_would_work(vectors, k, message):
    with pytest.raises(SpecError, match=message):
        neighbor_graph(vectors, k)


def test_an_unknown_metric_is_refused():
    with pytest.raises(SpecError, match="euclidean, cosine, got 'manhattan'"):
        neighbor_graph(gaussian(10, 3), 2, metric="manhattan")


@pytest.mark.parametrize(
    ("indices", "distances", "message"),
    [
        ([[1], [-1]], [[1], [1]], r"rows 0..1, got -1"),
        ([[1], [2]], [[1], [1]], r"rows 0..1, got 1..2"),
        ([[1], [1]], [[1], [1]], "own neighbor"),
        ([[1], [0]], [[1], [-1]], "at least 0"),
        ([[1, 2], [0, 2], [0, 1]], [[1, 2], [1, 2], [2, 1]], "never decrease"),
        ([[1], [0]], [[1, 1], [1, 1]], "shape"),
        ([[1], [0]], [[np.nan], [1]], "finite"),
    ],
)
def test_a_graph_that_breaks_its_promises_cannot_exist(indices, distances, message):
    with pytest.raises(InputError, match=message):
        NeighborGraph(np.array(indices, np.int32), np.array(distances, np.float32), "euclidean")


def test_a_graph_is_read_only():
    graph = neighbor_graph(gaussian(10, 3), 2)
    assert not graph.indices.flags.writeable
    assert not graph.distances.flags.writeable


APPROXIMATE = ["duplicates", "neighbor index", "recall", "search cells", "neighbor index", "recall", "neighbors"]
"""Stages of a search by cells; the first index and recall are of the exact search that recall is measured against."""


def stages_of(calls):
    """For each run of consecutive calls with the same stage: the stage, and done and total of each call."""
    runs = groupby(calls, key=lambda call: call[0])
    return [(stage, [(done, total) for _, done, total in run]) for stage, run in runs]


@pytest.mark.parametrize(
    ("exact_up_to", "stages"), [(20_000, ["duplicates", "neighbor index", "neighbors"]), (100, APPROXIMATE)]
)
def test_progress_counts_up_to_the_end_of_each_stage(exact_up_to, stages):
    calls = []
    vectors = gaussian(9000, 4)
    neighbor_graph(vectors, 5, exact_up_to=exact_up_to, progress=lambda *call: calls.append(call))
    runs = stages_of(calls)
    assert [stage for stage, _ in runs] == stages
    totals = {"search cells": TRAINING_ROUNDS, "recall": SAMPLE}
    for stage, said in runs:
        total = totals.get(stage, 9000)
        assert (said[0], said[-1]) == ((0, total), (total, total)) and len(said) > 1
        if stage != "recall":  # recall starts again with every effort
            assert said == sorted(said)
    assert all(len(said) > 2 for stage, said in runs if stage in ("duplicates", "neighbors", "search cells"))


def test_it_can_be_stopped_wherever_progress_is_called():
    vectors = gaussian(2500, 4)
    calls = []
    neighbor_graph(vectors, 5, exact_up_to=100, progress=lambda *call: calls.append(call))
    assert len(calls) > 15
    for last in range(1, len(calls) + 1):
        said = []

        def cancel(*call, said=said, last=last):
            said.append(call)
            if len(said) == last:
                raise Cancelled("enough")

        with pytest.raises(Cancelled):
            neighbor_graph(vectors, 5, exact_up_to=100, progress=cancel)
        assert said == calls[:last]
