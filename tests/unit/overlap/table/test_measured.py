"""The table of every two classes: its intervals are those of each pair, for any groups, graphs and odd data."""

import numpy as np
import pytest

from embviz.datasets import load_dataset
from embviz.errors import Cancelled, SpecError
from embviz.features.pixels import pixel_features
from embviz.neighbors import neighbor_graph
from embviz.overlap import Groups, class_overlap, groups_of, overlap_matrix
from embviz.overlap.replicates import jackknife_error, overlap_replicates
from tests.unit.overlaps import assert_same_overlap


def classes_at(*places, size=60, d=3, seed=0):
    """Normal classes of `size` items at these places along the first axis."""
    labels = np.repeat(np.arange(len(places)), size)
    vectors = np.random.default_rng(seed).normal(size=(len(labels), d))
    vectors[:, 0] += np.asarray(places)[labels]
    return vectors.astype(np.float32), labels


def assert_equals_pairs(matrix, vectors, labels, groups, k):
    others_only = matrix.strangers is not None
    for a, b in np.argwhere(np.triu(~np.isnan(matrix.index))):
        pair = int(a), int(b)
        alone = class_overlap(vectors, labels, pair, k, space=matrix.space, groups=groups, others_only=others_only)
        assert_same_overlap(matrix.pair(int(a), int(b)), alone)


@pytest.mark.parametrize("n_neighbors", [None, 15, 90])
@pytest.mark.parametrize("n_groups", [3, 40])
def test_neighbors_of_other_groups_only_are_those_of_each_pair(n_groups, n_neighbors):
    vectors, labels = classes_at(0, 1, 1.5, 30)
    codes = np.random.default_rng(0).integers(0, n_groups, len(labels))
    vectors += np.random.default_rng(1).normal(size=(n_groups, 3)).astype(np.float32)[codes]
    groups = Groups("writer", codes, "")
    graph = None if n_neighbors is None else neighbor_graph(vectors, n_neighbors, ties="even")
    all_of = overlap_matrix(vectors, labels, 4, 10, space="toy", graph=graph, groups=groups)
    strangers = overlap_matrix(vectors, labels, 4, 10, space="toy", graph=graph, groups=groups, others_only=True)
    assert_equals_pairs(strangers, vectors, labels, groups, 10)
    assert strangers.rate[0, 1] > all_of.rate[0, 1]
    assert len(strangers.ranks.pairs) == 6


def test_pairs_without_enough_items_of_other_groups_say_so():
    vectors, labels = classes_at(0, 1, 2, size=12)
    groups = Groups("writer", np.where(labels == 2, np.arange(36), 0), "")
    matrix = overlap_matrix(vectors, labels, 3, 10, space="toy", groups=groups, others_only=True)
    assert matrix.missing(0, 1) == (
        "there are 0 items outside the largest group, and k is 10; choose neighbors of all groups, or show more items"
    )
    assert np.isnan(matrix.index[0, 1]) and not matrix.missing(0, 2)
    assert_equals_pairs(matrix, vectors, labels, groups, 10)
    with pytest.raises(SpecError, match="only need groups"):
        overlap_matrix(vectors, labels, 3, 10, space="toy", others_only=True)


@pytest.mark.parametrize("n_neighbors", [None, 15, 90])
@pytest.mark.parametrize("n_groups", [2, 3, 40, 240])
def test_large_groups_need_long_lists_and_get_them(n_groups, n_neighbors):
    """With two groups of neighbors that lie together, a list holds hardly any item of the other group at first."""
    vectors, labels = classes_at(0, 1, 1.5, 30)
    codes = np.arange(len(labels)) % n_groups
    vectors[:, 1] += 20 * (codes % 2)
    groups = Groups("writer", codes, "")
    graph = None if n_neighbors is None else neighbor_graph(vectors, n_neighbors, ties="even")
    matrix = overlap_matrix(vectors, labels, 4, 10, space="toy", graph=graph, groups=groups)
    assert not any(matrix.pair(a, b).spread.missing for a, b in ((0, 1), (2, 3)))
    assert_equals_pairs(matrix, vectors, labels, groups, 10)


@pytest.mark.parametrize(
    ("groups", "reason"),
    [
        (np.zeros(240, np.int64), "one class has all its items in one group"),
        (np.repeat(np.arange(4), 60), "one class has all its items in one group"),
        (np.r_[np.arange(12), np.full(228, 12)], "one class has all its items in one group"),
    ],
    ids=["one group", "groups equal to classes", "one group but for a few"],
)
def test_groups_that_leave_nothing_have_no_interval_but_an_overlap(groups, reason):
    vectors, labels = classes_at(0, 1, 2, 3)
    matrix = overlap_matrix(vectors, labels, 4, 10, space="toy", groups=Groups("writer", groups, ""))
    assert matrix.pair(2, 3).spread.missing == reason
    assert matrix.pair(2, 3).index_interval is None
    assert np.isnan(matrix.index_interval[0][2, 3])
    assert not matrix.ranks.is_apart[matrix.ranks.place(2, 3)].any()
    assert_equals_pairs(matrix, vectors, labels, Groups("writer", groups, ""), 10)


def test_constant_features_are_mixed_whatever_is_left_out():
    vectors, labels = np.zeros((240, 5), np.float32), np.repeat([0, 1, 2], 80)
    matrix = overlap_matrix(vectors, labels, 3, 10, space="toy")
    assert matrix.pair(0, 1).index == pytest.approx(1)
    assert matrix.pair(0, 1).spread.index_error == pytest.approx(0, abs=1e-12)
    assert not matrix.ranks.is_apart.any()


