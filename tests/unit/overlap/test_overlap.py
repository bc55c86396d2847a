"""Class overlap: a plain reference, known Gaussians, the real 1 against 7, invariances, pairs, errors."""

import gzip
import os
from pathlib import Path

import numpy as np
import pytest

from embviz.errors import Cancelled, SpecError
from embviz.neighbors import neighbor_graph
from embviz.overlap import ClosestPairs, Overlap, class_overlap, closest_pairs, overlap_matrix
from embviz.overlap.intervals import Spread
from tests.unit.overlaps import assert_same_overlap


def reference_overlap(vectors, labels, classes, k):
    """Balanced cross-class k-NN rate, its chance level and the index, straight from the definition."""
    rows = np.flatnonzero(np.isin(labels, classes))
    points, codes = vectors[rows].astype(np.float64), labels[rows]
    squares = (points**2).sum(axis=1)
    distances = squares[:, None] + squares - 2 * points @ points.T
    np.fill_diagonal(distances, np.inf)
    nearest = np.argsort(distances, axis=1)[:, :k]
    share = np.mean(codes[nearest] != codes[:, None], axis=1)
    rate = (share[codes == classes[0]].mean() + share[codes == classes[1]].mean()) / 2
    chance = len(rows) / (2 * (len(rows) - 1))
    return rate, chance, rate / chance


def assert_equals_reference(overlap, vectors, labels):
    rate, chance, index = reference_overlap(vectors, labels, overlap.classes, overlap.k)
    assert overlap.rate == pytest.approx(rate, abs=1e-12)
    assert overlap.chance == pytest.approx(chance, abs=1e-12)
    assert overlap.index == pytest.approx(index, abs=1e-12)


def gaussians(*sizes, distance=0.0, d=5, seed=0):
    """Isotropic classes of standard deviation 1, `distance` apart along the first axis."""
    labels = np.repeat(np.arange(len(sizes)), sizes)
    vectors = np.random.default_rng(seed).normal(size=(len(labels), d))
    vectors[:, 0] += distance * labels
    return vectors.astype(np.float32), labels


@pytest.mark.parametrize("d", [2, 3, 10])
@pytest.mark.parametrize("k", [1, 10, 25])
def test_overlap_equals_the_reference(d, k):
    vectors, labels = gaussians(120, 60, 90, distance=1, d=d)
    for classes in ((0, 1), (1, 2), (2, 0)):
        assert_equals_reference(class_overlap(vectors, labels, classes, k, space="toy"), vectors, labels)


@pytest.fixture
def mnist_test():
    """Pixels 0..1 and labels of MNIST's 10,000 test digits."""
    folder = Path(os.environ["EMBVIZ_DATA_DIR"])
    images = np.frombuffer(gzip.decompress((folder / "t10k-images-idx3-ubyte.gz").read_bytes()), np.uint8, offset=16)
    labels = np.frombuffer(gzip.decompress((folder / "t10k-labels-idx1-ubyte.gz").read_bytes()), np.uint8, offset=8)
    return np.divide(images.reshape(-1, 784), np.float32(255), dtype=np.float32), labels.astype(np.int64)


@pytest.mark.mnist
def test_real_1_against_7_equals_the_reference(mnist_test):
    vectors, labels = mnist_test
    overlap = class_overlap(vectors, labels, (1, 7), 10, space="pixels")
    assert_equals_reference(overlap, vectors, labels)
    assert overlap.n_per_class == (1135, 1028)
    assert overlap.index == pytest.approx(0.041437, abs=1e-6)


@pytest.mark.mnist
def test_4_and_9_overlap_most_of_all_digits(mnist_test):
    vectors, labels = mnist_test
    index = overlap_matrix(vectors[:4000], labels[:4000], 10, space="pixels").index
    assert np.unravel_index(np.nanargmax(index), index.shape) == (4, 9)


def test_overlap_falls_from_one_to_zero_as_classes_move_apart():
    indices = []
    for distance in (0, 1, 2, 3, 4, 100):
        vectors, labels = gaussians(400, 400, distance=distance)
        indices.append(class_overlap(vectors, labels, (0, 1), space="toy").index)
    assert indices == sorted(indices, reverse=True)
    assert indices[0] == pytest.approx(1, abs=0.03)
    assert indices[-1] == 0


