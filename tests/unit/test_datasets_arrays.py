"""A dataset of the user's own arrays keeps what it was given, and refuses what it would have to guess."""

import numpy as np
import pytest

from embviz.datasets import dataset_from_arrays
from embviz.errors import DatasetError

TWO = np.zeros((2, 3))


def test_a_hundred_vectors_with_dicts_become_a_dataset() -> None:
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(100, 256))
    dataset = dataset_from_arrays(vectors=vectors, metadata=[{"name": f"item {i}", "score": i / 2} for i in range(100)])
    assert dataset.ids.tolist() == list(range(100))
    assert np.array_equal(dataset.vectors, vectors.astype(np.float32))
    assert (dataset.labels, dataset.images, dataset.class_names) == (None, None, ())
    assert dataset.metadata["name"][7] == "item 7"
    assert dataset.metadata["score"].tolist() == [i / 2 for i in range(100)]


def test_given_arrays_are_copied() -> None:
    vectors, images = np.ones((2, 3), np.float32), np.ones((2, 4, 4), np.uint8)
    dataset = dataset_from_arrays(vectors=vectors, images=images)
    vectors[:], images[:] = 0, 0
    assert dataset.vectors.min() == dataset.images.min() == 1


@pytest.mark.parametrize(
    ("vectors", "sentence"),
    [
        (5, r"got int64 of shape \(\)"),
        ([1.0, 2.0], r"got float64 of shape \(2,\)"),
        (np.zeros((2, 3, 4)), r"shape \(2, 3, 4\)"),
        ([[1, 2], [3]], "rows of equal length"),
        ([["a", "b"]], "got <U1"),
        ([[1j]], "got complex128"),
        ([[2**70]], "got object"),
        ([[None, 1.0]], "got object"),
        ([[float("nan")]], "finite"),
        ([[float("inf")]], "finite"),
        ([[1e39]], r"more than 3\.4e38"),
        (np.zeros((0, 3)), "no items"),
        (np.zeros((3, 0)), "hold nothing"),
    ],
)
def test_vectors_that_are_no_matrix_of_finite_numbers_are_refused(vectors: object, sentence: str) -> None:
    with pytest.raises(DatasetError, match=sentence):
        dataset_from_arrays(vectors=vectors)


@pytest.mark.parametrize(
    "dtype", [np.bool_, np.int8, np.uint64, np.float16, np.float32, np.float64, np.longdouble, ">f4"]
)
def test_vectors_of_any_kind_of_number_are_taken(dtype: object) -> None:
    vectors = dataset_from_arrays(vectors=np.eye(3).astype(dtype)).vectors
    assert vectors.dtype == np.float32
    assert np.array_equal(vectors, np.eye(3))


def test_ten_thousand_columns_are_fine() -> None:
    assert dataset_from_arrays(vectors=np.zeros((3, 10_000))).vectors.shape == (3, 10_000)


@pytest.mark.parametrize(
    ("images", "sentence"),
    [
        (np.zeros((2, 4, 4)), "integers .* got float64"),
        (np.zeros((2, 4, 4), bool), "got bool"),
        (np.zeros((2, 16), np.uint8), r"shape \(2, 16\)"),
        (np.zeros((2, 4, 4, 1), np.uint8), r"shape \(2, 4, 4, 1\)"),
        (np.zeros((2, 0, 4), np.uint8), "hold nothing"),
        (np.full((2, 4, 4), -1), r"got -1\.\.-1"),
        (np.full((2, 4, 4), 256), r"got 256\.\.256"),
        ([[[1, 2], [3]]], "rows of equal length"),
    ],
)
def test_images_that_are_not_bytes_are_refused(images: object, sentence: str) -> None:
    with pytest.raises(DatasetError, match=sentence):
        dataset_from_arrays(images=images)


@pytest.mark.parametrize("shape", [(2, 4, 5), (2, 4, 5, 3)])
def test_gray_and_color_images_are_taken(shape: tuple[int, ...]) -> None:
    images = np.arange(np.prod(shape)).reshape(shape) % 256
    assert np.array_equal(dataset_from_arrays(images=images).images, images)


def test_something_to_lay_out_is_needed() -> None:
    with pytest.raises(DatasetError, match="give vectors=, images= or both"):
        dataset_from_arrays(labels=[1, 2])


def test_lengths_must_agree() -> None:
    with pytest.raises(DatasetError, match="2 vectors, 3 labels, 1 metadata; give one of each per item"):
        dataset_from_arrays(vectors=TWO, labels=[1, 2, 3], metadata=[{}])


