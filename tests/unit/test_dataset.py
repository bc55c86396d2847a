"""The Dataset value: read-only, checked, and with a fingerprint that notices every change."""

from dataclasses import replace

import numpy as np
import pytest

import embviz
from embviz.dataset import Dataset, subset
from embviz.datasets import Given, Named
from embviz.datasets.sampling import stratified_sample
from embviz.errors import DatasetError


def toy(n: int = 6, **changes: object) -> Dataset:
    fields: dict[str, object] = {
        "name": "toy",
        "split": "train",
        "ids": np.arange(n) * 2,
        "n_source": 2 * n,
        "n_split": n,
        "images": np.arange(n * 6, dtype=np.uint8).reshape(n, 2, 3),
        "vectors": np.arange(n * 2, dtype=np.float32).reshape(n, 2),
        "labels": np.arange(n) % 2,
        "class_names": ("even", "odd"),
        "metadata": {"writer": np.array([f"w{row}" for row in range(n)]), "age": np.full(n, np.nan)},
    }
    return Dataset(**{**fields, **changes})


def test_arrays_and_columns_are_read_only() -> None:
    dataset = toy()
    for array in (dataset.ids, dataset.images, dataset.vectors, dataset.labels, *dataset.metadata.values()):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = array[1]
    with pytest.raises(TypeError):
        dataset.metadata["new"] = dataset.ids


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"ids": np.arange(6, dtype=np.int32)}, "ids must be int64, got int32"),
        ({"ids": np.array([0, 1, 2, 3, 4, 4])}, "ids must be unique"),
        ({"ids": np.array([0, 1, 2, 3, 4, 12])}, r"ids must be in 0\.\.11, got 0\.\.12"),
        ({"ids": np.array([-1, 1, 2, 3, 4, 5])}, r"got -1\.\.5"),
        ({"n_split": 5}, r"n_split must be in 6\.\.12"),
        ({"n_split": 13}, r"n_split must be in 6\.\.12"),
        ({"images": np.zeros((6, 2, 3))}, "images must be uint8, got float64"),
        ({"images": np.zeros((5, 2, 3), np.uint8)}, r"images must have shape \(6, any, any\), got \(5, 2, 3\)"),
        ({"images": np.zeros((6, 2, 3, 4), np.uint8)}, r"shape \(6, any, any, 3\)"),
        ({"images": np.zeros((6, 0, 3), np.uint8)}, "hold nothing"),
        ({"vectors": np.full((6, 2), np.inf, np.float32)}, "vectors must be finite"),
        ({"labels": np.arange(6)}, r"labels must be in 0\.\.1 for 2 class names, got 0\.\.5"),
        ({"labels": np.arange(6) - 1}, r"got -1\.\.4"),
        ({"class_names": ()}, "for 0 class names"),
        ({"metadata": {"x": np.arange(5)}}, r"metadata 'x' must be .* of shape \(6,\), got int64 of shape \(5,\)"),
        ({"metadata": {"x": np.array([{}] * 6)}}, "metadata 'x' must be text, int64, float64 or bool"),
        ({"metadata": {"x": np.zeros(6, np.float32)}}, "got float32"),
        ({"metadata": {"x": np.ma.array(np.arange(6), mask=[1, 0, 0, 0, 0, 0])}}, "metadata 'x' is a masked array"),
        ({"class_names": ("even", "odd", "even")}, "class names must differ, got 'even' twice"),
        ({"more_vectors": {"clip": np.zeros((5, 2), np.float32)}}, r"clip must have shape \(6, any\), got \(5, 2\)"),
        ({"more_vectors": {"clip": np.full((6, 2), np.nan, np.float32)}}, "clip must be finite"),
        ({"more_vectors": {"clip": np.zeros((6, 0), np.float32)}}, "clip of shape .* hold nothing"),
        ({"more_vectors": {"\ud800": np.zeros((6, 1), np.float32)}}, "a lone surrogate"),
        ({"group": "series"}, "group must be one of the columns writer, age, got 'series'"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_name_of_the_dataset(changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(DatasetError, match=rf"dataset 'toy': .*{sentence}"):
        toy(**changes)


def test_dataset_without_items_is_refused() -> None:
    with pytest.raises(DatasetError, match="no items"):
        toy(n=0)


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "other"},
        {"split": "test"},
        {"ids": np.arange(6)},
        {"n_source": 13},
        {"n_split": 7},
        {"images": None},
        {"images": np.zeros((6, 2, 3), np.uint8)},
        {"images": np.arange(36, dtype=np.uint8).reshape(6, 3, 2)},
        {"vectors": np.zeros((6, 2), np.float32)},
        {"labels": np.zeros(6, np.int64)},
        {"class_names": ("odd", "even")},
        {"metadata": {}},
        {"metadata": {"writer": np.array(["w0"] * 6), "age": np.full(6, np.nan)}},
        {"metadata": {"author": np.array([f"w{row}" for row in range(6)]), "age": np.full(6, np.nan)}},
    ],
)
def test_fingerprint_notices_every_change(changes: dict[str, object]) -> None:
    assert toy(**changes).fingerprint != toy().fingerprint


