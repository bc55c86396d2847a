"""How far two classes are apart: known Gaussians, what must not matter, and input that has no answer."""

import math
from dataclasses import replace

import numpy as np
import pytest
import scipy.stats
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier

from embviz.dataset import subset
from embviz.datasets import dataset_from_arrays
from embviz.errors import InputError, SpecError
from embviz.features import vector_features
from embviz.layers import class_separation
from embviz.layers.folds import folds_of
from embviz.overlap import class_overlap, groups_of
from tests.unit.layers.pairs import gaussians, seen, with_vectors

PAIR = (0, 1)


def separation(dataset, classes=PAIR, k=10, column=None, **how):
    features, groups = seen(dataset, column)
    return class_separation(features, dataset, classes, k, **groups, **how)


@pytest.mark.parametrize("distance", [1, 2, 3])
def test_judges_come_near_the_best_possible_accuracy(distance):
    best = scipy.stats.norm.cdf(distance / 2)
    found = separation(gaussians(2000, 5, distance))
    assert found.probe.value == pytest.approx(best, abs=0.025)
    assert found.neighbors.value == pytest.approx(best, abs=0.04)
    assert found.probe.interval.low < best < found.probe.interval.high


def test_in_many_dimensions_nothing_but_noise_is_no_better_than_chance():
    """A plane that was fitted to the same items would separate them without an error."""
    found = separation(gaussians(100, 300, 0))
    for judged in (found.probe, found.neighbors):
        assert judged.interval.low < 0.5 < judged.interval.high


def test_judges_are_scikit_learns():
    dataset = gaussians(300, 4, 2, first=100)
    found, vectors = separation(dataset, k=7), dataset.vectors.astype(np.float64)
    is_b = dataset.labels == 1
    centered = vectors - vectors.mean(axis=0)
    scaled = centered / np.sqrt((centered**2).mean())
    folds, _ = folds_of(dataset.ids, is_b, np.arange(300))
    says_b = np.empty(300, bool)
    for fold in range(5):
        model = LogisticRegression(class_weight="balanced", tol=1e-8)
        says_b[folds == fold] = model.fit(scaled[folds != fold], is_b[folds != fold]).predict(scaled[folds == fold])
    assert found.probe.right == pytest.approx([(~says_b[~is_b]).mean(), says_b[is_b].mean()], abs=1e-12)
    votes = []
    for row in range(300):
        others = np.arange(300) != row
        model = KNeighborsClassifier(7).fit(vectors[others], is_b[others])
        votes.append(model.predict(vectors[row : row + 1])[0] == is_b[row])
    votes = np.array(votes)
    assert found.neighbors.right == pytest.approx([votes[~is_b].mean(), votes[is_b].mean()], abs=1e-12)


def test_the_vote_without_each_item_is_what_would_be_counted_without_it():
    dataset = gaussians(40, 2, 1)
    found = separation(dataset, k=3)
    values = [separation(subset(dataset, np.delete(np.arange(40), gone)), k=3).neighbors.value for gone in range(40)]
    error = math.sqrt(39 / 40 * np.sum((np.array(values) - np.mean(values)) ** 2))
    assert found.neighbors.spread.rate_error == pytest.approx(error, abs=1e-12)


def test_overlap_and_what_it_is_without_each_group_are_the_librarys():
    dataset = gaussians(60, 2, 1, groups=15)
    features, groups = seen(dataset, "writer")
    found = class_separation(features, dataset, PAIR, 4, **groups)
    assert found.overlap == class_overlap(features, dataset, PAIR, 4, space="vectors", **groups)
    codes = groups["groups"].codes
    for group in range(codes.max() + 1):
        left = subset(dataset, np.flatnonzero(codes != group))
        index = class_overlap(vector_features(left), left, PAIR, 4, space="vectors").index
        assert found.indices[group] == pytest.approx(index, abs=1e-12)
    n = len(found.indices)
    error = math.sqrt((n - 1) / n * np.sum((found.indices - found.indices.mean()) ** 2))
    assert found.overlap.spread.index_error == pytest.approx(error, rel=1e-12)


