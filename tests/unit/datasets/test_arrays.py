"""A dataset made from arrays keeps every value that it was given, and refuses values whose meaning it would guess."""

import warnings
from collections.abc import Iterator
from decimal import Decimal

import numpy as np
import pandas
import pyarrow
import pytest
import scipy.sparse

from embviz.datasets import dataset_from_arrays
from embviz.errors import DatasetError
from embviz.export.metadata import metadata_columns

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
        ([[10**400]], r"got object of shape \(1, 1\); row 0 holds 1000.*: give numbers alone"),
        ([[2, 1.0], [None, 1.0]], r"got object of shape \(2, 2\); row 1 holds None: give numbers alone"),
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


MASKED = np.ma.array(np.eye(3), mask=[[0, 0, 0], [0, 1, 0], [0, 0, 1]])


@pytest.mark.parametrize(
    ("vectors", "sentence"),
    [
        (MASKED, r"vectors are masked in rows 1, 2; fill the gaps"),
        ([MASKED[0], MASKED[1]], "vectors are masked in row 1"),
        ({1.0, 2.0}, "got a set of 2"),
        ({"x": [1, 2]}, "got a dict of 1"),
        ("1 2 3", "got '1 2 3'"),
        (b"12", "got b'12'"),
        (iter([[1.0], [2.0]]), r"got a list_iterator; give list\(vectors\)"),
        ((row for row in [[1.0], [2.0]]), r"got a generator; give list\(vectors\)"),
        (dataset_from_arrays(vectors=TWO), "got a Dataset of 2; give its vectors"),
        (object(), "got a object; give one row of numbers per item"),
        ([], r"got float64 of shape \(0,\); give at least one row"),
        (bytearray(b"12"), "got a bytearray of 2"),
        (np.zeros((2, 3, 4)), r"give numpy.reshape\(vectors, \(len\(vectors\), -1\)\)"),
        (pandas.Series([[1.0, 2.0], [3.0, 4.0]]), r"give numpy.stack\(numpy.asarray\(vectors\)\)"),
        (pyarrow.array([[1.0, 2.0], [3.0, 4.0]]), r"give numpy.stack\(numpy.asarray\(vectors\)\)"),
        (pyarrow.table({"a": [1.5], "who": ["x"]}), "leave out the columns that hold more than numbers, .*: who$"),
        (pandas.DataFrame({"a": [1, None], "b": [1, 2]}, dtype="Int64"), "fill their gaps: a$"),
        (
            scipy.sparse.eye_array(3).tocsr(),
            r"sparse matrix \(a csr_array of shape \(3, 3\)\); give vectors.toarray\(\)",
        ),
        (scipy.sparse.coo_matrix((3, 3)), r"give vectors.toarray\(\)"),
        (np.array(["2020-01-01"], "datetime64[D]")[:, None], r"got datetime64\[D\]"),
        (np.zeros(3), r"for one number per item give numpy.reshape\(vectors, \(-1, 1\)\)"),
        (pandas.DataFrame({"a": [1.5, 2], "who": ["x", "y"]}), "the columns that hold more than numbers, .*: who$"),
        (np.array([(1, 2.0)], "i4,f4"), "shape \\(1,\\)"),
        (np.broadcast_to(np.float32(0), (10**6, 2 * 10**6)), "would take 8 TB as float32, more than the memory"),
        (np.broadcast_to(np.int64(0), (10**7, 10**7)), "would take 400 TB"),
        (np.ma.MaskedArray(np.broadcast_to(1.0, (10**7, 10**7))), "would take 400 TB"),
    ],
)
def test_what_is_no_plain_table_of_numbers_is_refused_at_once(vectors: object, sentence: str) -> None:
    with pytest.raises(DatasetError, match=sentence):
        dataset_from_arrays(vectors=vectors)