@pytest.mark.parametrize(
    ("labels", "class_names", "codes"),
    [
        ([7, 1, 7], ("1", "7"), [1, 0, 1]),
        ([10, 9, 9], ("9", "10"), [1, 0, 0]),
        (["10", "9", "9"], ("10", "9"), [0, 1, 1]),
        ([1.0, 7.0, 1.0], ("1", "7"), [0, 1, 0]),
        ([1, 1.5, 1.0], ("1", "1.5"), [0, 1, 0]),
        (np.array([1.0, 7.0, 1.0], np.float32), ("1", "7"), [0, 1, 0]),
        (np.array(["b", "a", "b"]), ("a", "b"), [1, 0, 1]),
        (np.array(["b", 1, True], object), ("1", "True", "b"), [2, 0, 1]),
        ([True, False, True], ("False", "True"), [1, 0, 1]),
        ([np.True_, 1, 1.0], ("1", "True"), [1, 0, 0]),
        ([1, "1", 2], ("1", "2"), [0, 0, 1]),
        ([2**70, -3, 2**70], ("-3", str(2**70)), [1, 0, 1]),
    ],
)
def test_class_names_are_the_distinct_labels_in_order(
    labels: object, class_names: tuple[str, ...], codes: list[int]
) -> None:
    dataset = dataset_from_arrays(vectors=np.zeros((3, 1)), labels=labels)
    assert (dataset.class_names, dataset.labels.tolist()) == (class_names, codes)


@pytest.mark.parametrize(
    "labels",
    [
        [1, None],
        [1, float("nan")],
        [b"one", b"two"],
        [(1, 2), (3, 4)],
        [1, 1j],
        np.eye(2),
        np.array(["2020-01-01", "2020-01-02"], dtype="datetime64[D]"),
    ],
)
def test_labels_that_are_no_text_or_number_are_refused(labels: object) -> None:
    with pytest.raises(DatasetError, match=r"label [01] is"):
        dataset_from_arrays(vectors=TWO, labels=labels)


@pytest.mark.parametrize("labels", [np.array(3), 3])
def test_one_label_is_no_sequence(labels: object) -> None:
    with pytest.raises(DatasetError, match="labels must be a sequence"):
        dataset_from_arrays(vectors=TWO, labels=labels)


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ([1, 2, 3], np.array([1, 2, 3])),
        ([np.int8(1), np.uint16(2), 3], np.array([1, 2, 3])),
        ([1, 2.5, 3], np.array([1.0, 2.5, 3.0])),
        ([1, None, 3], np.array([1.0, np.nan, 3.0])),
        ([float("nan"), np.float32(0.5), None], np.array([np.nan, 0.5, np.nan])),
        ([True, np.False_, True], np.array([True, False, True])),
        ([True, None, False], np.array(["True", "", "False"])),
        ([True, 1, 0], np.array(["True", "1", "0"])),
        (["a", None, 3], np.array(["a", "", "3"])),
        ([None, None, None], np.array(["", "", ""])),
        ([2**63 - 1, -(2**63), 0], np.array([2**63 - 1, -(2**63), 0])),
        ([2**63, 1, 2], np.array([str(2**63), "1", "2"])),
        ([2**53 + 1, None, 2], np.array([str(2**53 + 1), "", "2"])),
        ([10**400, 0.5, 2], np.array([str(10**400), "0.5", "2"])),
    ],
)
def test_column_has_the_narrowest_type_that_keeps_every_value(cells: list[object], column: np.ndarray) -> None:
    dataset = dataset_from_arrays(vectors=np.zeros((3, 1)), metadata=[{"x": cell} for cell in cells])
    made = dataset.metadata["x"]
    assert made.dtype.kind == column.dtype.kind
    np.testing.assert_array_equal(made, column)


def test_columns_are_the_union_of_the_keys_in_order_of_appearance() -> None:
    dataset = dataset_from_arrays(vectors=TWO, metadata=[{"b": 1}, {"a": "x", "b": 2}])
    assert list(dataset.metadata) == ["b", "a"]
    assert dataset.metadata["a"].tolist() == ["", "x"]


@pytest.mark.parametrize(
    ("metadata", "sentence"),
    [
        ([{"a": 1}, "b"], "metadata 1 is 'b'; give one dict per item"),
        ([{"a": 1}, {3: 1}], "metadata 1 has the key 3"),
        ([{"a": [1, 2]}, {}], "metadata 0 holds a list at 'a'"),
        ([{"a": b"x"}, {}], "metadata 0 holds a bytes at 'a'"),
        (7, "metadata must be a sequence"),
    ],
)
def test_metadata_that_are_no_dicts_of_cells_are_refused(metadata: object, sentence: str) -> None:
    with pytest.raises(DatasetError, match=sentence):
        dataset_from_arrays(vectors=TWO, metadata=metadata)


def test_no_keys_at_all_make_no_columns() -> None:
    assert dict(dataset_from_arrays(vectors=TWO, metadata=[{}, {}]).metadata) == {}
