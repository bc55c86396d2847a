"""Zip files of images: every file is the image of the item that it is called after."""

import csv
import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from embviz.dataset import Dataset, subset
from embviz.datasets.arrays import dataset_from_arrays
from embviz.errors import InputError
from embviz.export import write_images
from embviz.export.pictures import images_zip
from embviz.storage.csv_text import restored
from tests.unit.datasets.files.glyphs import glyphs

NAMES = ["T-shirt/top", "t-shirt:top", "..", "=1+1", "\u304a b"]


def toy() -> Dataset:
    made = dataset_from_arrays(images=glyphs(25), labels=NAMES * 5)
    return subset(made, np.random.default_rng(1).permutation(25)[:18])


def test_each_file_is_the_image_of_its_item_in_the_folder_of_its_class(tmp_path: Path) -> None:
    dataset = toy()
    with zipfile.ZipFile(write_images(tmp_path / "toy.zip", dataset)) as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read("metadata.csv").decode(), newline="")))
        for row, told in enumerate(rows):
            assert np.array_equal(np.asarray(Image.open(archive.open(told["file_name"]))), dataset.images[row])
            assert int(told["id"]) == dataset.ids[row]
            assert restored(told["label"]) == dataset.class_names[dataset.labels[row]]
        assert len(rows) == len(dataset)
        archive.extractall(tmp_path / "out")
    folders = {told["label"]: told["file_name"].partition("/")[0] for told in rows}
    assert len({folder.casefold() for folder in folders.values()}) == len(NAMES)
    assert all(path.is_relative_to(tmp_path / "out") for path in (tmp_path / "out").rglob("*"))


def test_a_selection_holds_those_items_alone_and_the_same_bytes_each_time() -> None:
    dataset = toy()
    rows = np.array([5, 2])
    with zipfile.ZipFile(io.BytesIO(images_zip(dataset, rows))) as archive:
        names = [Path(name).stem for name in archive.namelist()[:-1]]
    assert names == [str(item) for item in dataset.ids[rows]]
    assert images_zip(dataset, rows) == images_zip(dataset, rows)


def test_without_labels_there_are_no_folders(tmp_path: Path) -> None:
    dataset = dataset_from_arrays(images=np.stack([glyphs(2)] * 3, axis=3))
    with zipfile.ZipFile(write_images(tmp_path / "toy.zip", dataset)) as archive:
        assert archive.namelist() == ["0.png", "1.png", "metadata.csv"]
        assert np.array_equal(np.asarray(Image.open(archive.open("1.png"))), dataset.images[1])


def test_what_cannot_be_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has no images; write its coordinates or vectors instead"):
        write_images(tmp_path / "a.zip", dataset_from_arrays(vectors=np.eye(2)))
    with pytest.raises(InputError, match="no items are chosen"):
        write_images(tmp_path / "a.zip", toy(), np.array([], np.int64))
    with pytest.raises(InputError, match=r"rows must be in 0\.\.17"):
        write_images(tmp_path / "a.zip", toy(), np.array([18]))
    assert not (tmp_path / "a.zip").exists()
