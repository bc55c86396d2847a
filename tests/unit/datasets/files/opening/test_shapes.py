"""Files and folders of every other shape, through the one door: by what is in them, and with the tables beside them."""

import io
import zipfile

import numpy as np
import pytest
from PIL import Image

from embviz import export_projector, export_zip, load_dataset, vector_features
from embviz.errors import DatasetError
from tests.unit.glyphs import glyphs

IMAGES = glyphs(6)
VECTORS = np.random.default_rng(0).normal(size=(6, 4)).astype(np.float32)


def png(image):
    stream = io.BytesIO()
    Image.fromarray(image).save(stream, "PNG")
    return stream.getvalue()


def idx(array):
    codes = {"uint8": 8, "int8": 9, "int16": 11, "int32": 12, "float32": 13, "float64": 14}
    head = bytes([0, 0, codes[array.dtype.name], array.ndim]) + np.array(array.shape, ">u4").tobytes()
    return head + array.astype(array.dtype.newbyteorder(">")).tobytes()


@pytest.fixture
def flat(tmp_path):
    """Images in a folder whose names are in another order than in the table beside it."""
    folder = tmp_path / "flat"
    folder.mkdir()
    for number in range(6):
        (folder / f"{10 - number}.png").write_bytes(png(IMAGES[number]))
    rows = "".join(f"{10 - number}.png,{'ab'[number % 2]},{number}\n" for number in range(6))
    (tmp_path / "table.csv").write_text(f"file,label,number\n{rows}")
    return folder


@pytest.mark.filterwarnings("ignore:Where capital")
def test_torchvisions_folder_of_emnist_is_upright_with_letters(tmp_path):
    raw = tmp_path / "root" / "EMNIST" / "raw"
    raw.mkdir(parents=True)
    (raw / "emnist-letters-test-images-idx3-ubyte").write_bytes(idx(IMAGES.swapaxes(1, 2)))
    (raw / "emnist-letters-test-labels-idx1-ubyte").write_bytes(idx(np.arange(1, 7, dtype=np.uint8)))
    with pytest.warns(UserWarning, match="upright"):
        dataset = load_dataset(tmp_path / "root")
    assert np.array_equal(dataset.images, IMAGES)
    assert [dataset.class_names[code].lower() for code in dataset.labels] == list("abcdef")


@pytest.mark.parametrize("dtype", ["uint8", "int16", "int32", "float32", "float64"])
def test_an_idx_file_of_any_type_by_whatever_name(tmp_path, dtype):
    (tmp_path / "it.bin").write_bytes(idx(IMAGES.astype(dtype)))
    assert np.array_equal(load_dataset(tmp_path / "it.bin").images, IMAGES)


def test_folders_of_classes(tmp_path):
    for number, image in enumerate(IMAGES):
        folder = tmp_path / "pets" / ["cat", "dog"][number % 2]
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number}.png").write_bytes(png(image))
    dataset = load_dataset(tmp_path / "pets")
    assert dataset.class_names == ("cat", "dog") and dataset.labels.tolist() == [0, 0, 0, 1, 1, 1]
    assert np.array_equal(dataset.images, IMAGES[[0, 2, 4, 1, 3, 5]])


def test_a_zip_of_images_by_whatever_name(tmp_path):
    with zipfile.ZipFile(tmp_path / "it.data", "w") as archive:
        for number, image in enumerate(IMAGES):
            archive.writestr(f"{'ab'[number // 3]}/{number}.png", png(image))
    dataset = load_dataset(tmp_path / "it.data")
    assert np.array_equal(dataset.images, IMAGES) and dataset.labels.tolist() == [0] * 3 + [1] * 3


def check_by_table(dataset):
    assert np.array_equal(dataset.images, IMAGES)
    assert [dataset.class_names[code] for code in dataset.labels] == list("ababab")
    assert dataset.metadata["number"].tolist() == list(range(6))


