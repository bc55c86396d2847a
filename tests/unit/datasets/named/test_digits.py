"""scikit-learn's digits as a dataset."""

import numpy as np
from sklearn.datasets import load_digits

from embviz.datasets.named.digits import LENGTHS, digits_dataset


def test_all_digits_come_in_the_order_of_scikit_learn() -> None:
    digits, source = digits_dataset("all"), load_digits()
    assert digits.ids.tolist() == list(range(1797))
    assert digits.labels.tolist() == source.target.tolist()
    assert np.abs(digits.images / 255 - source.images / 16).max() <= 0.5 / 255
    assert (digits.images.min(), digits.images.max()) == (0, 255)


def test_train_and_test_share_nothing_and_miss_nothing() -> None:
    train, test = digits_dataset("train"), digits_dataset("test")
    assert {"train": len(train), "test": len(test)} == LENGTHS
    assert sorted([*train.ids, *test.ids]) == list(range(1797))
    assert (train.n_split, train.n_source) == (1258, 1797)


def test_items_are_the_same_in_every_split() -> None:
    everything = digits_dataset("all")
    for split in ("train", "test"):
        part = digits_dataset(split)
        assert np.array_equal(part.images, everything.images[part.ids])
        assert np.array_equal(part.labels, everything.labels[part.ids])
        assert set(everything.metadata["split"][part.ids]) == {split} == set(part.metadata["split"])


def test_split_takes_seventy_percent_of_every_class() -> None:
    shares = np.bincount(digits_dataset("train").labels) / np.bincount(digits_dataset("all").labels)
    assert np.abs(shares - 0.7).max() < 0.01


def test_digits_are_the_same_every_time() -> None:
    assert digits_dataset("test").fingerprint == digits_dataset("test").fingerprint


def test_they_are_read_where_the_working_folder_is_gone(tmp_path, monkeypatch):
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert len(digits_dataset("test"))
