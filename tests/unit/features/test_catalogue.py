"""Which features a dataset offers."""

from dataclasses import replace

from embviz.datasets import dataset_of, known_datasets
from embviz.features import Activations, NamedVectors, Pixels, Vectors
from embviz.features.catalogue import feature_spaces
from embviz.pipeline import features_of
from embviz.storage.store import Store

DIGITS = known_datasets()[0]


def specs(**changes: object) -> list[object]:
    return [space.spec for space in feature_spaces(replace(DIGITS, **changes))]


def test_a_classifier_needs_images_and_two_classes():
    layers = [Activations("hidden"), Activations("logits")]
    assert specs() == [Pixels(), *layers]
    assert specs(class_names=()) == specs(class_names=("one",)) == [Pixels()]
    assert specs(image_shape=None) == []


def test_each_set_of_vectors_is_a_space_and_pixels_come_first():
    vectors = (("clip", 6), ("dino", 4))
    assert specs(image_shape=None, vectors=vectors) == [Vectors(), NamedVectors("dino")]
    assert specs(class_names=(), vectors=vectors) == [Pixels(), Vectors(), NamedVectors("dino")]
    titles = [space.title for space in feature_spaces(replace(DIGITS, image_shape=None, vectors=vectors))]
    assert titles == ["Vectors · clip", "Vectors · dino"]
    assert [space.title for space in feature_spaces(replace(DIGITS, image_shape=None, vectors=vectors[:1]))] == [
        "Vectors"
    ]


def test_widths_are_those_of_the_features(tmp_path):
    dataset = dataset_of(DIGITS.source, "test", 50)
    for space in feature_spaces(DIGITS):
        features = features_of(dataset, space.spec, store=Store(tmp_path))
        assert features.vectors.shape[1] == space.n_values
