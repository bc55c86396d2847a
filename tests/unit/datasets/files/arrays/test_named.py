"""Arrays of .npy and .npz files: as programs write them, and broken as they are in practice."""

import io
import zipfile

import numpy as np
import pytest

from embviz.datasets.files.arrays.named import array_contents
from embviz.errors import DatasetError
from tests.unit.glyphs import all_of, glyphs


def fields_of(contents):
    return {field.name: field for field in contents.fields}


def npy_bytes(array, **options):
    stream = io.BytesIO()
    np.lib.format.write_array(stream, np.asarray(array), **options)
    return stream.getvalue()


def test_kerass_mnist_has_two_splits_one_after_the_other(tmp_path):
    images, labels = glyphs(7, 5, 5), np.arange(7, dtype=np.uint8) % 3
    np.savez(tmp_path / "mnist.npz", x_test=images[5:], x_train=images[:5], y_train=labels[:5], y_test=labels[5:])
    contents = array_contents([tmp_path / "mnist.npz"])
    fields = fields_of(contents)
    assert (contents.n, contents.splits) == (7, (("train", 0), ("test", 5)))
    assert {name: (field.kind, field.shape) for name, field in fields.items()} == {
        "x": ("images", (5, 5)),
        "y": ("column", ()),
    }
    assert np.array_equal(all_of(fields["x"]), images)
    assert np.array_equal(all_of(fields["x"], slice(3, 6)), images[3:6])
    assert all_of(fields["y"]).tolist() == labels.tolist()


def test_medmnists_six_keys_are_three_splits(tmp_path):
    rng = np.random.default_rng(0)
    lengths = {"train": 5, "val": 2, "test": 3}
    arrays = {f"{split}_images": rng.integers(0, 256, (n, 4, 4, 3), np.uint8) for split, n in lengths.items()}
    arrays |= {f"{split}_labels": np.full((n, 1), n) for split, n in lengths.items()}
    np.savez(tmp_path / "pathmnist.npz", **arrays)
    contents = array_contents([tmp_path / "pathmnist.npz"])
    assert contents.splits == (("train", 0), ("val", 5), ("test", 7))
    assert all_of(fields_of(contents)["labels"]).tolist() == [5] * 5 + [2] * 2 + [3] * 3
    assert fields_of(contents)["images"].shape == (4, 4, 3)


def test_labels_of_several_classes_stay_rows_of_numbers(tmp_path):
    np.savez(tmp_path / "chest.npz", images=glyphs(4), labels=np.eye(4, 14, dtype=np.uint8))
    assert fields_of(array_contents([tmp_path / "chest.npz"]))["labels"].shape == (14,)


def test_volumes_are_vectors_of_their_voxels(tmp_path):
    volumes = np.arange(2 * 5 * 6 * 7).reshape(2, 5, 6, 7)
    np.savez(tmp_path / "organ.npz", images=volumes)
    (field,) = array_contents([tmp_path / "organ.npz"]).fields
    assert (field.kind, field.shape) == ("vectors", (210,))
    assert np.array_equal(all_of(field), volumes.reshape(2, -1))


def test_kmnists_files_belong_together(tmp_path):
    paths = []
    for split, n in (("test", 2), ("train", 4)):
        for what, array in (("imgs", glyphs(n)), ("labels", np.full(n, n, np.uint8))):
            paths.append(tmp_path / f"kmnist-{split}-{what}.npz")
            np.savez_compressed(paths[-1], array)
    contents = array_contents(paths)
    assert contents.splits == (("train", 0), ("test", 4))
    assert all_of(fields_of(contents)["labels"]).tolist() == [4, 4, 4, 4, 2, 2]
    assert np.array_equal(all_of(fields_of(contents)["imgs"], slice(4, 6)), glyphs(2))


def test_mnist_cs_files_have_one_channel(tmp_path):
    for name, array in (("train_images", glyphs(3)[..., None]), ("train_labels", np.arange(3))):
        np.save(tmp_path / f"{name}.npy", array)
    contents = array_contents([tmp_path / "train_images.npy", tmp_path / "train_labels.npy"])
    assert (fields_of(contents)["images"].shape, contents.splits) == ((6, 5), (("train", 0),))