@pytest.mark.filterwarnings("ignore:.*names the images")
def test_images_come_in_the_order_of_the_table_that_names_them(flat, tmp_path):
    check_by_table(load_dataset(tmp_path / "table.csv", images=flat))
    check_by_table(load_dataset(flat, metadata=tmp_path / "table.csv"))
    check_by_table(load_dataset(images=flat, metadata=tmp_path / "table.csv"))
    (tmp_path / "table.csv").rename(flat / "table.csv")
    check_by_table(load_dataset(flat))
    with zipfile.ZipFile(tmp_path / "it.zip", "w") as archive:
        for path in flat.glob("*.png"):
            archive.write(path, f"inside/{path.name}")
    check_by_table(load_dataset(flat / "table.csv", images=tmp_path / "it.zip"))


@pytest.mark.filterwarnings("ignore:.*names the images")
def test_rows_without_an_image_are_left_out_and_said(flat, tmp_path):
    (flat / "8.png").unlink()
    with pytest.warns(UserWarning, match="1 row is left out"):
        dataset = load_dataset(tmp_path / "table.csv", images=flat)
    assert dataset.metadata["number"].tolist() == [0, 1, 3, 4, 5]
    assert np.array_equal(dataset.images, IMAGES[[0, 1, 3, 4, 5]])


def test_images_that_no_table_names_are_taken_by_name_and_that_is_said(flat, tmp_path):
    np.save(tmp_path / "v.npy", VECTORS)
    with pytest.warns(UserWarning, match="in the order of their names"):
        dataset = load_dataset(tmp_path / "v.npy", images=flat)
    assert np.array_equal(dataset.images, IMAGES[::-1]) and np.array_equal(dataset.vectors, VECTORS)


def test_names_that_lead_out_of_the_folder_open_nothing(flat, tmp_path):
    (tmp_path / "secret.png").write_bytes(png(IMAGES[0]))
    (tmp_path / "bad.csv").write_text("file,n\n../secret.png,1\n/etc/passwd,2\n")
    with pytest.raises(DatasetError, match="numbers of items differ"):
        load_dataset(tmp_path / "bad.csv", images=flat)


@pytest.mark.parametrize("opened", ["logs", "it.zip"])
def test_an_export_for_tensorboard_opens_as_it_was(tmp_path, opened):
    np.savez(tmp_path / "it.npz", vectors=VECTORS, images=glyphs(6, 8, 8), label=list("ababab"), size=np.arange(6))
    dataset = load_dataset(tmp_path / "it.npz")
    export_projector(tmp_path / "logs" / "run", dataset, [vector_features(dataset)])
    export_zip(tmp_path / "it.zip", dataset, [vector_features(dataset)])
    again = load_dataset(tmp_path / opened)
    assert np.array_equal(again.vectors, dataset.vectors) and np.array_equal(again.images, dataset.images)
    assert again.class_names == dataset.class_names and again.labels.tolist() == dataset.labels.tolist()
    assert again.metadata["size"].tolist() == list(range(6))


def test_word_vectors_as_text_are_told_from_a_table(tmp_path):
    words = ["the", "of", "Maß"]
    rows = [" ".join([word, *(f"{n / 7:.5f}" for n in range(20))]) for word in words]
    (tmp_path / "glove.txt").write_text("\n".join(rows) + "\n")
    (tmp_path / "words.vec").write_text("3 20\n" + "\n".join(rows) + "\n")
    for name in ("glove.txt", "words.vec"):
        dataset = load_dataset(tmp_path / name)
        assert dataset.vectors.shape == (3, 20)
        assert words in [column.tolist() for column in dataset.metadata.values()]


def test_a_folder_of_pickles_says_what_to_give(tmp_path):
    (tmp_path / "processed").mkdir()
    (tmp_path / "processed" / "training.pt").write_bytes(b"PK\x03\x04")
    with pytest.raises(DatasetError):
        load_dataset(tmp_path / "processed")
