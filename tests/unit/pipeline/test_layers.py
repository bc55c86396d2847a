"""Layers and axis through the pipeline: stored, never of something else, and computed again where damaged."""

from dataclasses import fields, is_dataclass, replace

import numpy as np
import pytest

import embviz.pipeline.statistics.layers as stage
from embviz.dataset import subset
from embviz.datasets import dataset_from_arrays, load_dataset
from embviz.errors import Cancelled, SpecError
from embviz.features import NamedVectors, Pixels, Vectors, pixel_features
from embviz.features.features import feature_spec
from embviz.overlap import class_overlap, groups_of
from embviz.pipeline import class_separation_of, features_of, layer_lens_of, layer_specs, pair_axis_of
from embviz.storage.artifacts import Artifact
from embviz.storage.store import Store


@pytest.fixture(scope="module")
def digits():
    return load_dataset("digits", "test")


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path)


@pytest.fixture
def one_epoch(monkeypatch):
    monkeypatch.setattr("embviz.features.network.EPOCHS", 1)


def assert_equal(found, expected):
    assert type(found) is type(expected)
    for field in fields(expected):
        one, other = getattr(found, field.name), getattr(expected, field.name)
        if is_dataclass(other):
            assert_equal(one, other)
        else:
            np.testing.assert_array_equal(one, other)


def test_a_lens_looks_into_all_spaces_and_holds_the_librarys_numbers(digits, store, one_epoch):
    lens = layer_lens_of(digits, (1, 7), 5, store=store)
    assert [each.space for each in lens.spaces] == ["pixels", "hidden", "logits"]
    for each in lens.spaces:
        features = features_of(digits, feature_spec(each.space), store=store)
        assert each.overlap == class_overlap(features, digits, (1, 7), 5, space=each.space, groups=groups_of(digits))
    assert not lens.is_seen


def test_the_order_of_the_classes_makes_no_other_lens(digits, tmp_path, one_epoch):
    one, other = (layer_lens_of(digits, pair, 5, store=Store(tmp_path / str(pair))) for pair in ((1, 7), (7, 1)))
    for first, second in zip(one.spaces, other.spaces, strict=True):
        assert_equal(second, first)


def test_a_deeper_classifier_has_more_spaces(digits, store, one_epoch):
    specs = layer_specs(digits, (20, 10))
    lens = layer_lens_of(digits, (1, 7), 5, specs, store=store)
    assert [each.space for each in lens.spaces] == ["pixels", "hidden-1", "hidden-2", "logits"]


def test_items_that_the_classifier_has_seen_are_said_to_be(digits, store, one_epoch):
    train = subset(load_dataset("digits", "train"), np.arange(200))
    assert layer_lens_of(train, (1, 7), 5, store=store).is_seen
    assert not layer_lens_of(train, (1, 7), 5, (Pixels(),), store=store).is_seen


def test_ones_own_vectors_are_spaces_and_need_no_classifier(store):
    rng = np.random.default_rng(0)
    own = dataset_from_arrays(vectors=rng.normal(size=(40, 3)), labels=["a", "b"] * 20)
    own = replace(own, more_vectors={"clip": rng.normal(size=(40, 5)).astype(np.float32)})
    assert layer_specs(own) == (Vectors(), NamedVectors("clip"))
    assert [each.space for each in layer_lens_of(own, (0, 1), 3, store=store).spaces] == ["vectors", "vectors:clip"]
    drawn = dataset_from_arrays(images=rng.integers(0, 256, (40, 3, 3)), labels=["a", "b"] * 20)
    assert layer_specs(drawn) == (Pixels(),), "there is no train split to learn from"
    unlabeled = dataset_from_arrays(images=rng.integers(0, 256, (40, 3, 3)))
    assert layer_specs(unlabeled) == (Pixels(),)


