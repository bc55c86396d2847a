"""Who wrote each digit of MNIST: QMNIST's facts, joined only where all labels agree."""

import gzip
import lzma
import os
from pathlib import Path

import numpy as np
import pytest

from embviz.datasets import load_dataset
from embviz.datasets.named.mnist_writers import ROWS, TABLE, writer_columns
from tests.mnist_writers import packed_writers

QMNIST = Path(os.environ.get("EMBVIZ_DATA_DIR", "/nowhere")).parent / "qmnist"


@pytest.fixture
def mnist_labels():
    folder = Path(os.environ["EMBVIZ_DATA_DIR"])
    names = {"train": "train-labels-idx1-ubyte.gz", "test": "t10k-labels-idx1-ubyte.gz"}
    packed = {split: gzip.decompress((folder / name).read_bytes()) for split, name in names.items()}
    return {split: np.frombuffer(labels, np.uint8, offset=8).astype(np.int64) for split, labels in packed.items()}


def test_the_table_is_small():
    assert TABLE.stat().st_size <= 64_000


@pytest.mark.skipif(not QMNIST.is_dir(), reason="needs QMNIST's labels beside EMBVIZ_DATA_DIR")
def test_the_table_is_what_qmnist_says():
    assert lzma.decompress(packed_writers(QMNIST)) == lzma.decompress(TABLE.read_bytes())


@pytest.mark.mnist
@pytest.mark.parametrize("split", ROWS)
def test_columns_are_joined_only_where_every_label_agrees(mnist_labels, split):
    labels = mnist_labels[split]
    assert set(writer_columns(split, labels)) == {"writer", "series"}
    other = labels.copy()
    other[-1] = (other[-1] + 1) % 10
    for changed in (other, labels[:-1], labels[::-1], labels + 256, -labels):
        assert writer_columns(split, changed) == {}


@pytest.mark.mnist
def test_every_way_to_load_mnist_has_the_same_writers():
    both = load_dataset("mnist", "all")
    for split, rows in ROWS.items():
        one = load_dataset("mnist", split)
        for column in ("writer", "series"):
            assert np.array_equal(one.metadata[column], both.metadata[column][rows])
    sample = load_dataset("mnist", "all", limit=500)
    assert np.array_equal(sample.metadata["writer"], both.metadata["writer"][sample.ids])


@pytest.mark.mnist
def test_a_writer_is_of_one_series_and_of_one_split():
    metadata = load_dataset("mnist", "all").metadata
    writers = {split: set(metadata["writer"][metadata["split"] == split].tolist()) for split in ROWS}
    assert not writers["train"] & writers["test"]
    assert len(set(zip(metadata["writer"].tolist(), metadata["series"].tolist(), strict=True))) == len(
        writers["train"] | writers["test"]
    )
    assert set(metadata["series"].tolist()) == {0, 4}


def test_other_sets_have_no_writers():
    assert set(load_dataset("digits", "all").metadata) == {"split"}