def test_class_names_beside_codes_name_them(tmp_path):
    np.savez(tmp_path / "own.npz", vectors=np.eye(4), labels=[0, 1, 1, 0], class_names=np.array(["cat", "dog"]))
    contents = array_contents([tmp_path / "own.npz"])
    assert fields_of(contents)["labels"].class_names == ("cat", "dog")
    assert set(fields_of(contents)) == {"vectors", "labels"}


@pytest.mark.parametrize("dtype", [">f4", "<f8", ">i2", np.float16, np.uint8, bool, ">u8"])
@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("packed", [False, True])
def test_every_order_of_bytes_and_axes_reads_alike_whole_and_in_part(tmp_path, dtype, order, packed):
    array = np.asarray(np.arange(60).reshape(5, 3, 4) % 7, dtype=dtype, order=order)
    path = tmp_path / ("it.npz" if packed else "it.npy")
    (np.savez_compressed if packed else np.save)(path, array)
    (field,) = array_contents([path]).fields
    assert field.dtype == np.dtype(dtype).newbyteorder("=") and field.shape == (3, 4)
    for rows in (slice(None), slice(0, 2), slice(3, 5)):
        read = all_of(field, rows)
        assert read.dtype == field.dtype and read.flags.c_contiguous
        assert np.array_equal(read, array[rows])


@pytest.mark.parametrize("order", ["C", "F"])
def test_items_along_the_last_axis_as_matlab_has_them(tmp_path, order):
    images = np.moveaxis(np.repeat(glyphs(8)[..., None], 3, axis=3), 0, -1)
    np.save(tmp_path / "svhn.npy", np.asarray(images, order=order))
    contents = array_contents([tmp_path / "svhn.npy"])
    assert (contents.n, contents.fields[0].shape) == (8, (6, 5, 3))
    assert "last axis" in contents.notes[0]
    assert np.array_equal(all_of(contents.fields[0], slice(2, 5)), np.moveaxis(images, -1, 0)[2:5])


def test_records_are_one_field_each(tmp_path):
    records = np.zeros(3, [("label", "S4"), ("score", ">f4"), ("embedding", "<f4", (2,))])
    records["label"], records["score"], records["embedding"] = [b"a", b"b", "ß".encode()], [1, 2, 3], [[1, 2]] * 3
    np.save(tmp_path / "records.npy", records)
    fields = fields_of(array_contents([tmp_path / "records.npy"]))
    assert all_of(fields["label"]).tolist() == ["a", "b", "ß"]
    assert all_of(fields["score"]).tolist() == [1, 2, 3]
    assert (fields["embedding"].kind, fields["embedding"].shape) == ("vectors", (2,))


def test_columns_of_any_kind_become_text_or_numbers(tmp_path):
    arrays = {
        "day": np.array(["2026-01-01", "2026-01-02"], "datetime64[D]"),
        "flag": np.array([True, False]),
        "half": np.array([0.5, np.nan], np.float16),
        "code": np.array([1, 2], np.uint32),
        "text": np.array(["a", "b"]),
    }
    np.savez(tmp_path / "it.npz", **arrays)
    read = {name: all_of(field) for name, field in fields_of(array_contents([tmp_path / "it.npz"])).items()}
    assert read["day"].tolist() == ["2026-01-01", "2026-01-02"]
    assert [read[name].dtype for name in ("flag", "half", "code")] == [bool, np.float64, np.int64]


def test_two_coordinates_under_the_name_of_a_layout_are_one(tmp_path):
    np.savez(tmp_path / "it.npz", umap=np.zeros((3, 2)), size=np.zeros((3, 2)))
    fields = fields_of(array_contents([tmp_path / "it.npz"]))
    assert (fields["umap"].kind, fields["size"].kind) == ("layout", "vectors")


def test_what_is_not_of_the_items_is_left_out_and_said(tmp_path):
    np.savez(tmp_path / "it.npz", vectors=np.eye(4), labels=np.arange(4), mean=np.zeros(3), n=np.array(4))
    contents = array_contents([tmp_path / "it.npz"])
    assert [field.name for field in contents.fields] == ["vectors", "labels"]
    assert len(contents.notes) == 2 and all("left out" in note for note in contents.notes)