def test_what_is_stored_is_not_computed_again(digits, store, monkeypatch):
    features = pixel_features(digits)
    first = class_separation_of(features, digits, (1, 7), 5, store=store)
    axis = pair_axis_of(features, digits, (1, 7), store=store)
    for name in ("class_separation", "pair_axis"):
        monkeypatch.setattr(stage, name, None)
    assert_equal(class_separation_of(features, digits, (1, 7), 5, store=store), first)
    assert_equal(pair_axis_of(features, digits, (1, 7), store=store), axis)
    assert_equal(class_separation_of(features, digits, (7, 1), 5, store=store), first)
    for other in ({"classes": (7, 2)}, {"k": 6}, {"group": "split"}):
        with pytest.raises(TypeError, match="not callable"):
            class_separation_of(features, digits, **({"classes": (1, 7), "k": 5} | other), store=store)
    with pytest.raises(TypeError, match="not callable"):
        pair_axis_of(features, digits, (7, 1), store=store)


def made(kind, digits, store):
    features = pixel_features(digits)
    if kind == "separation":
        return class_separation_of(features, digits, (1, 7), 5, store=store)
    return pair_axis_of(features, digits, (1, 7), store=store)


@pytest.mark.parametrize(
    ("kind", "damage"),
    [
        ("separation", {"overlap.k": 6}),
        ("separation", {"overlap.crossing": [1.0, 2.5]}),
        ("separation", {"neighbors.judge": "probe"}),
        ("separation", {"probe.right": [0.5, 1.5]}),
        ("separation", {"indices": None}),
        ("separation", {"items": "others"}),
        ("separation", {"rows": np.arange(109)}),
        ("separation", {"coords": np.zeros((5, 2), np.float32)}),
        ("separation", {"surplus": 1.0}),
        ("axis", {"classes": [7, 1]}),
        ("axis", {"space": "hidden"}),
        ("axis", {"scores": np.zeros(5)}),
        ("axis", {"weights": np.zeros(5)}),
        ("axis", {"weights": np.full(64, np.nan)}),
        ("axis", {"rows": np.arange(109)}),
        ("axis", {"accuracy.judge": "probe"}),
        ("axis", {"accuracy.spread.group": "writer"}),
        ("axis", {"items": "others"}),
    ],
    ids=str,
)
def test_what_is_not_exactly_what_was_kept_is_computed_again(kind, damage, digits, store, caplog):
    expected = made(kind, digits, store)
    (path,) = (store.root / kind).glob("*.*")
    key = path.name.split(".")[0]
    artifact = store.load(kind, key)
    arrays, scalars = dict(artifact.arrays), dict(artifact.scalars)
    for name, value in damage.items():
        arrays.pop(name, None)
        scalars.pop(name, None)
        if value is not None:
            (arrays if isinstance(value, np.ndarray) else scalars)[name] = value
    store.save(kind, key, Artifact(arrays, scalars))
    assert_equal(made(kind, digits, store), expected)
    assert "computed again" in caplog.text


def test_both_can_be_stopped_before_each_fold(digits, store):
    features, stages = pixel_features(digits), []

    def stop_at(name):
        def progress(stage, done, total):
            stages.append(stage)
            if stage == name and done == 2:
                raise Cancelled

        return progress

    with pytest.raises(Cancelled):
        class_separation_of(features, digits, (1, 7), 5, store=store, progress=stop_at("linear probe"))
    with pytest.raises(Cancelled):
        pair_axis_of(features, digits, (1, 7), store=store, progress=stop_at("pair axis"))
    assert not (store.root / "separation").exists() and not (store.root / "axis").exists()


def test_a_pair_without_folds_has_no_axis(digits, store):
    with pytest.raises(SpecError, match="all its items in one group"):
        pair_axis_of(pixel_features(digits), digits, (1, 7), group="split", store=store)


@pytest.mark.mnist
def test_mnists_1_and_7_come_apart_in_the_hidden_layer(tmp_path):
    """The overlap in pixels is that of the statistics notes: 4.14 % of mixed, with writers left out in turn."""
    mnist = load_dataset("mnist", "test")
    (pixels,) = layer_lens_of(mnist, (1, 7), 10, (Pixels(),), store=Store(tmp_path)).spaces
    assert pixels.overlap.index == pytest.approx(0.041437, abs=1e-6)
    assert pixels.overlap.spread.rate_error == pytest.approx(0.0034, abs=1e-4)
    assert pixels.probe.value > 0.98 and pixels.neighbors.value > 0.97
