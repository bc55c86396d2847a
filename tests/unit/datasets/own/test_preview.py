"""What is said of files before they are loaded is what they are afterwards."""

import gzip
import io
from pathlib import Path

import numpy as np
import pytest

from embviz.datasets import DatasetInfo, dataset_of, source_named
from embviz.datasets.files.uses.wishes import Wishes
from embviz.datasets.own.preview import N_SAMPLED, Corrections, Preview, preview_of, preview_of_upload
from embviz.datasets.own.upload import Upload, upload_of
from embviz.errors import DatasetError

N = 40


def uploaded(**arrays: np.ndarray) -> Upload:
    packed = io.BytesIO()
    np.savez(packed, **arrays)
    return upload_of([("own.npz", packed, packed.tell())])


@pytest.fixture
def digits() -> Upload:
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (N, 5, 7), np.uint8)
    images[0] = 0
    return uploaded(images=images, labels=np.arange(N) % 4, clip=rng.normal(size=(N, 6)).astype(np.float32))


def assert_true_of_the_dataset(info: DatasetInfo) -> None:
    """What is said beforehand agrees with each split, loaded."""
    for split, count in info.counts.items():
        dataset = dataset_of(info.source, split)
        assert len(dataset) == count and dataset.source == info.source
        shape = None if dataset.images is None else dataset.images.shape[1:]
        assert shape == info.image_shape and dataset.class_names == info.class_names
        sets = [] if dataset.vectors is None else [dataset.vectors, *dataset.more_vectors.values()]
        assert [vectors.shape[1] for vectors in sets] == [n_values for _, n_values in info.vectors]


def test_an_upload_is_what_was_said_of_it(digits):
    preview = preview_of_upload(digits)
    assert preview.info.counts == {"all": N} and preview.info.image_shape == (5, 7)
    assert preview.info.class_names == ("0", "1", "2", "3") and preview.info.vectors == (("clip", 6),)
    assert_true_of_the_dataset(preview.info)


def test_sample_images_are_those_of_their_items_evenly_spaced(digits):
    preview = preview_of_upload(digits)
    dataset = dataset_of(preview.info.source, "all")
    rows = np.linspace(0, N - 1, N_SAMPLED).astype(int)
    np.testing.assert_array_equal(preview.images, dataset.images[rows])
    assert preview.titles == tuple(dataset.class_names[code] for code in dataset.labels[rows])


@pytest.mark.parametrize("turn", ["transposed", "inverted"])
def test_images_are_turned_as_the_visitor_says(digits, turn):
    before, after = (
        dataset_of(preview_of_upload(digits, Corrections(**said)).info.source, "all").images
        for said in ({}, {turn: True})
    )
    expected = before.swapaxes(1, 2) if turn == "transposed" else 255 - before
    np.testing.assert_array_equal(after, expected)


def test_what_is_not_wanted_is_left_out(digits):
    preview = preview_of_upload(digits, Corrections(without=("images", "labels")))
    assert preview.info.image_shape is None and preview.info.class_names == () and preview.images is None
    dataset = dataset_of(preview.info.source, "all")
    assert dataset.images is None and dataset.labels is None and list(dataset.metadata) == ["labels"]


def test_another_field_is_the_labels(digits):
    made = uploaded(x=np.zeros((N, 3), np.float32), label=np.arange(N) % 2, other=np.arange(N) % 5)
    preview = preview_of_upload(made, Corrections(Wishes(labels="other")))
    assert len(preview.info.class_names) == 5
    assert_true_of_the_dataset(preview.info)


def test_without_images_and_vectors_there_is_nothing_to_show():
    with pytest.raises(DatasetError, match="neither vectors nor images"):
        preview_of_upload(uploaded(images=np.zeros((N, 5, 7), np.uint8)), Corrections(without=("images",)))


def test_files_without_numbers_are_refused_with_what_they_need_and_with_options_of_every_reader():
    """Who drops files in the dialog has no options: for them the sentence says what files must have."""
    with pytest.raises(DatasetError) as refused:
        preview_of_upload(uploaded(note=np.array([f"n{row}" for row in range(N)])))
    said = str(refused.value)
    assert "in 'note'; give files that have columns of numbers, arrays of numbers, or images" in said
    assert "--vectors or --images on the command line, vectors= or images= in Python" in said


def test_splits_of_files_are_counted(tmp_path):
    rng = np.random.default_rng(0)
    arrays = {f"x_{part}": rng.integers(0, 256, (n, 6, 6), np.uint8) for part, n in (("train", 12), ("test", 8))}
    arrays |= {f"y_{part}": np.arange(n) % 3 for part, n in (("train", 12), ("test", 8))}
    np.savez(tmp_path / "own.npz", **arrays)
    info = preview_of(source_named(tmp_path / "own.npz")).info
    assert info.counts == {"train": 12, "test": 8, "all": 20}
    assert_true_of_the_dataset(info)


def test_a_folder_in_the_format_of_mnist_is_what_was_said_of_it(tmp_path: Path):
    images, labels = np.random.default_rng(0).integers(0, 256, (N, 28, 28), np.uint8), np.arange(N, dtype=np.uint8) % 10
    header = b"\0\0\x08"
    packed = header + b"\x03" + b"".join(size.to_bytes(4) for size in images.shape) + images.tobytes()
    (tmp_path / "t10k-images-idx3-ubyte.gz").write_bytes(gzip.compress(packed))
    (tmp_path / "t10k-labels-idx1-ubyte").write_bytes(header + b"\x01" + N.to_bytes(4) + labels.tobytes())
    preview: Preview = preview_of(source_named(tmp_path))
    assert preview.info.counts == {"test": N} and preview.images.shape == (N_SAMPLED, 28, 28)
    assert_true_of_the_dataset(preview.info)


@pytest.mark.parametrize("option", ["vectors", "images", "labels", "metadata", "group"])
def test_no_correction_opens_another_file_of_the_machine(digits, tmp_path, option):
    secret = tmp_path / "secret.csv"
    secret.write_text("label,a,b\n" + "one,1,2\n" * N)
    with pytest.raises(DatasetError, match="is neither"):
        preview_of_upload(digits, Corrections(Wishes(**{option: str(secret)})))