def test_the_first_rows_are_read_without_unpacking_the_rest(tmp_path):
    np.savez_compressed(tmp_path / "it.npz", images=glyphs(4000))
    data = bytearray((tmp_path / "it.npz").read_bytes())
    middle = len(data) // 2
    data[middle : middle + 40] = bytes(40)
    (tmp_path / "it.npz").write_bytes(data)
    (field,) = array_contents([tmp_path / "it.npz"]).fields
    assert np.array_equal(all_of(field, slice(0, 16)), glyphs(16))
    with pytest.raises(DatasetError, match=r"not a complete \.npz file"):
        all_of(field)


def header(text, version=b"\x01\x00"):
    padded = text.encode().ljust(117) + b"\n"
    return b"\x93NUMPY" + version + len(padded).to_bytes(2, "little") + padded


WHOLE = npy_bytes(np.arange(12.0).reshape(4, 3))

BROKEN_NPY = {
    "empty": (b"", "not a .npy file"),
    "text": (b"1,2,3\n", "not a .npy file"),
    "a pickle": (b"\x80\x04K\x01.", "pickle, which may run anything"),
    "cut in the header": (WHOLE[:40], "broken header"),
    "cut in the values": (WHOLE[:-5], "promises 4 x 3 x 8 bytes = 96, found 91; get the file again"),
    "two arrays in one file": (WHOLE + WHOLE, "save each array in a file of its own"),
    "a version to come": (b"\x93NUMPY\x04\x00" + WHOLE[8:], r"version 4\.0"),
    "a header that is no dict": (header("[1, 2]"), "broken header"),
    "a header that is code": (header("__import__('os').abort()"), "broken header"),
    "a header of brackets": (header("[" * 110), "broken header"),
    "a header without a shape": (header("{'descr': '<f8', 'fortran_order': False}"), "broken header"),
    "a negative length": (header("{'descr': '<f8', 'fortran_order': False, 'shape': (-1, 3), }"), "broken header"),
    "more items than there is room for": (
        header("{'descr': '<f8', 'fortran_order': False, 'shape': (10000000000000, 784), }"),
        "found 0",
    ),
    "a shape beyond all numbers": (
        header("{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999999, 3), }"),
        "found 0|broken header",
    ),
    "an unknown type": (header("{'descr': '<q9', 'fortran_order': False, 'shape': (3,), }"), "broken header"),
    "a huge header": (
        b"\x93NUMPY\x02\x00" + (200_000).to_bytes(4, "little") + b" " * 200_000,
        "broken header",
    ),
    "objects": (npy_bytes(np.array(["a", None], object), allow_pickle=True), r"labels\.astype\(str\)"),
    "ragged rows": (
        npy_bytes(np.array([[1], [1, 2]], dtype=object), allow_pickle=True),
        r"numpy\.stack\(rows\)",
    ),
    "complex numbers": (npy_bytes(np.zeros((3, 2), complex)), "complex numbers"),
    "a single value": (npy_bytes(np.array(5.0)), "a single value"),
    "no items": (npy_bytes(np.zeros((0, 3))), "holds nothing"),
    "no values": (npy_bytes(np.zeros((3, 0))), "holds nothing"),
    "raw bytes": (npy_bytes(np.zeros(3, "V5")), "does not read"),
    "texts in rows": (npy_bytes(np.array([["a", "b"]] * 3)), "save one text per item"),
}


@pytest.mark.parametrize("content, sentence", BROKEN_NPY.values(), ids=BROKEN_NPY)
def test_a_broken_npy_file_is_one_sentence(tmp_path, content, sentence):
    path = tmp_path / "it.npy"
    path.write_bytes(content)
    with pytest.raises(DatasetError, match=sentence) as found:
        array_contents([path])
    assert "\n" not in str(found.value) and "it.npy" in str(found.value)


def test_a_number_that_no_column_holds_is_named_by_its_row(tmp_path):
    np.save(tmp_path / "it.npy", np.array([1, 2**63], np.uint64))
    (field,) = array_contents([tmp_path / "it.npy"]).fields
    with pytest.raises(DatasetError, match="row 1 holds 9223372036854775808"):
        all_of(field)


