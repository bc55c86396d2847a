"""The IDX reader takes exactly MNIST's format, and says what else it was given."""

import bz2
import gzip
import lzma
import os
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from embviz.datasets.named.idx import IdxSplit, check_headers, idx_images, idx_items, idx_labels, idx_length
from embviz.datasets.named.idx_folder import idx_folder_splits, idx_splits, unread_files
from embviz.errors import DatasetError
from tests.unit.conftest import Forbid
from tests.unit.idx_files import idx_bytes, write_random_split

IMAGES = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4)
PACKED = gzip.compress(idx_bytes(IMAGES), mtime=0)  # the same bytes in all processes that run tests
LABELS = np.array([7, 1], dtype=np.uint8)


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_images_and_labels_come_back_as_written(suffix: str, tmp_path: Path) -> None:
    images = idx_images(written(tmp_path / f"images{suffix}", idx_bytes(IMAGES)))
    labels = idx_labels(written(tmp_path / f"labels{suffix}", idx_bytes(LABELS)), 10)
    assert np.array_equal(images, IMAGES)
    assert (images.dtype, labels.dtype, labels.tolist()) == (np.uint8, np.int64, [7, 1])
    assert images.flags.c_contiguous


@pytest.mark.parametrize("suffix", ["", ".gz"])
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "0 bytes long, expected a header of 16"),
        (idx_bytes(IMAGES)[:9], "9 bytes long, expected a header of 16"),
        (idx_bytes(LABELS) + bytes(8), r"starts with 00000801, expected 00000803 \(IDX images\)"),
        (b"<html><body>404 Not Found", r"starts with 3c68746d, expected 00000803"),
        (idx_bytes(IMAGES)[:-1], "promises 2 x 3 x 4 = 24 bytes, found 23"),
        (idx_bytes(IMAGES) + b"\0", "promises 2 x 3 x 4 = 24 bytes, found more"),
        (idx_bytes(IMAGES[:0]), "is empty: its header says 0 x 3 x 4"),
        (idx_bytes(IMAGES[:, :0]), "is empty: its header says 2 x 0 x 4"),
    ],
)
def test_what_is_not_a_file_of_images_is_refused(content: bytes, sentence: str, suffix: str, tmp_path: Path) -> None:
    path = written(tmp_path / f"images{suffix}", content)
    with pytest.raises(DatasetError, match=sentence) as caught:
        idx_images(path)
    assert str(path) in str(caught.value)


