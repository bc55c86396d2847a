"""Features: pixels, the user's vectors, activations of a layer, and their names."""

from dataclasses import replace

import numpy as np
import pytest

import embviz
from embviz.cli import commands
from embviz.dataset import subset
from embviz.datasets import dataset_from_arrays, known_datasets, load_dataset
from embviz.errors import DatasetError, InputError, SpecError
from embviz.features import (
    Activations,
    Features,
    Pixels,
    Vectors,
    activation_features,
    feature_spec,
    pixel_features,
    train_network,
    vector_features,
)
from embviz.features.catalogue import feature_spaces
from embviz.features.features import FEATURE_NAMES, IMAGE_FEATURES, LAYER, NAMED_VECTORS


def test_command_line_and_page_offer_all_that_is_made_of_images():
    offered = (commands.FEATURES, commands.NAMED_VECTORS, commands.LAYER)
    assert offered == (FEATURE_NAMES, NAMED_VECTORS, LAYER.pattern)
    assert [space.spec for space in feature_spaces(known_datasets()[0])] == [
        feature_spec(name) for name in IMAGE_FEATURES
    ]


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
    assert np.allclose(hidden @ network.weights[-1] + network.biases[-1], logits, atol=1e-4)


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
    with pytest.raises(DatasetError, match="2 x 2 pixels, but the network was trained on 8 x 8 pixels"):
        activation_features(dataset_from_arrays(images=[[[0, 1], [2, 3]]]), network, "hidden")


def test_every_name_gives_the_spec_of_that_name():
    specs = [feature_spec(name, seed=5) for name in ("pixels", "hidden", "logits", "vectors")]
    assert specs == [Pixels(), Activations("hidden", 5), Activations("logits", 5), Vectors()]
    assert [spec.name for spec in specs] == ["pixels", "hidden", "logits", "vectors"]


def test_layers_of_a_deeper_classifier_have_numbers():
    specs = [feature_spec(name, hidden_layer_sizes=(30, 20)) for name in ("hidden-1", "hidden-2", "logits")]
    assert [spec.layer for spec in specs] == ["hidden-1", "hidden-2", "logits"]
    assert {spec.hidden_layer_sizes for spec in specs} == {(30, 20)}
    spaces = feature_spaces(known_datasets()[0], (30, 20))[1:]
    assert [(space.spec, space.n_values) for space in spaces] == list(zip(specs, (30, 20, 10), strict=True))
    assert [space.title for space in spaces] == [
        f"Classifier · {name}" for name in ("hidden layer 1", "hidden layer 2", "logits")
    ]


@pytest.mark.parametrize(("name", "sizes"), [("hidden-2", (200,)), ("hidden", (9, 9)), ("hidden-3", (9, 9))])
def test_a_layer_that_the_classifier_does_not_have_is_told_those_it_has(name, sizes):
    with pytest.raises(SpecError, match=r"one of hidden.*logits, got .*hidden_layer_sizes says how many"):
        feature_spec(name, hidden_layer_sizes=sizes)


def test_the_usual_classifiers_spec_is_written_as_it_was_before_there_were_others():
    """Fingerprints of stored results are made of it."""
    assert repr(Activations("hidden", 7)) == "Activations(layer='hidden', seed=7)"
    assert repr(Activations("logits", 7, (9,))) == "Activations(layer='logits', seed=7, hidden_layer_sizes=(9,))"


def test_an_unknown_name_is_told_the_names():
    with pytest.raises(SpecError, match="pixels, hidden, logits, vectors, got 'edges'"):
        feature_spec("edges")


@pytest.mark.parametrize("wrong", [{"layer": "softmax"}, {"seed": -1}, {"seed": 2**32}])
def test_activations_check_layer_and_seed(wrong):
    with pytest.raises(SpecError, match="must be"):
        Activations(**wrong)


@pytest.mark.parametrize("shape", [(4, 16), (16, 4), (4, 4, 3)])
def test_images_of_as_many_values_but_another_shape_have_no_activations(network, shape):
    """The number of weights fits, but pixels would meet the weights of other pixels."""
    n_values = int(np.prod(shape))
    trained = replace(network, image_shape=(8, 8)) if n_values == 64 else square_network(n_values)
    dataset = embviz.dataset_from_arrays(images=np.zeros((5, *shape), np.uint8))
    with pytest.raises(DatasetError, match="train one on images of this size"):
        activation_features(dataset, trained, "hidden")


def square_network(n_values):
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (20, 1, n_values), dtype=np.uint8)
    dataset = embviz.dataset_from_arrays(images=images, labels=[0, 1] * 10)
    return train_network(dataset, dataset)


def test_a_classifier_is_not_measured_on_images_of_another_shape():
    images = np.random.default_rng(0).integers(0, 256, (20, 4, 4), dtype=np.uint8)
    train, test = (
        embviz.dataset_from_arrays(images=images.reshape(20, *shape), labels=[0, 1] * 10) for shape in ((4, 4), (2, 8))
    )
    with pytest.raises(DatasetError, match="got 4 x 4 pixels and 2 x 8 pixels"):
        train_network(train, test)


def test_other_vectors_of_the_same_items_are_other_features():
    dataset = embviz.dataset_from_arrays(vectors=np.random.default_rng(0).normal(size=(30, 4)))
    whole = embviz.vector_features(dataset)
    part = Features(np.ascontiguousarray(whole.vectors[:, :2]), whole.ids, whole.spec, whole.items)
    assert part.fingerprint != whole.fingerprint
    with pytest.raises(InputError, match="made from other vectors"):
        embviz.project(part, embviz.Umap(n_neighbors=5), graph=embviz.neighbor_graph(whole, 10))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"predictions": np.array([0, 1, 3])}, "predictions must be codes of the 3 class names, got 0..3"),
        ({"predictions": np.array([-5, 1, 2])}, "predictions must be codes"),
        ({"test_accuracy": 1.5}, "test_accuracy must be in 0..1"),
        ({"test_accuracy": float("nan")}, "test_accuracy must be in 0..1"),
    ],
)
def test_impossible_predictions_and_shares_are_refused(wrong, sentence):
    with pytest.raises(InputError, match=sentence):
        Features(np.ones((3, 2), np.float32), np.arange(3), Pixels(), "", **wrong, class_names=("a", "b", "c"))