def test_identical_classes_have_index_one_whatever_their_sizes():
    for sizes in ((500, 500), (900, 100), (50, 950)):
        vectors, labels = gaussians(*sizes)
        assert class_overlap(vectors, labels, (0, 1), space="toy").index == pytest.approx(1, abs=0.06)


def test_chance_is_the_mean_rate_over_shuffled_labels():
    vectors, labels = gaussians(30, 10, distance=3)
    rng = np.random.default_rng(0)
    overlaps = [class_overlap(vectors, rng.permutation(labels), (0, 1), 5, space="toy") for _ in range(100)]
    rates = [overlap.rate for overlap in overlaps]
    standard_error = np.std(rates) / np.sqrt(len(rates))
    assert np.mean(rates) == pytest.approx(overlaps[0].chance, abs=4 * standard_error)


def test_of_items_that_share_a_place_every_one_counts_alike():
    """A tenth of the large class and all of the small one are equal: rates are .05 and .5 in every order of items."""
    place = np.repeat(np.arange(10), 100)
    vectors = np.concatenate([place, np.zeros(100)])[:, None].astype(np.float32)
    labels = np.repeat([0, 1], [1000, 100])
    for order in (np.arange(1100), np.arange(1100)[::-1], np.random.default_rng(0).permutation(1100)):
        overlap = class_overlap(vectors[order], labels[order], (0, 1), space="toy")
        assert overlap.rates == pytest.approx((0.1 * 100 / 199, 100 / 199))


def test_a_small_class_inside_a_large_one_shows_in_its_own_rate():
    vectors, labels = gaussians(980, 20)
    overlap = class_overlap(vectors, labels, (0, 1), space="toy")
    assert overlap.rates[0] < 0.05
    assert overlap.rates[1] > 0.9


def test_rotation_translation_and_scale_change_nothing():
    vectors, labels = gaussians(200, 150, distance=2, d=6)
    rotation, _ = np.linalg.qr(np.random.default_rng(1).normal(size=(6, 6)))
    moved = (3 * vectors.astype(np.float64) @ rotation + [5, -4, 3, -2, 1, 0]).astype(np.float32)
    original = class_overlap(vectors, labels, (0, 1), space="toy")
    assert 0 < original.index < 1
    assert class_overlap(moved, labels, (0, 1), space="toy") == original


def test_exact_duplicates_across_classes_are_each_others_nearest():
    vectors, _ = gaussians(60, d=4)
    twice = np.concatenate([vectors, vectors])
    labels = np.repeat([0, 1], 60)
    overlap = class_overlap(twice, labels, (0, 1), 1, space="toy")
    assert overlap.rates == (1, 1)
    pairs = closest_pairs(twice, labels, (0, 1), 60)
    assert not pairs.distances.any()
    np.testing.assert_array_equal(pairs.rows_b, pairs.rows_a + 60)


def test_other_classes_do_not_matter():
    vectors, labels = gaussians(50, 50, 50, distance=1)
    without = labels != 1
    assert class_overlap(vectors, labels, (0, 2), space="toy") == class_overlap(
        vectors[without], labels[without], (0, 2), space="toy"
    )