def test_an_items_own_group_does_not_vouch_for_it():
    """Each writer's digits are alike and of random classes: strangers tell nothing, and the writer's own nearly all."""
    rng = np.random.default_rng(0)
    writers = np.repeat(np.arange(60), 6)
    vectors = rng.normal(size=(60, 3))[writers] + rng.normal(scale=0.01, size=(360, 3))
    labels = (np.arange(60) % 2)[writers]
    metadata = [{"writer": f"w{writer}"} for writer in writers]
    dataset = dataset_from_arrays(vectors=vectors, labels=labels, metadata=metadata)
    alone, by_writer = separation(dataset, k=5), separation(dataset, k=5, column="writer")
    assert alone.neighbors.value == 1
    assert by_writer.neighbors.interval.low < 0.5 < by_writer.neighbors.interval.high
    assert by_writer.neighbors.interval.covers == "the mean over samples of this size, from other writers"
    assert by_writer.probe.interval.covers == "other items, from other writers, judged by the same probe"
    assert by_writer.probe.spread.rate_error > alone.probe.spread.rate_error


def numbers(found):
    accuracies = [found.neighbors, found.probe]
    return [found.overlap.index, *(each.value for each in accuracies), *(each.spread.rate_error for each in accuracies)]


def rotation(d, seed=3):
    return np.linalg.qr(np.random.default_rng(seed).normal(size=(d, d)))[0]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("change", ["rotated", "moved", "scaled", "padded"])
def test_rotation_place_and_scale_do_not_matter(seed, change):
    dataset = gaussians(80, 6, 1.5, seed=seed)
    changed = {
        "rotated": lambda vectors: vectors @ rotation(6),
        "moved": lambda vectors: vectors + np.arange(6),
        "scaled": lambda vectors: 37 * vectors,
        "padded": lambda vectors: np.hstack([vectors, np.full((80, 9), 2.0)]),
    }[change](dataset.vectors.astype(np.float64))
    found, again = separation(dataset), separation(with_vectors(dataset, changed))
    assert numbers(again) == pytest.approx(numbers(found), abs=1e-6)
    scale = 37 if change == "scaled" else 1
    np.testing.assert_allclose(again.coords, found.coords * scale, atol=1e-4 * scale)


def test_the_order_of_items_and_classes_does_not_matter():
    dataset = gaussians(80, 3, 1, groups=20)
    found = separation(dataset, column="writer")
    assert numbers(separation(dataset, (1, 0), column="writer")) == pytest.approx(numbers(found), abs=1e-9)
    order = np.random.default_rng(0).permutation(80)
    shuffled = separation(subset(dataset, order), column="writer")
    assert numbers(shuffled) == pytest.approx(numbers(found), abs=1e-9)
    np.testing.assert_allclose(shuffled.coords, found.coords[order], atol=1e-5)


def test_the_map_is_of_the_first_two_principal_components_with_the_second_class_up_and_right():
    dataset = gaussians(50, 4, 3)
    found = separation(dataset)
    centered = dataset.vectors.astype(np.float64) - dataset.vectors.mean(axis=0)
    scores = centered @ np.linalg.svd(centered, full_matrices=False)[2].T[:, :2]
    np.testing.assert_allclose(np.abs(found.coords), np.abs(scores), atol=1e-5)
    assert (found.coords[25:].mean(axis=0) >= found.coords[:25].mean(axis=0)).all()


def test_other_classes_do_not_matter():
    pair = gaussians(60, 3, 1)
    rng = np.random.default_rng(5)
    vectors = np.vstack([pair.vectors, rng.normal(size=(30, 3))])
    dataset = dataset_from_arrays(vectors=vectors, labels=[*pair.labels, *[7] * 30])
    found = separation(dataset)
    assert numbers(found) == pytest.approx(numbers(separation(pair)), abs=1e-12)
    np.testing.assert_array_equal(found.rows, np.arange(60))


def test_long_vectors_of_few_items_are_measured_in_full():
    dataset = gaussians(30, 200, 4)
    wide = separation(dataset)
    centered = dataset.vectors.astype(np.float64) - dataset.vectors.mean(axis=0)
    axes = np.linalg.svd(centered, full_matrices=False)[2]
    narrow = separation(with_vectors(dataset, centered @ axes.T))
    assert wide.probe.right == pytest.approx(narrow.probe.right, abs=1e-12)
    np.testing.assert_allclose(wide.coords, narrow.coords, atol=1e-4)