def test_bytes_that_are_no_text_are_named_by_their_row(tmp_path):
    np.save(tmp_path / "it.npy", np.array([b"a", b"\xe9"]))
    (field,) = array_contents([tmp_path / "it.npy"]).fields
    with pytest.raises(DatasetError, match="row 1 is not UTF-8"):
        all_of(field)


def zip_of(members, **options):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return stream.getvalue()


def encrypted():
    data = bytearray(zip_of([("a.npy", WHOLE)]))
    for start in (data.index(b"PK\x03\x04") + 6, data.index(b"PK\x01\x02") + 8):
        data[start] |= 1
    return bytes(data)


def bomb():
    promise = npy_bytes(np.zeros((1, 3)))
    shape = b"(100000, 3)"
    data = promise.replace(b"(1, 3)     ", shape)
    return zip_of([("a.npy", data[:-24] + bytes(50_000_000))])


BROKEN_NPZ = {
    "empty": (b"", r"not a complete \.npz file"),
    "text": (b"1,2\n", r"not a complete \.npz file"),
    "cut": (zip_of([("a.npy", WHOLE)])[:-30], r"not a complete \.npz file"),
    "no arrays": (zip_of([("readme.txt", "hello")]), "holds no arrays"),
    "a member that is none": (zip_of([("a.npy", b"hello")]), "'a' is not a .npy file"),
    "a member that is cut": (zip_of([("a.npy", WHOLE[:-8])]), "found 88"),
    "a member that is more than it says": (bomb(), "found 50000000"),
    "objects": (zip_of([("a.npy", BROKEN_NPY["objects"][0])]), "'a' holds Python objects"),
    "a password": (encrypted(), "cannot be unpacked"),
    "arrays of different items": (zip_of([("a.npy", WHOLE), ("b.npy", npy_bytes(np.eye(3)))]), "lengths differ"),
    "a tie of lengths": (
        zip_of([(f"{name}.npy", npy_bytes(np.eye(n))) for name, n in zip("abcd", (3, 3, 4, 4), strict=True)]),
        "lengths differ",
    ),
    "splits that lack each other's arrays": (
        zip_of([("train_a.npy", WHOLE), ("test_b.npy", WHOLE)]),
        "no split has all arrays: train has a; test has b",
    ),
    "splits of different shapes": (
        zip_of([("x_train.npy", npy_bytes(np.eye(3))), ("x_test.npy", npy_bytes(np.eye(4)))]),
        r"items of shape \(3,\)",
    ),
    "a split with fewer labels": (
        zip_of(
            [
                ("x_train.npy", WHOLE),
                ("y_train.npy", npy_bytes(np.arange(3))),
                ("x_test.npy", WHOLE),
                ("y_test.npy", npy_bytes(np.arange(4))),
            ]
        ),
        "lengths differ: it.npz: 'x_train' has 4, it.npz: 'y_train' has 3",
    ),
}


@pytest.mark.parametrize("content, sentence", BROKEN_NPZ.values(), ids=BROKEN_NPZ)
def test_a_broken_npz_file_is_one_sentence(tmp_path, content, sentence):
    path = tmp_path / "it.npz"
    path.write_bytes(content)
    with pytest.raises(DatasetError, match=sentence) as found:
        array_contents([path])
    assert "\n" not in str(found.value)


def test_a_name_that_leads_out_of_the_archive_opens_nothing_else(tmp_path):
    (tmp_path / "it.npz").write_bytes(zip_of([("../../etc/passwd.npy", WHOLE)]))
    (field,) = array_contents([tmp_path / "it.npz"]).fields
    assert np.array_equal(all_of(field), np.arange(12.0).reshape(4, 3))


def test_a_split_without_labels_is_left_out_and_said(tmp_path):
    np.savez(tmp_path / "it.npz", x_train=np.eye(3), y_train=np.arange(3), x_test=np.eye(3))
    contents = array_contents([tmp_path / "it.npz"])
    assert (contents.n, contents.splits) == (3, (("train", 0),))
    assert contents.notes == ("Split test has no y and was left out.",)


def test_what_is_no_regular_file_is_not_waited_for(tmp_path):
    import os

    os.mkfifo(tmp_path / "it.npy")
    with pytest.raises(DatasetError, match="not a regular file"):
        array_contents([tmp_path / "it.npy"])