def test_fingerprint_is_of_the_content_and_not_of_where_it_came_from() -> None:
    assert toy(source=Named("digits")).fingerprint == toy().fingerprint


def test_title_is_name_and_split() -> None:
    assert toy().title == "toy train"
    assert toy(split="").title == "toy"


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (np.array([], dtype=np.int64), "no items"),
        (np.array([1, 1]), "rows must be unique"),
        (np.array([0, 6]), r"rows must be in 0\.\.5, got 0\.\.6"),
        (np.array([-1, 0]), r"rows must be in 0\.\.5, got -1\.\.0"),
        (np.array([True] * 6), "flatnonzero"),
        (np.array([]), "whole numbers"),
        (np.array([1.0]), "whole numbers"),
        (np.array([1, None]), "whole numbers"),
        (np.array([[0, 1]]), "whole numbers of shape"),
        (np.array(["0"]), "whole numbers"),
        (np.array(0), "rows must be an array"),
        ([0, 1], "rows must be an array"),
        (None, "rows must be an array"),
        (np.ma.array([0, 1], mask=[0, 1]), "masked array"),
        (np.broadcast_to(0, 10**12), "rows must be of the 6 items here"),
    ],
    ids=str,
)
def test_rows_that_are_no_positions_are_refused(rows: np.ndarray, sentence: str) -> None:
    with pytest.raises(DatasetError, match=sentence):
        subset(toy(), rows)


def test_replacing_a_field_keeps_everything_else() -> None:
    dataset = toy()
    assert replace(dataset, source=Named("digits")).fingerprint == dataset.fingerprint


@pytest.mark.parametrize(
    ("limit", "seed", "sentence"),
    [
        (0, 0, "limit must be at least 1"),
        (3, -1, "seed must be"),
        ("5", 0, "limit must be a whole number"),
        (None, 0, "limit must be a whole number"),
        (5.0, 0, "limit must be a whole number"),
        (3, "a", "seed must be a whole number"),
    ],
)
def test_impossible_samples_are_refused(limit: object, seed: object, sentence: str) -> None:
    with pytest.raises(DatasetError, match=sentence):
        stratified_sample(toy(), limit, seed)


def test_sample_of_everything_is_the_dataset_itself() -> None:
    dataset = toy()
    assert stratified_sample(dataset, 6) is dataset
    assert stratified_sample(dataset, 100) is dataset


def test_sample_changes_with_the_seed() -> None:
    many = toy(n=1000)
    drawn = {tuple(stratified_sample(many, 100, seed).ids) for seed in range(5)}
    assert len(drawn) == 5


def test_sample_without_labels_is_a_plain_draw() -> None:
    sample = stratified_sample(toy(n=1000, labels=None, class_names=()), 100, seed=1)
    assert len(set(sample.ids.tolist())) == 100


def test_further_vectors_go_with_their_items_and_belong_to_what_they_are() -> None:
    clip = np.arange(12, dtype=np.float32).reshape(6, 2)
    dataset = toy(more_vectors={"clip": clip.copy()})
    assert np.array_equal(subset(dataset, np.array([4, 1])).more_vectors["clip"], clip[[4, 1]])
    others = [toy(), toy(more_vectors={"clip": clip + 1}), toy(more_vectors={"resnet": clip.copy()})]
    assert len({dataset.items, *(other.items for other in others)}) == 4
    with pytest.raises(ValueError, match="read-only"):
        dataset.more_vectors["clip"][0] = 1