@pytest.mark.parametrize(
    ("images", "sentence"),
    [
        (np.broadcast_to(np.int64(7), (10**6, 2000, 4000)), "would take 8 TB as uint8"),
        (np.broadcast_to(np.uint8(7), (2, 9000, 9000)), "up to 8,192 pixels a side, got 9,000 x 9,000"),
        (np.broadcast_to(np.uint8(7), (2, 4, 9000, 3)), "got 4 x 9,000"),
        (np.ma.array(np.zeros((2, 2, 2), np.uint8), mask=[[[0, 0], [0, 0]], [[1, 0], [0, 0]]]), "masked in row 1"),
        ({"a": 1}, "got a dict of 1"),
    ],
)
def test_images_that_no_machine_or_sheet_holds_are_refused_at_once(images: object, sentence: str) -> None:
    with pytest.raises(DatasetError, match=sentence):
        dataset_from_arrays(images=images)


def test_numbers_are_taken_whatever_tables_keep_them_in() -> None:
    for vectors in (
        pandas.DataFrame({"a": [1, 2], "b": [3, 4]}, dtype="Int64"),
        pandas.DataFrame({"a": [1, 2], "b": [3.0, 4.0]}).convert_dtypes(),
        pandas.DataFrame({"a": [True, 2], "b": [3, 4.0]}, dtype=object),
        pyarrow.table({"a": [1, 2], "b": [3.0, 4.0]}),
        np.array([[1, np.int8(3)], [2.0, np.float32(4)]], object),
    ):
        assert dataset_from_arrays(vectors=vectors).vectors.tolist() == [[1, 3], [2, 4]]
    assert dataset_from_arrays(vectors=pandas.DataFrame({"a": [True], "b": [2**70]})).vectors.tolist() == [[1, 2**70]]


def endless() -> Iterator[dict[str, int]]:
    while True:
        yield {"a": 1}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"labels": np.broadcast_to(np.int64(0), 10**12)}, "2 vectors, 1000000000000 labels; give one of each"),
        ({"labels": np.ma.MaskedArray(np.broadcast_to(0, 10**12))}, "2 vectors, 1000000000000 labels"),
        ({"labels": range(10**12)}, "2 vectors, 1000000000000 labels"),
        ({"labels": range(10**30)}, "labels go on after 2 items"),
        ({"metadata": endless()}, "metadata go on after 2 items; give one of each per item"),
        ({"metadata": iter([{}])}, "2 vectors, 1 metadata; give one of each"),
    ],
)
def test_lengths_are_compared_before_anything_endless_is_read(given: dict[str, object], sentence: str) -> None:
    with pytest.raises(DatasetError, match=f"lengths differ: {sentence}"):
        dataset_from_arrays(vectors=TWO, **given)


def test_an_iterator_of_one_dict_per_item_is_taken() -> None:
    assert dataset_from_arrays(vectors=TWO, metadata=({"a": i} for i in (3, 4))).metadata["a"].tolist() == [3, 4]


def test_arrays_without_a_gap_may_be_of_a_class_that_can_have_them() -> None:
    dataset = dataset_from_arrays(vectors=np.ma.array(np.eye(2)), labels=np.ma.array([3, 4]))
    assert dataset.vectors.tolist() == [[1, 0], [0, 1]] and dataset.class_names == ("3", "4")
    frame = pandas.DataFrame({"a": [1.5, 2], "b": [3, 4]})
    assert dataset_from_arrays(vectors=frame, labels=frame["b"]).vectors.tolist() == [[1.5, 3], [2, 4]]


@pytest.mark.parametrize(
    ("vectors", "where"),
    [
        (np.where(np.arange(60)[:, None] == 17, np.nan, np.ones((60, 4))), "row 17 holds NaN"),
        (np.diag([1, np.inf, 1, -np.inf]), "rows 1, 3 hold infinity"),
        ([[np.nan], [1], [np.inf], [1e39], [2]], "row 0 holds NaN, row 2 infinity, row 3 more than 3.4e38"),
        (np.full((100, 2), np.nan), r"100 rows \(0, 1, 2, 3, 4, \.\.\.\) hold NaN"),
        (np.float16([[1], [np.nan]]), "row 1 holds NaN"),
    ],
)
def test_rows_that_are_not_finite_are_named(vectors: object, where: str) -> None:
    with pytest.raises(DatasetError, match=f"finite float32, but {where}; remove or scale"):
        dataset_from_arrays(vectors=vectors)


RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("vectors", "fallen"),
    [
        (RNG.normal(size=(300, 8)) + 1e8, 300),
        (np.arange(50)[:, None] + 2**40, 50),
        (np.array([[2**24], [2**24 + 1], [5]], np.int64), 2),
        (np.array([[2**24], [2**24 + 1], [5]], np.uint32), 2),
        (np.vstack([np.full((3, 2), 1e-50), np.zeros((4, 2)), np.ones((2, 2))]), 7),
        (np.longdouble([[1], [1 + 1e-12], [2]]), 2),
    ],
)
def test_rows_that_become_equal_by_rounding_are_counted_in_a_warning(vectors: np.ndarray, fallen: int) -> None:
    with pytest.warns(UserWarning, match=f"^{fallen} of {len(vectors)} rows become equal .* subtract the mean first"):
        dataset = dataset_from_arrays(vectors=vectors)
    assert len(dataset) == len(vectors)


@pytest.mark.parametrize(
    "vectors",
    [
        np.float64([[1e8 + 3], [1e8 + 11], [1e8 + 20]]),
        RNG.normal(size=(300, 8)) + 3e6,
        RNG.normal(size=(300, 8)) + 1e7,
        RNG.normal(size=(300, 8)) * 1e-6 + 1,
        RNG.integers(0, 50, (300, 8)) * 16 + 2**27 + np.arange(300)[:, None] % 16,
    ],
)
def test_rows_that_stay_different_but_lose_what_tells_them_apart_are_warned_of(vectors: np.ndarray) -> None:
    with pytest.warns(UserWarning, match=r"the rows move by \d+% of their spread when rounded .*; subtract the mean"):
        dataset_from_arrays(vectors=vectors)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        dataset_from_arrays(vectors=vectors - vectors.mean(axis=0))
        dataset_from_arrays(vectors=vectors.astype(np.float32))


@pytest.mark.parametrize(
    "vectors",
    [
        RNG.normal(size=(300, 8)),
        RNG.normal(size=(300, 8)) + 1e6,
        np.hstack([RNG.normal(size=(300, 8)), np.full((300, 1), 1.7e9 + 1)]),
        RNG.normal(size=(1, 8)) + 1e9,
        np.float64([[3e38, 0], [-3e38, 1]]),
        np.full((5, 2), 0.1),
        np.repeat(RNG.normal(size=(10, 3)), 5, axis=0),
        np.arange(300)[:, None] + 2**20,
        np.zeros((20, 3)),
        np.zeros((20, 3), np.float32),
        np.arange(256, dtype=np.uint8)[:, None],
    ],
)
def test_rows_that_were_equal_before_or_stay_different_are_no_loss(vectors: np.ndarray) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        dataset_from_arrays(vectors=vectors)


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [
        ("ab", r"labels must be a sequence with one value per item, got 'ab'; give a list"),
        (bytearray(b"ab"), "got a bytearray of 2"),
        (memoryview(b"ab"), "got a memoryview"),
        (np.ma.masked, "labels must be a sequence"),
        (np.ma.array([(1, 2), (3, 4)], "i4,i4", mask=[(0, 0), (0, 1)]), "labels are masked in row 1"),
        (b"ab", "got b'ab'"),
        ({"a", "b"}, "got a set of 2"),
        ({"a": 1, "b": 2}, "got a dict of 2"),
        (pandas.DataFrame({"label": [1, 2]}), r"got a DataFrame of shape \(2, 1\)"),
        (np.ma.array([1, 2], mask=[False, True]), "labels are masked in row 1"),
        (np.array(["2020-01-01", "2020-01-02"], "datetime64[ns]"), "label 0 is np.datetime64"),
        (np.array([1, 2], "timedelta64[s]"), "label 0 is np.timedelta64"),
        (pandas.Series(pandas.to_datetime(["2020-01-01", "2020-01-02"])), "label 0 is np.datetime64"),
        (pandas.Series(["a", None]), "label 1 is"),
        ([1, 10**5000], "label 1 is a whole number of 16610 bits"),
        (["a", "b\ud800"], r"label 1 is 'b\\ud800' and has a lone surrogate"),
        (["a", "\udcff"], "has a lone surrogate"),
        ([Decimal(1), Decimal(2)], "label 0 is a Decimal"),
    ],
)
def test_labels_are_never_taken_for_something_else(labels: object, sentence: str) -> None:
    with pytest.raises(DatasetError, match=sentence):
        dataset_from_arrays(vectors=TWO, labels=labels)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