class TestWithoutAnAnswer:
    def test_a_class_of_one_item_has_no_judges_and_no_intervals(self):
        found = separation(gaussians(20, 2, 3, first=1), k=3)
        assert (
            found.overlap.index_interval
            is found.probe.value
            is found.probe.interval
            is found.neighbors.interval
            is None
        )
        assert found.probe.spread.missing == found.neighbors.spread.missing == "one class has a single item"
        assert len(found.indices) == 0 and found.coords.shape == (20, 2)

    def test_equal_items_are_told_apart_by_nobody(self):
        dataset = dataset_from_arrays(vectors=np.ones((20, 3)), labels=["a"] * 10 + ["b"] * 10)
        found = separation(dataset, k=3)
        assert found.probe.value == 0.5 and found.probe.spread.missing == "all items of the two classes are equal"
        assert found.neighbors.value < 0.5  # an item has no vote on itself: most others are of the other class
        assert not found.coords.any()

    def test_duplicates_across_classes_are_measured(self):
        vectors = np.repeat(np.random.default_rng(0).normal(size=(20, 2)), 2, axis=0)
        found = separation(dataset_from_arrays(vectors=vectors, labels=["a", "b"] * 20), k=1)
        assert found.neighbors.value == 0 and found.overlap.rate == 1
        assert found.probe.interval is not None

    def test_one_group_and_groups_equal_to_classes_are_said(self):
        pair = gaussians(30, 2, 2)
        for writers in (["w"] * 30, ["a"] * 15 + ["b"] * 15):
            dataset = replace(pair, metadata={"writer": np.array(writers)})
            found = separation(dataset, k=3, column="writer")
            assert found.probe.value is None
            assert found.probe.spread.missing == "one class has all its items in one group"
        assert found.neighbors.interval is None

    def test_too_few_items_outside_a_group_leave_the_vote_open(self):
        pair = gaussians(30, 2, 2)
        writers = np.array(["w"] * 25 + [f"w{place}" for place in range(5)])
        found = separation(replace(pair, metadata={"writer": writers}), k=8, column="writer")
        assert found.neighbors.value is None and "outside the largest group" in found.neighbors.spread.missing

    def test_items_without_a_group_stand_for_themselves(self):
        pair = gaussians(40, 2, 2)
        writers = np.array([f"w{place % 5}" if place % 2 else "" for place in range(40)])
        found = separation(replace(pair, metadata={"writer": writers}), k=3, column="writer")
        assert found.probe.interval is not None and found.probe.spread.n_units == 25

    @pytest.mark.parametrize("k", [0, 40, 10**9])
    def test_a_k_that_cannot_be_is_refused(self, k):
        with pytest.raises(SpecError, match=r"k must be in 1\.\.39"):
            separation(gaussians(40, 2, 1), k=k)

    @pytest.mark.parametrize("k", [15, 20, 39])
    def test_a_k_larger_than_a_class_is_measured(self, k):
        assert separation(gaussians(40, 2, 1, first=10), k=k).overlap.k == k

    def test_classes_must_be_two_that_have_items(self):
        dataset = gaussians(40, 2, 1)
        for classes, message in (((0, 0), "two different classes"), ((0, 9), "class 9 has no items")):
            with pytest.raises(SpecError, match=message):
                separation(dataset, classes)

    def test_no_labels_are_said(self):
        dataset = dataset_from_arrays(vectors=np.eye(5))
        with pytest.raises(SpecError, match="has no labels"):
            separation(dataset)

    def test_an_overlap_of_something_else_is_refused(self):
        dataset = gaussians(40, 2, 1)
        features = vector_features(dataset)
        for other in ({"k": 5}, {"classes": (1, 0)}, {"space": "pixels"}):
            how = {"classes": PAIR, "k": 10, "space": "vectors"} | other
            overlap = class_overlap(features, dataset, **how)
            with pytest.raises(InputError, match="the overlap must be of the same"):
                class_separation(features, dataset, PAIR, overlap=overlap)


def test_three_hundred_classes_are_no_matter():
    rng = np.random.default_rng(0)
    dataset = dataset_from_arrays(vectors=rng.normal(size=(1500, 3)), labels=np.arange(1500) % 300)
    features = vector_features(dataset)
    found = class_separation(features, dataset, (5, 299), 3, groups=groups_of(dataset, None))
    assert found.overlap.n_per_class == (5, 5) and found.probe.interval is not None