def test_a_group_is_part_of_what_a_dataset_says() -> None:
    assert toy(group="writer").fingerprint != toy().fingerprint
    assert toy(group="writer").items == toy().items


def test_a_sample_keeps_the_share_of_each_group_in_each_class() -> None:
    writers = np.repeat(np.array(["a", "b", "c"]), [60, 30, 10])
    labels = np.tile([0, 1], 50)
    for changes in ({"labels": labels}, {"labels": None, "class_names": ()}):
        many = toy(n=100, metadata={"writer": writers}, group="writer", **changes)
        drawn = stratified_sample(many, 20).metadata["writer"].tolist()
        assert [drawn.count(writer) for writer in "abc"] == [12, 6, 2]


def test_every_item_is_as_likely_to_be_drawn() -> None:
    dataset = toy(n=20)
    counts = sum(np.isin(dataset.ids, stratified_sample(dataset, 10, seed).ids) for seed in range(400))
    assert np.abs(counts / 400 - 0.5).max() < 0.1  # four standard deviations


def test_its_text_stays_short_whatever_it_holds() -> None:
    long = "long " * 600
    columns = {f"{long}{number}": np.arange(6) for number in range(500)}
    shown = repr(toy(name=long, class_names=(long, "odd"), metadata=columns, source=Given(toy(name=long))))
    assert len(shown) < 2000
    assert "3000 characters" in shown and "500 in all" in shown
    assert "class_names=('even', 'odd')" in repr(toy()) and "'age': float64 (6,)" in repr(toy())


@pytest.mark.parametrize("name", ["labels", "images", "vectors", "ids", "name"])
def test_a_column_may_be_called_like_a_part_of_the_dataset(name):
    plain = embviz.dataset_from_arrays(vectors=np.eye(2), labels=["a", "b"])
    named = embviz.dataset_from_arrays(vectors=np.eye(2), labels=["a", "b"], metadata=[{name: 5}, {name: 6}])
    assert named.metadata[name].tolist() == [5, 6]
    assert named.items == plain.items and named.fingerprint != plain.fingerprint


@pytest.mark.parametrize("first_ids", [[1], [0, 0], [0, 3, 2], [0, 12]])
def test_splits_begin_at_0_and_ascend_within_the_source(first_ids):
    with pytest.raises(DatasetError, match="first ids of splits must ascend from 0 and be below 12"):
        toy(splits=tuple((f"part {first}", first) for first in first_ids))


def test_where_splits_begin_is_part_of_what_a_dataset_is():
    assert len({toy(splits=splits).fingerprint for splits in ((), (("train", 0),), (("train", 0), ("test", 4)))}) == 3


def test_a_sample_of_small_groups_is_fair_and_keeps_the_classes() -> None:
    writers = np.repeat(np.arange(40), np.tile([1, 2, 3, 4], 10))
    many = toy(n=100, metadata={"writer": writers}, group="writer", labels=np.arange(100) % 2)
    drawn = [stratified_sample(many, 20, seed) for seed in range(400)]
    assert all(np.bincount(sample.labels).tolist() == [10, 10] for sample in drawn)
    counts = sum(np.isin(many.ids, sample.ids) for sample in drawn)
    assert np.abs(counts / 400 - 0.2).max() < 0.08  # four standard deviations
    for sample in drawn:
        for label in (0, 1):
            whole = np.bincount(writers[many.labels == label], minlength=40)
            part = np.bincount(sample.metadata["writer"][sample.labels == label], minlength=40)
            assert (np.abs(part - 0.2 * whole) < 1).all()


def test_further_columns_give_what_a_new_dataset_with_them_is() -> None:
    given = toy(3)
    columns = {"size": np.arange(3) * 1.5, "writer": np.array(["x", "y", "z"])}
    made = given.with_columns(columns)
    anew = replace(given, metadata={**given.metadata, **columns})
    assert (made.fingerprint, made.items) == (anew.fingerprint, anew.items) and made.fingerprint != given.fingerprint
    for name, values in anew.metadata.items():
        np.testing.assert_array_equal(made.metadata[name], values)
    assert not made.metadata["size"].flags.writeable and "size" not in given.metadata
    with pytest.raises(DatasetError, match="size"):
        given.with_columns({"size": np.arange(2)})
