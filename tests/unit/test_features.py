"""Features: pixels, the user's vectors, activations of a layer, and their names."""

import numpy as np
import pytest

from embviz.dataset import subset
from embviz.datasets import dataset_from_arrays, load_dataset
from embviz.errors import DatasetError, SpecError
from embviz.features import (
    Activations,
    Pixels,
    Vectors,
    activation_features,
    feature_spec,
    pixel_features,
    train_network,
    vector_features,
)


@pytest.fixture(scope="module")
def digits():
    return load_dataset("digits", "test")


@pytest.fixture(scope="module")
def network(digits):
    return train_network(load_dataset("digits", "train"), digits)


def test_pixels_are_the_images_flattened_between_0_and_1(digits):
    features = pixel_features(digits)
    assert features.vectors.dtype == np.float32
    assert np.array_equal(np.round(features.vectors * 255).reshape(digits.images.shape), digits.images)
    assert np.array_equal(features.ids, digits.ids)


def test_vectors_are_those_of_the_dataset():
    dataset = dataset_from_arrays(vectors=[[1, 2], [3, 4]])
    assert vector_features(dataset).vectors is dataset.vectors


def test_what_a_dataset_lacks_is_a_dataset_error():
    with pytest.raises(DatasetError, match="no images"):
        pixel_features(dataset_from_arrays(vectors=[[1.0]]))
    with pytest.raises(DatasetError, match="no vectors"):
        vector_features(dataset_from_arrays(images=[[[1]]]))


def test_hidden_is_what_the_logits_are_made_of(digits, network):
    hidden = activation_features(digits, network, "hidden").vectors
    logits = activation_features(digits, network, "logits").vectors
    assert hidden.shape == (len(digits), 200)
    assert logits.shape == (len(digits), 10)
    assert hidden.min() == 0
    assert np.allclose(hidden @ network.output_weights + network.output_biases, logits, atol=1e-4)


def test_predictions_are_the_largest_logits_and_give_the_test_accuracy(digits, network):
    for layer in ("hidden", "logits"):
        features = activation_features(digits, network, layer)
        assert np.array_equal(
            features.predictions, activation_features(digits, network, "logits").vectors.argmax(axis=1)
        )
        assert features.test_accuracy == pytest.approx(np.mean(features.predictions == digits.labels))


def test_a_subset_has_the_activations_of_its_items(digits, network):
    rows = np.array([500, 3, 77])
    whole = activation_features(digits, network, "hidden")
    part = activation_features(subset(digits, rows), network, "hidden")
    assert np.allclose(part.vectors, whole.vectors[rows], atol=1e-5)
    assert np.array_equal(part.ids, whole.ids[rows])


def test_fingerprints_tell_layer_network_and_items_apart(digits, network):
    train = load_dataset("digits", "train")
    other_seed = train_network(train, digits, seed=1)
    other_items = train_network(subset(train, np.arange(100)), digits)
    made = [
        pixel_features(digits),
        activation_features(digits, network, "hidden"),
        activation_features(digits, network, "logits"),
        activation_features(digits, other_seed, "hidden"),
        activation_features(digits, other_items, "hidden"),
        activation_features(subset(digits, np.arange(5)), network, "hidden"),
    ]
    assert len({features.fingerprint for features in made}) == len(made)
    assert activation_features(digits, network, "hidden").fingerprint == made[1].fingerprint


def test_images_of_another_size_have_no_activations(network):
    with pytest.raises(DatasetError, match="4 values per image, but the network was trained on 64"):
        activation_features(dataset_from_arrays(images=[[[0, 1], [2, 3]]]), network, "hidden")


def test_every_name_gives_the_spec_of_that_name():
    specs = [feature_spec(name, seed=5) for name in ("pixels", "hidden", "logits", "vectors")]
    assert specs == [Pixels(), Activations("hidden", 5), Activations("logits", 5), Vectors()]
    assert [spec.name for spec in specs] == ["pixels", "hidden", "logits", "vectors"]


def test_an_unknown_name_is_told_the_names():
    with pytest.raises(SpecError, match="pixels, hidden, logits, vectors, got 'edges'"):
        feature_spec("edges")


@pytest.mark.parametrize("wrong", [{"layer": "softmax"}, {"seed": -1}, {"seed": 2**32}])
def test_activations_check_layer_and_seed(wrong):
    with pytest.raises(SpecError, match="must be"):
        Activations(**wrong)