def test_numbers_are_called_what_they_were_written_as(dtype: type) -> None:
    values = np.array(["0.1", "0.2", "1e-05"]).astype(dtype)
    dataset = dataset_from_arrays(vectors=np.eye(3), labels=values, metadata=[{"weight": value} for value in values])
    assert dataset.class_names == ("1e-05", "0.1", "0.2")
    assert dataset.metadata["weight"].tolist() == [0.1, 0.2, 1e-05]
    assert metadata_columns(dataset)["weight"] == ["0.1", "0.2", "1e-05"]


@pytest.mark.parametrize(
    ("metadata", "sentence"),
    [
        (pandas.DataFrame({"a": [1, 2]}), r"got a DataFrame of shape \(2, 1\); give .* to_dict\('records'\)"),
        ({"a": [1, 2]}, "got a dict of 1"),
        ("ab", "got 'ab'"),
        ([{"a": np.datetime64("2020-01-01", "ns")}, {}], "holds a datetime64 at 'a'"),
        (
            [{"a": 10**5000}, {}],
            "metadata 0 at 'a' is a whole number of 16610 bits, too large a number; give a smaller one",
        ),
        ([{"a": "x\0"}, {}], "metadata 0 at 'a' ends in a NUL character"),
        (bytearray(b"ab"), "got a bytearray of 2"),
        ([{"a": "x\ud83d"}, {}], r"metadata 0 at 'a' is 'x\\ud83d' and has a lone surrogate"),
        ([{"\udc80": 1}, {}], "a lone surrogate"),
        ([{"a": np.ma.masked}, {}], "holds a MaskedConstant"),
    ],
)
def test_metadata_are_never_taken_for_something_else(metadata: object, sentence: str) -> None:
    with pytest.raises(DatasetError, match=sentence):
        dataset_from_arrays(vectors=TWO, metadata=metadata)


@pytest.mark.skipif(np.finfo(np.longdouble).maxexp == 1024, reason="longdouble is no longer than float64 here")
def test_a_number_that_no_float_holds_does_not_become_infinity() -> None:
    vast = np.longdouble("1e400")
    with pytest.raises(DatasetError, match=r"label 0 is .*, too large a number; give a smaller one, or a text"):
        dataset_from_arrays(vectors=TWO, labels=[vast, 1])
    with pytest.raises(DatasetError, match=r"metadata 0 at 'a' is .*, too large a number"):
        dataset_from_arrays(vectors=TWO, metadata=[{"a": vast}, {}])
    infinite = dataset_from_arrays(vectors=TWO, metadata=[{"a": np.longdouble("inf")}, {"a": 1}])
    assert infinite.metadata["a"].tolist() == [np.inf, 1]


@pytest.mark.parametrize("missing", [None, float("nan"), np.float32("nan"), pandas.NA, pandas.NaT])
def test_what_tables_have_for_a_missing_text_is_empty(missing: object) -> None:
    dataset = dataset_from_arrays(vectors=np.eye(3), metadata=[{"note": "x"}, {"note": missing}, {"note": "y"}])
    assert dataset.metadata["note"].tolist() == ["x", "", "y"]


def test_a_column_of_pandas_keeps_its_gaps() -> None:
    frame = pandas.DataFrame({"note": ["x", None, "y"], "size": pandas.array([1, None, 3], "Int64")})
    made = dataset_from_arrays(vectors=np.eye(3), metadata=frame.to_dict("records")).metadata
    assert made["note"].tolist() == ["x", "", "y"]
    np.testing.assert_array_equal(made["size"], [1, np.nan, 3])


def test_one_endless_text_does_not_take_all_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("embviz.arrays.memory_bytes", lambda: 10**6)
    with pytest.raises(DatasetError, match=r"metadata 'note', its longest text of 200,000 characters, would take"):
        dataset_from_arrays(vectors=TWO, metadata=[{"note": "x" * 200_000}, {}])


@pytest.mark.parametrize("name", [5, None, b"x", ["a"], "\ud800"])
def test_a_name_is_a_text(name: object) -> None:
    with pytest.raises(DatasetError, match=r"name must be a text, got|has a lone surrogate"):
        dataset_from_arrays(vectors=TWO, name=name)
