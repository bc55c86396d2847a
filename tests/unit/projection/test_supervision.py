"""Which labels shape a layout, and how much weaker they make the edges between different ones."""

from dataclasses import replace

import numpy as np
import pytest

from embviz.datasets.arrays import dataset_from_arrays
from embviz.errors import SpecError
from embviz.features.vectors import vector_features
from embviz.projection import Tsne, Umap, project
from embviz.projection.supervision import LARGEST_DISTANCE, UNLABELED, label_factors, shaping_labels

NAMES = np.array(["cat", "dog", "owl"])
CODES = np.arange(60) % 3
VECTORS = np.random.default_rng(0).normal(size=(60, 4))
DATASET = dataset_from_arrays(vectors=VECTORS, labels=NAMES[CODES])
SPECS = [
    Tsne(perplexity=5, max_iter=260, supervised=True, ignored_label="dog"),
    Umap(n_neighbors=5, n_epochs=20, supervised=True, ignored_label="dog"),
]
BOTH = pytest.mark.parametrize("spec", SPECS, ids=["t-SNE", "UMAP"])


@pytest.mark.parametrize("strength", [1, 20, 50, 80, 94])
def test_different_labels_are_as_far_apart_as_umap_learn_has_it(strength):
    target_weight = strength / 100
    far_dist = 2.5 * (1.0 / (1.0 - target_weight))  # umap_.py, UMAP.fit
    found = label_factors(np.array([0, 0, 0]), np.array([0, 1, UNLABELED]), strength, unlabeled_distance=1.5)
    np.testing.assert_allclose(found, np.exp([0, -far_dist, -1.5]), rtol=1e-5)


@pytest.mark.parametrize("strength", [95, 99, 99.9999999999999999, 100])
def test_at_most_edges_are_as_good_as_gone_and_yet_numbers(strength):
    (factor,) = label_factors(np.array([0]), np.array([1]), strength)
    assert 0 < factor <= np.exp(-LARGEST_DISTANCE) * (1 + 1e-6) and factor >= np.finfo(np.float32).tiny


@BOTH
def test_an_ignored_label_is_no_label(spec):
    ignored = project(vector_features(DATASET), spec, labels=DATASET)
    without = np.where(CODES == 1, UNLABELED, CODES)
    np.testing.assert_array_equal(shaping_labels(spec, DATASET, 60), without)
    nameless = replace(spec, ignored_label=None)
    np.testing.assert_array_equal(
        ignored.coords, project(vector_features(DATASET), nameless, labels=without).coords, strict=True
    )
    assert not np.array_equal(ignored.coords, project(vector_features(DATASET), nameless, labels=DATASET).coords)


@BOTH
def test_a_class_that_is_not_there_cannot_be_ignored(spec):
    unknown = replace(spec, ignored_label="cow")
    with pytest.raises(SpecError, match="no class is called 'cow', so it cannot be ignored; choose from cat, dog, owl"):
        shaping_labels(unknown, DATASET, 60)
    with pytest.raises(SpecError, match="an array of labels has no class called 'cow'; give the dataset, or leave"):
        shaping_labels(unknown, CODES, 60)


def test_a_class_called_minus_one_is_no_class_of_its_own_but_can_be_ignored():
    dataset = dataset_from_arrays(vectors=VECTORS, labels=CODES - 1)
    with pytest.raises(SpecError, match=r"has a class called -1, .* ignore that label"):
        shaping_labels(Tsne(supervised=True), dataset, 60)
    found = shaping_labels(Tsne(supervised=True, ignored_label="-1"), dataset, 60)
    np.testing.assert_array_equal(found == UNLABELED, CODES == 0)


def test_what_no_labels_shape_needs_none():
    assert shaping_labels(Tsne(), DATASET, 60) is None and shaping_labels(Umap(), None, 60) is None