def test_absurd_header_allocates_nothing(tmp_path: Path) -> None:
    header = np.array([0x0803, 2**32 - 1, 2**32 - 1, 2**32 - 1], dtype=">u4").tobytes()
    path = written(tmp_path / "images.gz", header + bytes(100))
    tracemalloc.start()
    with pytest.raises(DatasetError, match="found 100"):
        idx_images(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4_000_000


def test_reading_holds_the_images_once(tmp_path: Path) -> None:
    path = written(tmp_path / "images.gz", idx_bytes(np.zeros((20_000, 28, 28), dtype=np.uint8)))
    tracemalloc.start()
    images = idx_images(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1.5 * images.nbytes


def test_label_outside_the_classes_is_named(tmp_path: Path) -> None:
    path = written(tmp_path / "labels", idx_bytes(np.array([3, 9, 10, 255], dtype=np.uint8)))
    with pytest.raises(DatasetError, match=r"labels: label 2 is 10, expected 0\.\.9"):
        idx_labels(path, 10)


@pytest.mark.parametrize(
    "content",
    [
        PACKED[:-4],  # cut in the checksum
        PACKED[:20],
        PACKED[:-8] + bytes(8),  # wrong checksum
        PACKED + b"more",
    ],
)
def test_what_is_not_whole_gzip_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "images.gz"
    path.write_bytes(content)
    with pytest.raises(DatasetError, match=r"images\.gz"):
        idx_images(path)


@pytest.mark.parametrize(("name", "packed"), [("images.gz", False), ("images", True), ("images.GZ", True)])
def test_the_first_bytes_tell_whether_a_file_is_packed_not_its_name(name: str, packed: bool, tmp_path: Path) -> None:
    content = idx_bytes(IMAGES)
    (tmp_path / name).write_bytes(gzip.compress(content) if packed else content)
    assert np.array_equal(idx_images(tmp_path / name), IMAGES)


@pytest.mark.parametrize(
    ("content", "looks"),
    [
        (b"<!DOCTYPE html><title>403 Forbidden</title>", "a web page"),
        (b"\n <html>" + bytes(20), "a web page"),
        (b"PK\x03\x04" + bytes(20), "a zip file: unpack it"),
        (lzma.compress(idx_bytes(IMAGES)), "an xz file: unpack it"),
        (bz2.compress(idx_bytes(IMAGES)), "a bzip2 file: unpack it"),
        (b"version https://git-lfs.github.com/spec/v1", "fetch it with git lfs"),
        (gzip.compress(b"<!DOCTYPE html><title>403 Forbidden</title>", mtime=0), "a web page"),
        (b"\xef\xbb\xbf<!DOCTYPE html><title>403 Forbidden</title>", "a web page"),
        ("<html>403 Forbidden</html>".encode("utf-16"), "a web page"),
        (gzip.compress(gzip.compress(idx_bytes(IMAGES), mtime=0), mtime=0), "packed twice"),
        (b"\x28\xb5\x2f\xfd" + bytes(20), "a zstd file: unpack it"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(20), "a 7z file: unpack it"),
        (b"Rar!\x1a\x07" + bytes(20), "a rar file: unpack it"),
    ],
)
def test_what_a_file_is_instead_is_said(content: bytes, looks: str, tmp_path: Path) -> None:
    (tmp_path / "images.gz").write_bytes(content)
    with pytest.raises(DatasetError, match=rf"images\.gz starts with .*; it is .*{looks}"):
        idx_images(tmp_path / "images.gz")


def test_images_and_labels_in_each_others_place_are_named(tmp_path: Path) -> None:
    split = IdxSplit(written(tmp_path / "images", idx_bytes(LABELS) + bytes(8)), tmp_path / "labels")
    with pytest.raises(DatasetError, match=r"images starts with .* it holds labels: see whether"):
        check_headers(split)
    with pytest.raises(DatasetError, match=r"labels starts with .* it holds images: see whether"):
        idx_labels(written(tmp_path / "labels", idx_bytes(IMAGES)), 10)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes in folders")
def test_a_pipe_or_a_device_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(DatasetError, match="a pipe or a device"):
            idx_images(path)


def test_headers_are_checked_without_reading_on(tmp_path: Path) -> None:
    images = written(tmp_path / "images", idx_bytes(IMAGES)[:-5])
    labels = written(tmp_path / "labels", idx_bytes(LABELS))
    check_headers(IdxSplit(images, labels))
    written(tmp_path / "labels", idx_bytes(LABELS[:1]))
    with pytest.raises(DatasetError, match="images holds 2 images but labels holds 1 labels"):
        check_headers(IdxSplit(images, labels))


def test_unreadable_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"cannot read .*none: No such file"):
        idx_images(tmp_path / "none")
    with pytest.raises(DatasetError, match=r"cannot read .*: Is a directory"):
        idx_images(tmp_path)


def test_counts_that_disagree_are_refused(tmp_path: Path) -> None:
    split = IdxSplit(
        written(tmp_path / "images", idx_bytes(IMAGES)), written(tmp_path / "labels", idx_bytes(LABELS[:1]))
    )
    with pytest.raises(DatasetError, match="images holds 2 images but labels holds 1 labels"):
        idx_items(split, 10)


def test_length_is_read_from_the_labels_header(tmp_path: Path) -> None:
    labels = written(tmp_path / "labels.gz", idx_bytes(LABELS))
    assert idx_length(IdxSplit(tmp_path / "not needed", labels)) == 2


def test_plain_file_is_preferred_to_gzip() -> None:
    names = ["t10k-images-idx3-ubyte", "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"]
    assert idx_splits({name: Path(name) for name in names}) == {"test": IdxSplit(Path(names[0]), Path(names[2]))}


@pytest.mark.parametrize(
    ("images", "labels"),
    [
        ("t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte"),
        ("t10k-images.idx3-ubyte.gz", "t10k-labels-idx1-ubyte"),
        ("T10K-IMAGES-IDX3-UBYTE", "T10k-Labels-IDX1-ubyte.GZ"),
        ("t10k_images_idx3_ubyte", "test-labels-idx1-ubyte"),
        ("t10k-images-idx3-ubyte/t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte/t10k-labels.idx1-ubyte"),
    ],
)
def test_names_that_unpackers_give_are_known(images: str, labels: str, tmp_path: Path) -> None:
    for name, array in ((images, IMAGES), (labels, LABELS)):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        content = idx_bytes(array)
        (tmp_path / name).write_bytes(gzip.compress(content) if name.lower().endswith(".gz") else content)
    (split,) = idx_folder_splits(tmp_path, ["test"]).values()
    assert split == IdxSplit(tmp_path / images, tmp_path / labels)
    assert np.array_equal(idx_items(split, 10)[0], IMAGES)


def test_the_own_name_comes_before_others() -> None:
    names = ["T10K-images-idx3-ubyte", "t10k-images.idx3-ubyte", "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte"]
    assert idx_splits({name: Path(name) for name in names})["test"].images == Path("t10k-images-idx3-ubyte.gz")


@pytest.mark.parametrize(
    ("name", "is_meant"),
    [
        ("t10k-images-idx3-ubyte.zip", True),
        ("t10k-images-idx3-ubyte.gz.part", True),
        ("t10k-images-idx3-ubyte (1).gz", True),
        ("t10k-images.idx3-ubyte.xz", True),
        ("mnist-t10k-images-idx3-ubyte", True),
        ("t10k-images", True),
        ("test_images.gz", True),
        ("latest-images", False),
        ("test-images.py", False),
        ("notes.txt", False),
        ("t10k.csv", False),
    ],
)
def test_what_is_plainly_meant_is_named(name: str, is_meant: bool, tmp_path: Path) -> None:
    (tmp_path / name).touch()
    with pytest.raises(DatasetError, match=r"lacks t10k-images-idx3-ubyte\[\.gz\], t10k-labels") as refusal:
        idx_folder_splits(tmp_path, ["test"])
    assert (f"{name} is there, but not read under this name" in str(refusal.value)) == is_meant
    assert bool(unread_files(tmp_path)) == is_meant


def test_files_of_emnist_are_not_to_be_renamed_only(tmp_path: Path) -> None:
    (tmp_path / "emnist-digits-t10k-images-idx3-ubyte").touch()
    assert "emnist-digits-t10k-images-idx3-ubyte is there, but EMNIST's images lie" in unread_files(tmp_path)
    with pytest.raises(DatasetError, match=r"lacks t10k-images.*emnist-digits-t10k-images.*on their side: turn them"):
        idx_folder_splits(tmp_path, ["test"])


@pytest.mark.parametrize("inside", [[], ["images"]])
def test_a_folder_that_is_called_as_a_file_and_does_not_hold_it_is_named(inside: list[str], tmp_path: Path) -> None:
    (tmp_path / "t10k-images-idx3-ubyte").mkdir()
    for name in inside:
        written(tmp_path / "t10k-images-idx3-ubyte" / name, idx_bytes(IMAGES))
    with pytest.raises(DatasetError, match="t10k-images-idx3-ubyte is a folder that does not hold"):
        idx_folder_splits(tmp_path, ["test"])


@pytest.mark.parametrize("place", ["raw", "MNIST/raw"])
def test_a_folder_below_that_holds_the_files_is_named(place: str, tmp_path: Path) -> None:
    write_random_split(tmp_path / place, "t10k", 3)
    with pytest.raises(DatasetError, match=rf"lacks .*; the files are in {tmp_path / place}: give that folder"):
        idx_folder_splits(tmp_path, ["test"])
    assert f"the files are in {tmp_path / place}" in unread_files(tmp_path)
    write_random_split(tmp_path, "t10k", 3)
    write_random_split(tmp_path, "train", 3)
    assert unread_files(tmp_path) == ""


TOO_LONG = "x" * 300
"""A name that no file can have: what links to it cannot be looked at, by root neither."""


def test_an_entry_that_cannot_be_looked_at_keeps_no_other_from_being_read(tmp_path: Path, forbid: Forbid) -> None:
    write_random_split(tmp_path, "t10k", 3)
    (tmp_path / "elsewhere").symlink_to(TOO_LONG)
    (tmp_path / "t10k-images.idx3-ubyte").symlink_to(TOO_LONG)
    (tmp_path / "t10k-labels.idx1-ubyte").mkdir()
    forbid(tmp_path / "t10k-labels.idx1-ubyte")
    (tmp_path / "MNIST").mkdir()
    forbid(tmp_path / "MNIST")
    (split,) = idx_folder_splits(tmp_path, ["test"]).values()
    assert split == IdxSplit(tmp_path / "t10k-images-idx3-ubyte", tmp_path / "t10k-labels-idx1-ubyte")
    with pytest.raises(DatasetError, match=r"lacks train-images.*cannot look at .*raw"):
        idx_folder_splits(tmp_path, ["train"])


def test_a_file_that_cannot_be_looked_at_is_named_where_there_is_no_other(tmp_path: Path, forbid: Forbid) -> None:
    (tmp_path / "t10k-images.idx3-ubyte").symlink_to(TOO_LONG)
    (tmp_path / "t10k-labels.idx1-ubyte").mkdir()
    forbid(tmp_path / "t10k-labels.idx1-ubyte")
    (split,) = idx_folder_splits(tmp_path, ["test"]).values()
    for path in (split.images, split.labels):
        with pytest.raises(DatasetError, match=f"cannot read {path}"):
            idx_images(path)


@pytest.mark.parametrize("broken", ["link", "empty"])
def test_a_file_that_can_be_read_comes_before_one_that_cannot(broken: str, tmp_path: Path) -> None:
    write_random_split(tmp_path, "t10k", 3)
    plain, packed = tmp_path / "t10k-images-idx3-ubyte", tmp_path / "t10k-images-idx3-ubyte.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    plain.unlink()
    plain.symlink_to("nothing") if broken == "link" else plain.touch()
    assert idx_folder_splits(tmp_path)["test"].images == packed


def test_missing_files_are_listed_with_what_there_is(tmp_path: Path) -> None:
    for name in ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte.gz", "train-labels-idx1-ubyte"):
        (tmp_path / name).touch()
    with pytest.raises(DatasetError, match=r"lacks train-images-idx3-ubyte\[\.gz\]; it has split 'test'"):
        idx_folder_splits(tmp_path, ["train"])
    assert list(idx_folder_splits(tmp_path, ["test"])) == ["test"]


def test_folder_without_any_of_the_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"lacks train-images.*t10k-labels.*; give a folder of MNIST-format files"):
        idx_folder_splits(tmp_path, ["train", "test"])


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read every folder")
def test_unreadable_folder_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0)
    try:
        with pytest.raises(DatasetError, match=r"cannot read folder .*: Permission denied"):
            idx_folder_splits(tmp_path, ["train"])
    finally:
        tmp_path.chmod(0o700)


def test_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"cannot read folder .*none: No such file or directory"):
        idx_folder_splits(tmp_path / "none", ["train"])
