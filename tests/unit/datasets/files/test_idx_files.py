"""IDX files of every set of MNIST's family, and any others, are read as what they are."""

import gzip
import hashlib
import os
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from embviz.arrays import AnyArray
from embviz.datasets.files.contents import Contents
from embviz.datasets.files.idx_files import idx_contents
from embviz.datasets.named import idx_format, idx_sets
from embviz.errors import Cancelled, DatasetError
from embviz.progress import no_progress
from tests.unit.picture_files import GLYPH, write_tree

N_TRAIN, N_TEST = 5, 3
CODES = {"u1": 0x08, "i1": 0x09, "i2": 0x0B, "i4": 0x0C, "f4": 0x0D, "f8": 0x0E}


def idx(array: np.ndarray) -> bytes:
    """The array as an IDX file of its own type: big-endian, as the format is."""
    header = bytes([0, 0, CODES[array.dtype.str[1:]], array.ndim]) + np.array(array.shape, ">u4").tobytes()
    return header + array.astype(array.dtype.newbyteorder(">")).tobytes()


def glyphs(n: int) -> np.ndarray:
    """The letter F, darker from item to item."""
    return np.stack([GLYPH - GLYPH // 255 * number for number in range(n)])


def set_files(prefix: str = "", test: str = "t10k", labels: np.ndarray | None = None) -> dict[str, bytes]:
    """The four files of a set, under the names that torchvision gives them."""
    codes = np.arange(N_TRAIN + N_TEST, dtype=np.uint8) if labels is None else labels
    return {
        f"{prefix}train-images-idx3-ubyte": idx(glyphs(N_TRAIN)),
        f"{prefix}train-labels-idx1-ubyte": idx(codes[:N_TRAIN]),
        f"{prefix}{test}-images-idx3-ubyte": idx(glyphs(N_TEST)),
        f"{prefix}{test}-labels-idx1-ubyte": idx(codes[N_TRAIN:]),
    }


def below(folder: str, files: dict[str, bytes]) -> dict[str, bytes]:
    return {f"{folder}/{name}": content for name, content in files.items()}


def read(contents: Contents, name: str, rows: slice = slice(None)) -> AnyArray:
    (field,) = (each for each in contents.fields if each.name == name)
    values = field.read(rows, no_progress)
    assert values.dtype == field.dtype and values.shape[1:] == field.shape and values.dtype.isnative
    return values


def names_of(contents: Contents) -> list[str]:
    (field,) = (each for each in contents.fields if each.name == "label")
    return [field.class_names[code] for code in read(contents, "label")]


@pytest.mark.parametrize("place", ["", "raw", "MNIST/raw", "data/MNIST/raw"])
def test_a_set_is_found_at_any_depth(place: str, tmp_path: Path) -> None:
    write_tree(tmp_path / place, set_files())
    write_tree(tmp_path / place, {f"{name}.gz": gzip.compress(content) for name, content in set_files().items()})
    contents = idx_contents([tmp_path])
    assert (contents.n, contents.splits) == (8, (("train", 0), ("test", 5)))
    assert np.array_equal(read(contents, "image"), np.concatenate([glyphs(5), glyphs(3)]))
    assert read(contents, "label").tolist() == list(range(8))


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    "names",
    [
        ["train-images.idx3-ubyte", "train-labels.idx1-ubyte"],
        ["train-images-idx3-ubyte/train-images-idx3-ubyte", "train-labels-idx1-ubyte/train-labels.idx1-ubyte"],
        ["TRAIN-IMAGES-IDX3-UBYTE", "Train_Labels_idx1_ubyte"],
        ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte"],
        ["train-images-idx3-ubyte (1).gz", "train-labels-idx1-ubyte.GZ"],
        ["mnist_train_images.idx", "mnist_train_labels.idx.gz"],
    ],
)
def test_names_that_unpackers_and_downloads_give(names: list[str], packed: bool, tmp_path: Path) -> None:
    arrays = [idx(glyphs(3)), idx(np.array([7, 1, 4], np.uint8))]
    contents = [gzip.compress(each) if packed else each for each in arrays]
    found = idx_contents([write_tree(tmp_path, dict(zip(names, contents, strict=True)))])
    assert (found.n, found.splits, read(found, "label").tolist()) == (3, (("train", 0),), [7, 1, 4])
    assert np.array_equal(read(found, "image"), glyphs(3))


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize(
    ("shape", "kind", "name"),
    [((6,), "column", "label"), ((6, 3), "vectors", "vectors"), ((6, 3, 2), "images", "image")],
)
@pytest.mark.parametrize("packed", [False, True])
def test_every_type_in_every_dimension(
    code: str, shape: tuple[int, ...], kind: str, name: str, packed: bool, tmp_path: Path
) -> None:
    low, high = (0, 250) if code == "u1" else (-120, 120)
    array = np.random.default_rng(0).integers(low, high, shape).astype(code)
    content = gzip.compress(idx(array)) if packed else idx(array)
    contents = idx_contents([write_tree(tmp_path, {"data.idx": content}) / "data.idx"])
    (field,) = contents.fields
    assert (contents.name, contents.splits, field.kind, field.name, field.shape) == ("data", (), kind, name, shape[1:])
    for rows in (slice(None), slice(2, 4), slice(5, 6), slice(0, 0), slice(None, None, 2), slice(None, None, -1)):
        assert np.array_equal(read(contents, name, rows), array[rows])


def test_only_what_is_asked_for_is_read(tmp_path: Path) -> None:
    write_tree(tmp_path, {"train-images-idx3-ubyte.gz": gzip.compress(idx(glyphs(40)))[:-30]})
    contents = idx_contents([tmp_path])
    assert np.array_equal(read(contents, "image", slice(0, 16)), glyphs(16))
    with pytest.raises(DatasetError, match="is not a whole gzip file"):
        read(contents, "image")


def test_slices_run_through_both_splits(tmp_path: Path) -> None:
    contents = idx_contents([write_tree(tmp_path, set_files())])
    everything = np.concatenate([glyphs(5), glyphs(3)])
    for start in range(9):
        for stop in range(9):
            assert np.array_equal(read(contents, "image", slice(start, stop)), everything[start:stop])


@pytest.mark.mnist
def test_the_real_mnist_has_its_name_and_digits() -> None:
    contents = idx_contents([Path(os.environ["EMBVIZ_DATA_DIR"])])
    assert (contents.name, contents.n, contents.splits) == ("MNIST", 70_000, (("train", 0), ("test", 60_000)))
    assert names_of(contents)[:3] == ["5", "0", "4"] and names_of(contents)[-1] == "6"
    assert read(contents, "image", slice(60_000, 60_001)).sum() == 18_454


def known_by_digest(
    monkeypatch: pytest.MonkeyPatch, table: str, digested: Callable[[bytes], bytes]
) -> dict[str, bytes]:
    """Files of 60,000 and 10,000 items that a table of digests says are Fashion-MNIST's."""
    files = {}
    digests = []
    for prefix, n in (("train", 60_000), ("t10k", 10_000)):
        labels = idx((np.arange(n) % 10).astype(np.uint8))
        files |= {
            f"{prefix}-labels-idx1-ubyte": labels,
            f"{prefix}-images-idx3-ubyte": idx(np.zeros((n, 1, 1), np.uint8)),
        }
        digests.append(hashlib.md5(digested(labels)).hexdigest())
    monkeypatch.setitem(getattr(idx_sets, table), "fashion_mnist", tuple(digests))
    return files


def pack(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


@pytest.mark.parametrize(
    ("table", "digested", "stored"),
    [
        ("_LABELS", bytes, bytes),
        ("_LABELS", bytes, pack),
        ("_PACKED_LABELS", pack, pack),
    ],
)
def test_fashion_shows_the_names_of_clothes(
    table: str,
    digested: Callable[[bytes], bytes],
    stored: Callable[[bytes], bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    files = known_by_digest(monkeypatch, table, digested)
    write_tree(tmp_path / "mnist", {name: stored(content) for name, content in files.items()})
    contents = idx_contents([tmp_path])
    assert contents.name == "Fashion-MNIST" and names_of(contents)[:2] == ["T-shirt/top", "Trouser"]
    assert contents.notes == ()


@pytest.mark.parametrize(
    ("folder", "first", "title"), [("KMNIST/raw", "o", "KMNIST"), ("fashion-mnist", "T-shirt/top", "Fashion-MNIST")]
)
def test_what_is_known_by_the_folder_only_is_said(folder: str, first: str, title: str, tmp_path: Path) -> None:
    contents = idx_contents([write_tree(tmp_path, below(folder, set_files()))])
    assert contents.name == title and names_of(contents)[0] == first
    assert contents.notes == (f"The classes are taken to be those of {title}, by the name of a folder.",)


def test_labels_that_a_set_does_not_have_are_numbers(tmp_path: Path) -> None:
    labels = np.array([0, 1, 2, 3, 46, 5, 6, 7], np.uint8)
    contents = idx_contents([write_tree(tmp_path, below("KMNIST/raw", set_files(labels=labels)))])
    assert contents.fields[1].class_names == () and contents.notes == () and contents.name == tmp_path.name
    assert read(contents, "label").max() == 46


@pytest.mark.parametrize(
    ("part", "labels", "names"),
    [
        ("letters", [1, 26, 2, 3, 4, 5, 6, 7], ["A", "Z", "B"]),
        ("byclass", [0, 10, 36, 61, 1, 2, 3, 4], ["0", "A", "a", "z"]),
        ("balanced", [0, 35, 36, 46, 1, 2, 3, 4], ["0", "Z", "a", "t"]),
        ("bymerge", [38, 39, 43, 0, 1, 2, 3, 4], ["d", "e", "n"]),
        ("digits", [9, 8, 7, 6, 5, 4, 3, 2], ["9", "8"]),
        ("mnist", [9, 8, 7, 6, 5, 4, 3, 2], ["9", "8"]),
    ],
)
def test_emnist_stands_upright_and_has_letters(part: str, labels: list[int], names: list[str], tmp_path: Path) -> None:
    files = set_files(f"emnist-{part}-", "test", np.array(labels, np.uint8))
    files |= {
        name: idx(glyphs(n).swapaxes(1, 2))
        for name, n in (
            (f"emnist-{part}-train-images-idx3-ubyte", N_TRAIN),
            (f"emnist-{part}-test-images-idx3-ubyte", N_TEST),
        )
    }
    contents = idx_contents([write_tree(tmp_path, below("EMNIST/raw", files))])
    assert (contents.name, contents.splits) == (f"EMNIST {part}", (("train", 0), ("test", 5)))
    assert np.array_equal(read(contents, "image"), np.concatenate([glyphs(5), glyphs(3)]))
    assert names_of(contents)[: len(names)] == names
    assert contents.notes[0] == "EMNIST's images are stored on their side and were turned upright."


def emnist(mapping: str | bytes, labels: list[int]) -> dict[str, bytes]:
    files = set_files("emnist-letters-", "test", np.array(labels, np.uint8))
    return {**files, "emnist-letters-mapping.txt": mapping.encode() if isinstance(mapping, str) else mapping}


def test_emnist_is_named_by_its_mapping(tmp_path: Path) -> None:
    lines = [f"{code} {64 + code} {96 + code}" for code in range(1, 27)]
    contents = idx_contents([write_tree(tmp_path, emnist("\r\n".join([*lines, ""]), [1, 26, 2, 3, 4, 5, 6, 7]))])
    assert names_of(contents)[:3] == ["A", "Z", "B"] and len(contents.fields[1].class_names) == 26


def test_a_mapping_that_is_given_with_the_files_is_used(tmp_path: Path) -> None:
    folder = write_tree(tmp_path, emnist("".join(f"{code} {96 + code}\n" for code in range(1, 27)), [1] * 8))
    assert set(names_of(idx_contents(sorted(folder.iterdir())))) == {"a"}


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        ("", "leaves labels out"),
        ("1 65\n3 67\n", "leaves labels out"),
        ("1 65\n1 66\n", "line 2 is '1 66', expected a label of its own"),
        ("1 65 97 98\n", "line 1"),
        ("1\n", "line 1"),
        ("a 65\n", "line 1"),
        ("1 0\n", "line 1"),
        ("1 300\n", "line 1"),
        ("-1 65\n", "line 1"),
        (f"{'9' * 5000} 65\n", "line 1"),
        (b"\xff\xfe1\x00", "cannot read"),
    ],
)
def test_a_broken_mapping_is_refused(mapping: str | bytes, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=rf"emnist-letters-mapping\.txt.*{sentence}|{sentence}.*mapping\.txt"):
        idx_contents([write_tree(tmp_path, emnist(mapping, [1] * 8))])


@pytest.mark.parametrize("wrong", [0, 27, 255])
def test_a_label_that_is_no_letter_is_refused(wrong: int, tmp_path: Path) -> None:
    files = set_files("emnist-letters-", "test", np.array([1, 2, wrong, 3, 4, 5, 6, 7], np.uint8))
    with pytest.raises(DatasetError, match=rf"emnist-letters-train-labels.*: label 2 is {wrong}, expected 1\.\.26"):
        idx_contents([write_tree(tmp_path, files)])


QMNIST = np.array(
    [[7, 4, 2578, 69, 37, 279_260, 0, 0], [2, 4, 2359, 55, 32, 253_328, 0, 0], [1, 0, 12, 3, 31, 9, 1, 0]], "i4"
)


def test_qmnist_has_a_column_for_each_of_its_numbers(tmp_path: Path) -> None:
    files = {
        "qmnist-test-images-idx3-ubyte.gz": gzip.compress(idx(glyphs(3))),
        "qmnist-test-labels-idx2-int": idx(QMNIST),
    }
    contents = idx_contents([write_tree(tmp_path, below("QMNIST/raw", files))])
    assert (contents.name, contents.splits, names_of(contents)) == ("QMNIST", (("test", 0),), ["7", "2", "1"])
    columns = {field.name: read(contents, field.name).tolist() for field in contents.fields if field.kind == "column"}
    assert columns == {
        "label": [7, 2, 1],
        "hsf_series": [4, 4, 0],
        "writer": [2578, 2359, 12],
        "writer_digit": [69, 55, 3],
        "nist_class": [37, 32, 31],
        "nist_index": [279_260, 253_328, 9],
        "duplicate": [0, 0, 1],
    }
    assert "eight numbers" in contents.notes[0]


def test_writers_of_mnist_come_from_qmnist(tmp_path: Path) -> None:
    """QMNIST's test split begins with MNIST's."""
    mnist = {"t10k-images-idx3-ubyte": idx(glyphs(2)), "t10k-labels-idx1-ubyte": idx(np.array([7, 2], np.uint8))}
    write_tree(tmp_path, {**mnist, "qmnist-test-labels-idx2-int": idx(QMNIST)})
    contents = idx_contents([tmp_path])
    assert read(contents, "writer").tolist() == [2578, 2359] and read(contents, "label").tolist() == [7, 2]
    assert contents.n == 2 and "Writers and series come from QMNIST" in contents.notes[-1]
    write_tree(tmp_path, {"t10k-labels-idx1-ubyte": idx(np.array([7, 3], np.uint8))})
    with pytest.raises(DatasetError, match="QMNIST's label of item 1 is 2, which is not that of the other file"):
        idx_contents([tmp_path])
    write_tree(tmp_path, {name: idx(np.zeros((4, 2, 2)[: 3 if "3" in name else 1], np.uint8)) for name in mnist})
    with pytest.raises(DatasetError, match=r"QMNIST's labels for .*t10k.* are not there"):
        idx_contents([tmp_path])


def test_files_that_are_given_bring_their_counterpart(tmp_path: Path) -> None:
    write_tree(tmp_path, {**set_files(), **set_files("emnist-digits-", "test")})
    for name in ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"):
        contents = idx_contents([tmp_path / name])
        assert (contents.n, contents.splits, len(contents.fields)) == (N_TEST, (("test", 0),), 2)
    contents = idx_contents(
        [tmp_path / "emnist-digits-train-images-idx3-ubyte", tmp_path / "emnist-digits-test-labels-idx1-ubyte"]
    )
    assert (contents.name, contents.n) == ("EMNIST digits", 8)


def test_images_alone_and_labels_alone_are_read(tmp_path: Path) -> None:
    for name, content in set_files().items():
        folder = tmp_path / f"only {name}"
        contents = idx_contents([write_tree(folder, {name: content})])
        assert [field.name for field in contents.fields] == ["image" if "images" in name else "label"]


def test_several_sets_are_named(tmp_path: Path) -> None:
    write_tree(tmp_path, {**below("MNIST/raw", set_files()), **below("FashionMNIST/raw", set_files())})
    with pytest.raises(
        DatasetError, match=r"several sets: .*FashionMNIST/raw, .*MNIST/raw; give the folder or the files of one"
    ):
        idx_contents([tmp_path])
    assert idx_contents([tmp_path / "MNIST"]).n == 8
    write_tree(tmp_path / "e", {**set_files("emnist-digits-", "test"), **set_files("emnist-letters-", "test")})
    with pytest.raises(DatasetError, match=r"emnist-digits in .*, emnist-letters in"):
        idx_contents([tmp_path / "e"])


@pytest.mark.parametrize("place", ["MNIST/processed", "processed", ""])
def test_what_torch_has_pickled_is_refused(place: str, tmp_path: Path) -> None:
    write_tree(tmp_path / place, {"training.pt": b"\x80\x02", "test.pt": b"\x80\x02"})
    with pytest.raises(
        DatasetError, match=r"\.pt is a pickle, which may run anything and is not opened; .*numpy\.savez"
    ):
        idx_contents([tmp_path])


def big_header(*shape: int, code: int = 8) -> bytes:
    return bytes([0, 0, code, len(shape)]) + np.array(shape, ">u4").tobytes()


WHOLE = idx(glyphs(3))


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is 0 bytes long, expected a header"),
        (b"\0\0\x08", "is 3 bytes long"),
        (b"\0\0\x08\x03\0\0", "ends in its header, after 6 bytes"),
        (b"<!DOCTYPE html>404", "starts with 3c21444f, as no IDX file does; it is a web page"),
        (b"PK\x03\x04" + bytes(30), "it is a zip file: unpack it"),
        (b"\xfd7zXZ\0" + bytes(30), "it is an xz file: unpack it"),
        (b"\x80\x04\x95" + bytes(30), "as no IDX file does; give an IDX file"),
        (b"\0\0\x07\x03" + bytes(30), "starts with 00000703"),
        (b"\0\0\x0a\x01\0\0\0\x01\0", "starts with 00000a01"),
        (b"\x03\x08\0\0" + bytes(30), "starts with 03080000"),
        (b"\0\0\x08\0" + bytes(30), "has 0 dimensions"),
        (b"\0\0\x08\x04" + bytes(30), "has 4 dimensions; give an IDX file of 1 to 3"),
        (big_header(0, 4, 4), "is empty: its header says 0 x 4 x 4"),
        (big_header(4, 0, 4), "is empty"),
        (big_header(2**32 - 1, 2**32 - 1, 2**32 - 1), "its header promises 4294967295 x"),
        (big_header(100_000, 1000, 1000, code=0x0E), "its header promises"),
        (WHOLE[:-1], "its header promises 3 x 12 x 8 values, 288 bytes"),
        (WHOLE + b"\0", "its header promises 3 x 12 x 8 values, 288 bytes"),
    ],
)
def test_what_is_not_what_its_header_says_is_refused(
    content: bytes, sentence: str, pack: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    path = write_tree(tmp_path, {"train-images-idx3-ubyte": pack(content)}) / "train-images-idx3-ubyte"
    tracemalloc.start()
    with pytest.raises(DatasetError, match=sentence) as refusal:
        idx_contents([path]).fields[0].read(slice(None), no_progress)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4_000_000 and str(path) in str(refusal.value)


def test_a_gzip_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = gzip.compress(big_header(50, 1000, 1000) + bytes(50_000_000))
    path = write_tree(tmp_path, {"train-images-idx3-ubyte": content}) / "train-images-idx3-ubyte"
    assert idx_contents([path]).n == 50
    monkeypatch.setattr(idx_format, "MOST_UNPACKED", 40_000_000)
    with pytest.raises(DatasetError, match=r"more than a gzip file of .* bytes can or may hold"):
        idx_contents([path])


def test_memory_is_that_of_the_values(tmp_path: Path) -> None:
    images = np.random.default_rng(0).integers(0, 256, (2000, 28, 28)).astype(np.int32)
    path = write_tree(tmp_path, {"images-idx3-int.gz": gzip.compress(idx(images), 1)}) / "images-idx3-int.gz"
    contents = idx_contents([path])
    tracemalloc.start()
    values = read(contents, "image")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert np.array_equal(values, images) and peak < 2.5 * images.nbytes


def test_two_files_of_the_same_are_named(tmp_path: Path) -> None:
    write_tree(tmp_path, {"data.idx3-ubyte": idx(glyphs(3)), "data-images.idx3-ubyte": idx(glyphs(2))})
    with pytest.raises(DatasetError, match=r"data.* and .*data.* both hold images; give one of them"):
        idx_contents([tmp_path])


def test_emnist_in_rows_is_read_as_vectors(tmp_path: Path) -> None:
    rows = glyphs(3).reshape(3, -1)
    contents = idx_contents([write_tree(tmp_path, {"emnist-digits-train-images-idx2-ubyte": idx(rows)})])
    assert contents.fields[0].kind == "vectors" and np.array_equal(read(contents, "image"), rows)
    assert contents.notes == ()


def test_labels_of_qmnist_with_other_columns_are_no_writers(tmp_path: Path) -> None:
    files = {**set_files(), "qmnist-test-labels-idx2-int": idx(QMNIST[:, :3].copy())}
    with pytest.raises(DatasetError, match="several sets"):
        idx_contents([write_tree(tmp_path, files)])


def test_names_that_are_exchanged_are_told(tmp_path: Path) -> None:
    files = {"train-images-idx3-ubyte": idx(np.arange(3, dtype=np.uint8)), "train-labels-idx1-ubyte": idx(glyphs(3))}
    with pytest.raises(DatasetError, match="holds labels, as its dimensions say: see whether the files"):
        idx_contents([write_tree(tmp_path, files)])


def test_counts_and_sizes_that_differ_are_refused(tmp_path: Path) -> None:
    write_tree(tmp_path / "n", {**set_files(), "t10k-labels-idx1-ubyte": idx(np.zeros(2, np.uint8))})
    with pytest.raises(DatasetError, match=r"images-idx3-ubyte holds 3 images but .*labels-idx1-ubyte holds 2 labels"):
        idx_contents([tmp_path / "n"])
    write_tree(tmp_path / "size", {**set_files(), "t10k-images-idx3-ubyte": idx(glyphs(3)[:, :, 1:])})
    with pytest.raises(DatasetError, match=r"of \(12, 8\) but .* of \(12, 7\) per item; give one split at a time"):
        idx_contents([tmp_path / "size"])
    write_tree(tmp_path / "type", {**set_files(), "t10k-labels-idx1-ubyte": idx(np.zeros(3, np.int32))})
    with pytest.raises(DatasetError, match=r"uint8 of \(\) but .*int32 of \(\) per item"):
        idx_contents([tmp_path / "type"])
    files = set_files()
    del files["t10k-labels-idx1-ubyte"]
    with pytest.raises(DatasetError, match=r"no file of labels for .*t10k-images-idx3-ubyte, as there is for other"):
        idx_contents([write_tree(tmp_path / "less", files)])


def test_a_link_that_leads_out_is_refused(tmp_path: Path) -> None:
    write_tree(tmp_path / "elsewhere", set_files())
    folder = write_tree(tmp_path / "folder", set_files())
    for target, name in (
        (tmp_path / "elsewhere", "more"),
        (tmp_path / "elsewhere" / "t10k-labels-idx1-ubyte", "t10k-labels.idx1-ubyte"),
    ):
        (folder / name).symlink_to(target)
        with pytest.raises(DatasetError, match="is a link that leads out of the folder"):
            idx_contents([folder])
        (folder / name).unlink()
    (folder / "round").symlink_to(folder)
    assert idx_contents([folder]).n == 8


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes in folders")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "train-images-idx3-ubyte")
    with pytest.raises(DatasetError, match="a pipe or a device"):
        idx_contents([tmp_path])


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="holds no IDX file"):
        idx_contents([write_tree(tmp_path, {"a.csv": b"1,2\n", "._train-images-idx3-ubyte": b"x"})])
    with pytest.raises(DatasetError, match="cannot read"):
        idx_contents([tmp_path / "train-images-idx3-ubyte"])


def test_a_file_that_was_exchanged_meanwhile_is_refused(tmp_path: Path) -> None:
    contents = idx_contents([write_tree(tmp_path, set_files())])
    write_tree(tmp_path, {"train-images-idx3-ubyte": idx(glyphs(2))})
    with pytest.raises(DatasetError, match="has changed since it was looked at; open it again"):
        read(contents, "image")


def test_reading_can_be_stopped(tmp_path: Path) -> None:
    contents = idx_contents([write_tree(tmp_path, {"images.idx": idx(np.zeros((4000, 28, 28), np.uint8))})])

    def stop(stage: str, done: int, total: int) -> None:
        if done < total:
            raise Cancelled

    with pytest.raises(Cancelled):
        contents.fields[0].read(slice(None), stop)