class TestMatrix:
    def test_entries_equal_class_overlap(self):
        vectors, labels = gaussians(60, 40, 25, 12, distance=0.7)
        matrix = overlap_matrix(vectors, labels, 4, 10, space="toy")
        for a, b in ((0, 1), (1, 0), (0, 3), (3, 2)):
            overlap = class_overlap(vectors, labels, (a, b), 10, space="toy")
            assert_same_overlap(matrix.pair(a, b), overlap)
            assert (matrix.rate[a, b], matrix.index[a, b]) == (overlap.rate, overlap.index)
        np.testing.assert_array_equal(matrix.index, matrix.index.T)
        assert np.isnan(np.diagonal(matrix.rate)).all()
        assert matrix.n_per_class.tolist() == [60, 40, 25, 12]

    @pytest.mark.parametrize("n_neighbors", [3, 12, 40])
    def test_an_exact_graph_changes_nothing(self, n_neighbors):
        vectors, labels = gaussians(60, 40, 25, 12, distance=1)
        graph = neighbor_graph(vectors, n_neighbors)
        with_graph = overlap_matrix(vectors, labels, 4, 10, space="toy", graph=graph)
        np.testing.assert_array_equal(with_graph.crossing, overlap_matrix(vectors, labels, 4, 10, space="toy").crossing)
        assert with_graph.recall == 1

    def test_an_approximate_graph_tells_its_recall(self):
        vectors, labels = gaussians(1000, 1000, distance=1, d=10)
        graph = neighbor_graph(vectors, 30, exact_up_to=100)
        assert overlap_matrix(vectors, labels, 2, space="toy", graph=graph).recall == graph.recall

    @pytest.mark.parametrize("metric", ["euclidean", "cosine"])
    def test_a_graph_of_something_else_is_refused(self, metric):
        vectors, labels = gaussians(40, 40)
        graph = neighbor_graph(vectors[:79] if metric == "euclidean" else vectors, 12, metric=metric)
        with pytest.raises(SpecError, match=rf"these 80 vectors, got a {metric} one of {len(graph)}"):
            overlap_matrix(vectors, labels, 2, space="toy", graph=graph)

    def test_what_cannot_be_measured_is_missing_with_a_reason(self):
        vectors, labels = gaussians(30, 0, 6, 4)
        matrix = overlap_matrix(vectors, labels, 4, 10, space="toy")
        present = ~np.isnan(matrix.index)
        assert np.argwhere(present).tolist() == [[0, 2], [0, 3], [2, 0], [3, 0]]
        assert matrix.missing(0, 2) == ""
        assert (
            matrix.missing(0, 0) == "an overlap is between two different classes, got class 0 twice; choose another one"
        )
        assert matrix.missing(1, 2) == "class 1 has no items; choose among classes 0, 2, 3"
        assert matrix.missing(2, 3) == (
            "k must be in 1..9 for classes 2 and 3, which have 10 items together, got 10; "
            "show more items or choose other classes, or k <= 9 on the command line or in Python"
        )
        named = matrix.missing(1, 2, ("ant", "bee", "cat", "dog"))
        assert named == "class bee has no items; choose among classes ant, cat, dog"
        with pytest.raises(SpecError, match="class 1 has no items"):
            matrix.pair(0, 1)

    def test_a_class_of_one_item_has_an_overlap(self):
        vectors, labels = gaussians(30, 1)
        matrix = overlap_matrix(vectors, labels, 2, 5, space="toy")
        assert_same_overlap(matrix.pair(0, 1), class_overlap(vectors, labels, (0, 1), 5, space="toy"))
        assert matrix.pair(0, 1).rates[1] == 1

    def test_progress_rises_to_the_number_of_searches(self):
        vectors, labels = gaussians(700, 800)
        calls = []
        overlap_matrix(vectors, labels, 2, space="toy", progress=lambda *call: calls.append(call))
        assert list(dict.fromkeys(stage for stage, _, _ in calls)) == ["class overlap", "class pairs"]
        searches = [(done, total) for stage, done, total in calls if stage == "class overlap"]
        assert searches == sorted(searches)
        assert searches[-1] == (3000, 3000)

    def test_cancelling_stops_at_once(self):
        vectors, labels = gaussians(700, 800)
        calls = []

        def cancel(stage, done, total):
            calls.append(done)
            if done >= 1500:
                raise Cancelled("enough")

        with pytest.raises(Cancelled):
            overlap_matrix(vectors, labels, 2, space="toy", progress=cancel)
        assert [done >= 1500 for done in calls].count(True) == 1

    @pytest.mark.parametrize(
        ("n_classes", "k", "message"),
        [(1, 10, r"labels must be in 0..0, got 1"), (2, 0, "k must be at least 1, got 0"), (10**6, 5, "at most 1,000")],
    )
    def test_bad_input_is_refused(self, n_classes, k, message):
        with pytest.raises(SpecError, match=message):
            overlap_matrix(*gaussians(20, 20), n_classes, k, space="toy")

    def test_is_read_only(self):
        matrix = overlap_matrix(*gaussians(20, 20), 2, space="toy")
        assert not matrix.crossing.flags.writeable
        assert not matrix.n_per_class.flags.writeable


