"""The name of an item has its position in its split, the same however the item was loaded."""

import numpy as np
import pytest

from embviz.datasets import load_dataset
from embviz.datasets.splits import split_dataset
from embviz.items.names import item_name, split_positions


def toy(split, lengths):
    def read(part):
        return np.full((lengths[part], 2, 2), len(part), np.uint8), np.zeros(lengths[part], np.int64)

    return split_dataset("toy", split, lengths=lengths, read=read, class_names=("a",), source=None)


@pytest.mark.parametrize("split", ["train", "test", "all"])
def test_positions_count_from_0_in_each_split(split):
    dataset = toy(split, {"train": 5, "test": 3})
    positions = split_positions(dataset)
    for part in ("train", "test"):
        here = positions[dataset.metadata["split"] == part]
        assert here.tolist() == list(range(len(here)))


@pytest.mark.parametrize("split", ["train", "test", "all"])
def test_names_are_split_and_position(split):
    dataset = toy(split, {"train": 5, "test": 3})
    expected = [f"{part} {at}" for part, at in zip(dataset.metadata["split"], split_positions(dataset), strict=True)]
    assert [item_name(item, dataset.splits) for item in dataset.ids.tolist()] == expected


def test_a_source_of_one_split_counts_from_0():
    dataset = toy("test", {"test": 3})
    assert [item_name(item, dataset.splits) for item in dataset.ids.tolist()] == ["test 0", "test 1", "test 2"]


def test_ids_that_count_through_no_splits_are_names():
    digits = load_dataset("digits", "test")  # ids are scikit-learn's positions, which people know
    assert split_positions(digits) is None
    assert item_name(int(digits.ids[3]), digits.splits) == f"#{digits.ids[3]}"
