"""The pair axis: the closed form of the discriminant, scores that are held out, and what must not matter."""

import numpy as np
import pytest
import scipy.stats

from embviz.dataset import subset
from embviz.datasets import dataset_from_arrays
from embviz.errors import SpecError
from embviz.layers import pair_axis
from embviz.layers.folds import folds_of
from tests.unit.layers.pairs import gaussians, seen, with_vectors


def axis(dataset, classes=(0, 1), column=None):
    features, groups = seen(dataset, column)
    return pair_axis(features, dataset, classes, **groups)


def shrunk_covariance(vectors):
    """Ledoit and Wolf (2004), eq. 14 and lemma 3.2 to 3.4, sum by sum."""
    centered = vectors - vectors.mean(axis=0)
    n, p = centered.shape
    covariance = centered.T @ centered / n
    mean = np.trace(covariance) / p
    distance = ((covariance - mean * np.eye(p)) ** 2).sum() / p
    noise = sum(((np.outer(row, row) - covariance) ** 2).sum() / p for row in centered) / n**2
    share = min(noise, distance) / distance
    return share * mean * np.eye(p) + (1 - share) * covariance


def closed_form(vectors, is_b):
    """Direction and middle such that the classes' means lie at -1 and 1."""
    sides = [vectors[~is_b], vectors[is_b]]
    means = [side.mean(axis=0) for side in sides]
    direction = np.linalg.solve(sum(map(shrunk_covariance, sides)) / 2, means[1] - means[0])
    half = direction @ (means[1] - means[0]) / 2
    return direction / half, direction @ (means[0] + means[1]) / 2 / half


def test_weights_and_scores_are_those_of_the_closed_form():
    dataset = gaussians(200, 5, 1.5, first=60)
    found, vectors = axis(dataset), dataset.vectors.astype(np.float64)
    is_b = dataset.labels == 1
    direction, _ = closed_form(vectors, is_b)
    np.testing.assert_allclose(found.weights, direction / np.linalg.norm(direction), atol=1e-6)
    folds, _ = folds_of(dataset.ids, is_b, np.arange(200))
    for fold in range(5):
        direction, middle = closed_form(vectors[folds != fold], is_b[folds != fold])
        np.testing.assert_allclose(found.scores[folds == fold], vectors[folds == fold] @ direction - middle, atol=1e-6)


@pytest.mark.parametrize("distance", [1, 2, 3])
def test_the_axis_comes_near_the_best_possible_accuracy(distance):
    best = scipy.stats.norm.cdf(distance / 2)
    found = axis(gaussians(2000, 5, distance))
    assert found.accuracy.value == pytest.approx(best, abs=0.02)
    assert found.accuracy.interval.low < best < found.accuracy.interval.high
    assert abs(found.weights[0]) > 0.95


def test_held_out_noise_of_many_dimensions_does_not_seem_apart():
    found = axis(gaussians(100, 300, 0))
    assert found.accuracy.interval.low < 0.5 < found.accuracy.interval.high


def test_crossing_items_are_those_on_the_other_side_the_furthest_first():
    dataset = gaussians(200, 3, 2)
    found = axis(dataset)
    is_b = dataset.labels == 1
    wrong = np.flatnonzero(np.where(is_b, found.scores < 0, found.scores > 0))
    assert set(found.crossing) == set(wrong) and 0 < len(wrong) < 60
    assert (np.diff(np.abs(found.scores[found.crossing])) <= 0).all()
    right = [(found.scores[~is_b] < 0).mean(), (found.scores[is_b] > 0).mean()]
    assert found.accuracy.right == pytest.approx(right, abs=1e-12)


@pytest.mark.parametrize("change", ["rotated", "moved", "scaled"])
def test_rotation_place_and_scale_move_only_the_weights(change):
    dataset = gaussians(80, 6, 1.5)
    turn = np.linalg.qr(np.random.default_rng(3).normal(size=(6, 6)))[0]
    vectors = dataset.vectors.astype(np.float64)
    changed = {"rotated": vectors @ turn, "moved": vectors + 5, "scaled": 37 * vectors}[change]
    found, again = axis(dataset), axis(with_vectors(dataset, changed))
    np.testing.assert_allclose(again.scores, found.scores, atol=1e-5)
    weights = found.weights @ turn if change == "rotated" else found.weights
    np.testing.assert_allclose(again.weights, weights, atol=1e-5)


def test_the_other_order_of_classes_turns_the_axis_round():
    dataset = gaussians(80, 4, 1, groups=20)
    found, swapped = axis(dataset, column="writer"), axis(dataset, (1, 0), "writer")
    np.testing.assert_allclose(swapped.scores, -found.scores, atol=1e-9)
    np.testing.assert_allclose(swapped.weights, -found.weights, atol=1e-9)
    assert swapped.accuracy.value == pytest.approx(found.accuracy.value, abs=1e-12)


def test_the_order_of_items_does_not_matter():
    dataset = gaussians(80, 4, 1, groups=20)
    order = np.random.default_rng(1).permutation(80)
    found, shuffled = axis(dataset, column="writer"), axis(subset(dataset, order), column="writer")
    np.testing.assert_allclose(shuffled.scores, found.scores[order], atol=1e-8)
    np.testing.assert_allclose(shuffled.weights, found.weights, atol=1e-8)


def test_features_that_never_change_have_no_weight():
    dataset = gaussians(60, 3, 2)
    padded = axis(with_vectors(dataset, np.hstack([np.full((60, 2), 7.0), dataset.vectors])))
    assert not padded.weights[:2].any()
    np.testing.assert_allclose(padded.weights[2:], axis(dataset).weights, atol=1e-6)


def test_classes_with_equal_means_have_no_direction():
    vectors = np.tile([[-1.0, 0.0], [1.0, 0.0]], (10, 1))
    for given in (vectors, np.ones((20, 2))):
        found = axis(dataset_from_arrays(vectors=given, labels=["a", "a", "b", "b"] * 5))
        assert np.isfinite(found.scores).all() and np.isfinite(found.weights).all()
    assert not found.weights.any() and not len(found.crossing) and found.accuracy.value == 0.5


def test_what_cannot_be_held_out_is_refused_in_one_sentence():
    for dataset, column, message in (
        (gaussians(20, 2, 3, first=1), None, "one class has a single item, so none can be held out"),
        (gaussians(20, 2, 3, groups=1), "writer", "one class has all its items in one group"),
    ):
        with pytest.raises(SpecError, match=message):
            axis(dataset, column=column)