def test_closest_pairs_are_the_closest():
    vectors, labels = gaussians(40, 30, 20, distance=2, d=4)
    pairs = closest_pairs(vectors, labels, (2, 0), 15)
    rows_a, rows_b = np.flatnonzero(labels == 2), np.flatnonzero(labels == 0)
    distances = np.linalg.norm(vectors[rows_a, None].astype(np.float64) - vectors[rows_b], axis=2)
    nearest = np.argsort(distances, axis=None, kind="stable")[:15]
    first, second = np.unravel_index(nearest, distances.shape)
    np.testing.assert_array_equal(pairs.rows_a, rows_a[first])
    np.testing.assert_array_equal(pairs.rows_b, rows_b[second])
    np.testing.assert_allclose(pairs.distances, distances[first, second], rtol=1e-6)
    assert pairs.classes == (2, 0)


def test_fewer_pairs_than_asked_for_are_all_pairs():
    vectors, labels = gaussians(2, 3)
    assert len(closest_pairs(vectors, labels, (0, 1), 12)) == 6


@pytest.mark.parametrize("crossing", [(-0.5, 0.0), (0.0, 21.0), (float("nan"), 0.0)])
def test_no_overlap_has_more_crossing_neighbors_than_neighbors(crossing):
    with pytest.raises(SpecError, match=r"crossing must be in 0\.\."):
        Overlap((0, 1), "toy", 10, (3, 2), crossing, Spread(None, None, 5, 2.8))


@pytest.mark.parametrize("distances", [[2.0, 1.0], [-1.0, 1.0]])
def test_closest_pairs_begin_with_the_closest(distances):
    rows = np.zeros(2, np.int64)
    with pytest.raises(SpecError, match="the closest pair comes first"):
        ClosestPairs((0, 1), rows, rows, np.array(distances, np.float32))


def test_closest_pairs_need_one_pair_at_least():
    with pytest.raises(SpecError, match="count must be at least 1, got 0"):
        closest_pairs(*gaussians(2, 3), (0, 1), 0)


@pytest.mark.parametrize(
    ("classes", "k", "message"),
    [
        ((0, 0), 1, "two different classes, got class 0 twice"),
        ((0, 1), 1, "class 1 has no items; choose among classes 0, 2"),
        ((0, 9), 1, "class 9 has no items"),
        ((-1, 0), 1, "class -1 has no items"),
        ((0, 2), 50, "k must be in 1..49 for classes 0 and 2, which have 50 items together, got 50"),
        ((0, 2), 0, "k must be in 1..49"),
    ],
)
def test_what_cannot_be_measured_is_refused_with_what_would_work(classes, k, message):
    vectors, labels = gaussians(30, 0, 20)
    with pytest.raises(SpecError, match=message):
        class_overlap(vectors, labels, classes, k, space="toy")
    if classes != (0, 2):
        with pytest.raises(SpecError, match=message):
            closest_pairs(vectors, labels, classes)


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (np.zeros(9, np.int64), r"int64 of shape \(10,\), one class code per vector, got int64 of shape \(9,\)"),
        (np.zeros(10), "got float64"),
        (np.arange(-1, 9), "from 0 up, got -1"),
    ],
)
def test_labels_that_do_not_fit_are_refused(labels, message):
    with pytest.raises(SpecError, match=message):
        class_overlap(gaussians(10)[0], labels, (0, 1), space="toy")


def test_cancelling_a_pair_stops_at_once():
    def cancel(stage, done, total):
        raise Cancelled("enough")

    with pytest.raises(Cancelled):
        class_overlap(*gaussians(40, 40), (0, 1), space="toy", progress=cancel)


@pytest.mark.parametrize("measure", [class_overlap, closest_pairs])
@pytest.mark.parametrize("code", [10**10, 2**62])
def test_codes_that_are_no_numbers_of_classes_are_refused_at_once(measure, code):
    vectors, labels = gaussians(20, 20)
    options = {"space": "toy"} if measure is class_overlap else {}
    with pytest.raises(SpecError, match="must be class codes below 1,000,000"):
        measure(vectors, labels * code, (0, code), **options)


def test_neighbors_far_beyond_the_items_take_no_room():
    matrix = overlap_matrix(*gaussians(20, 20), 2, 2**31, space="toy")
    assert matrix.missing(0, 1) and not matrix.crossing.any()
