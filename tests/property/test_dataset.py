"""In every part of a dataset an item has the same id, and an id belongs to the same item."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings, strategies as st

from embviz.dataset import Dataset, stratified_sample, subset

modest = settings(max_examples=60)


@st.composite
def datasets(draw: st.DrawFn, max_items: int = 40) -> Dataset:
    """Datasets whose images, vectors and metadata follow from the item's id, so that a mix-up is noticed."""
    n_source = draw(st.integers(1, 2 * max_items))
    ids = draw(st.lists(st.integers(0, n_source - 1), min_size=1, max_size=max_items, unique=True))
    n_classes = draw(st.integers(1, 5))
    codes = draw(st.lists(st.integers(0, n_classes - 1), min_size=len(ids), max_size=len(ids)))
    return Dataset(
        name="made",
        split="",
        ids=np.array(ids),
        n_source=n_source,
        n_split=len(ids),
        images=np.repeat(np.array(ids, dtype=np.uint8), 4).reshape(-1, 2, 2),
        vectors=np.array([[i, -i] for i in ids], dtype=np.float32),
        labels=np.array(codes),
        class_names=tuple(map(str, range(n_classes))),
        metadata={"text": np.array([f"item {i}" for i in ids]), "half": np.array(ids) / 2},
    )


def assert_items_are_those_of(part: Dataset, whole: Dataset) -> None:
    row_of = {item: row for row, item in enumerate(whole.ids.tolist())}
    rows = [row_of[item] for item in part.ids.tolist()]
    assert np.array_equal(part.images, whole.images[rows])
    assert np.array_equal(part.vectors, whole.vectors[rows])
    assert np.array_equal(part.labels, whole.labels[rows])
    assert part.metadata["text"].tolist() == [f"item {i}" for i in part.ids]
    assert part.metadata["half"].tolist() == (part.ids / 2).tolist()
    assert (part.n_source, part.n_split) == (whole.n_source, whole.n_split)


@given(datasets(), st.data())
@modest
def test_ids_survive_subset_order_and_sample(whole: Dataset, data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.integers(0, len(whole) - 1), min_size=1, unique=True))
    part = subset(whole, np.array(rows))
    assert part.ids.tolist() == whole.ids[rows].tolist()
    assert_items_are_those_of(part, whole)
    sample = stratified_sample(part, data.draw(st.integers(1, len(part))), data.draw(st.integers(0, 2**32 - 1)))
    assert_items_are_those_of(sample, whole)
    shuffled = subset(sample, np.array(data.draw(st.permutations(range(len(sample))))))
    assert_items_are_those_of(shuffled, whole)


@given(datasets(), st.data(), st.integers(0, 2**32 - 1))
@modest
def test_sample_keeps_the_share_of_every_class_and_the_order(whole: Dataset, data: st.DataObject, seed: int) -> None:
    limit = data.draw(st.integers(1, len(whole)))
    sample = stratified_sample(whole, limit, seed)
    assert len(sample) == limit
    row_of = {item: row for row, item in enumerate(whole.ids.tolist())}
    rows = [row_of[item] for item in sample.ids.tolist()]
    assert rows == sorted(rows)
    n_classes = len(whole.class_names)
    counts = np.bincount(whole.labels, minlength=n_classes)
    taken = np.bincount(sample.labels, minlength=n_classes)
    assert (taken <= counts).all()
    assert (np.abs(taken - counts * limit / len(whole)) < 1).all()


@given(datasets(), st.data(), st.integers(0, 2**32 - 1))
@modest
def test_same_seed_draws_the_same_items(whole: Dataset, data: st.DataObject, seed: int) -> None:
    limit = data.draw(st.integers(1, len(whole)))
    assert stratified_sample(whole, limit, seed).fingerprint == stratified_sample(whole, limit, seed).fingerprint


@given(datasets(), st.data())
@modest
def test_one_changed_pixel_changes_the_fingerprint(whole: Dataset, data: st.DataObject) -> None:
    images = whole.images.copy()
    images.flat[data.draw(st.integers(0, images.size - 1))] ^= data.draw(st.integers(1, 255))
    assert replace(whole, images=images).fingerprint != whole.fingerprint