def test_duplicates_across_classes_count_as_in_the_pair():
    vectors, labels = classes_at(0, 0, 0, size=40)
    vectors[40:80] = vectors[:40]
    matrix = overlap_matrix(vectors, labels, 3, 3, space="toy")
    assert_equals_pairs(matrix, vectors, labels, None, 3)


def test_a_hundred_classes_have_intervals_and_no_ranks():
    vectors, labels = classes_at(*range(100), size=4)
    matrix = overlap_matrix(vectors, labels, 100, 3, space="toy")
    assert matrix.ranks is None
    lows, highs = matrix.index_interval
    assert np.isfinite(lows).sum() == 100 * 99
    assert (lows[0, 1:] <= matrix.index[0, 1:]).all() and (matrix.index[0, 1:] <= highs[0, 1:]).all()
    for a, b in ((0, 1), (7, 9), (0, 99)):
        alone = class_overlap(vectors, labels, (a, b), 3, space="toy")
        assert matrix.pair(a, b).spread.rate_error == pytest.approx(alone.spread.rate_error, abs=1e-12)


@pytest.mark.parametrize("k", [4, 5, 6, 7, 8])
def test_a_class_of_one_item_and_k_as_large_as_a_class(k):
    vectors, labels = classes_at(0, 1, size=4)
    vectors, labels = np.vstack([vectors, [[0, 0, 0]]]).astype(np.float32), np.append(labels, 2)
    matrix = overlap_matrix(vectors, labels, 3, k, space="toy")
    assert_equals_pairs(matrix, vectors, labels, None, k)
    if k == 4:
        assert matrix.pair(0, 2).spread.missing == "one class has a single item"
    if k == 7:
        assert matrix.pair(0, 1).spread.missing.startswith("without its largest group there are 6 neighbors")
    assert bool(matrix.missing(0, 2)) == (k > 4)


def test_the_order_of_items_and_of_group_numbers_changes_nothing():
    vectors, labels = classes_at(0, 1, 2, 2.2)
    codes = np.arange(240) // 5
    order, names = np.random.default_rng(1).permutation(240), np.random.default_rng(2).permutation(48)
    one = overlap_matrix(vectors, labels, 4, 10, space="toy", groups=Groups("writer", codes, ""))
    two = overlap_matrix(
        vectors[order], labels[order], 4, 10, space="toy", groups=Groups("writer", names[codes][order], "")
    )
    np.testing.assert_allclose(one.index_interval, two.index_interval, atol=1e-12)
    np.testing.assert_array_equal(one.ranks.pairs, two.ranks.pairs)
    np.testing.assert_array_equal(one.ranks.is_apart, two.ranks.is_apart)


def test_groups_of_other_items_are_refused():
    vectors, labels = classes_at(0, 1)
    with pytest.raises(SpecError, match="groups must be of the 120 items measured, got 3"):
        overlap_matrix(vectors, labels, 2, space="toy", groups=Groups("writer", np.arange(3), ""))


def test_cancel_is_looked_for_all_the_time():
    vectors, labels = classes_at(*np.linspace(0, 3, 20), size=150, d=30)
    graph, calls = neighbor_graph(vectors, 40), []
    overlap_matrix(vectors, labels, 20, space="toy", graph=graph, progress=lambda *call: calls.append(call))
    assert len(calls) > 200

    def cancel(stage, done, total):
        raise Cancelled("enough")

    with pytest.raises(Cancelled):
        overlap_matrix(vectors, labels, 20, space="toy", progress=cancel)


STANDARD_ERRORS = {
    (1, 7): (0.0025, 0.0034),
    (4, 9): (0.0048, 0.0069),
    (3, 5): (0.0043, 0.0074),
    (7, 9): (0.0040, 0.0063),
    (3, 8): (0.0039, 0.0056),
}
"""Of the rate in MNIST's test pixels, by the plain jackknife of items and of writers, as other code measured them."""

TRUE_DEVIATIONS = {(4, 9): 0.0042, (3, 5): 0.0039}
"""Of 150 samples as large from all of MNIST (docs/methods.md): there the plain jackknife of items is too long."""


@pytest.mark.mnist
def test_standard_errors_on_real_digits_are_as_measured_before():
    dataset = load_dataset("mnist", "test")
    features = pixel_features(dataset)
    graph = neighbor_graph(features, 90, ties="even")
    for place, column in enumerate((None, "writer")):
        groups = groups_of(dataset, column)
        matrix = overlap_matrix(features, dataset, 10, space="pixels", graph=graph, groups=groups)
        assert matrix.ranks.pairs[:4].tolist() == [[4, 9], [3, 5], [7, 9], [3, 8]]
        for pair, expected in STANDARD_ERRORS.items():
            rows = np.flatnonzero(np.isin(dataset.labels, pair))
            is_second, own = dataset.labels[rows] == pair[1], groups.among(rows)
            plain = overlap_replicates(features.vectors[rows], is_second, own, matrix.k)
            assert jackknife_error(plain.rates) == pytest.approx(expected[place], rel=0.1)
            said = expected[place] if column else TRUE_DEVIATIONS.get(pair, expected[place])
            assert matrix.pair(*pair).spread.rate_error == pytest.approx(said, rel=0.1)
        alone = class_overlap(features, dataset, (4, 9), space="pixels", groups=groups)
        assert_same_overlap(matrix.pair(4, 9), alone)
