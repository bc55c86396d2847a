"""A dataset of the user's own vectors or images, given as arrays."""

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from embviz.arrays import (
    AnyArray,
    Float32Array,
    UInt8Array,
    check_memory,
    is_finite,
    not_finite,
    rows_named,
)
from embviz.checks.arguments import fitting
from embviz.checks.wording import described
from embviz.dataset import Dataset
from embviz.datasets.cells import Cell, check_is_list, columns_of, label_codes, length_of, listed, masked_rows
from embviz.datasets.rounding import rounding_loss
from embviz.errors import DatasetError

LARGEST_SIDE = 8192
"""Most pixels of a side of an image; a whole sprite sheet has the same limit."""

_ADVICE = {
    "labels": "give a list, one label per item",
    "metadata": "give a list of one dict per item, as a table's to_dict('records') does",
}
_MOST_NAMED = 5
_FLOAT64_BITS = 1024
"""Bits from which a whole number may be too large for float64."""


def dataset_from_arrays(
    *,
    vectors: npt.ArrayLike | None = None,
    labels: Sequence[Cell] | npt.NDArray[np.generic] | None = None,
    metadata: Sequence[Mapping[str, Cell]] | None = None,
    images: npt.ArrayLike | None = None,
    name: str = "arrays",
) -> Dataset:
    """Dataset of your own vectors and/or images, with labels of any kind and a dict per item.

    Your arrays are copied, and stay as they are. Items get the ids 0 .. n - 1. Vectors are rounded to float32; there is
    a warning if that makes different rows equal, or moves rows by more than 2 % of their spread.

    Parameters
    ----------
    vectors
        Finite numbers of shape (n, d), as an array, lists or a table. Not a sparse matrix, and no masked values.
    labels
        One number or text per item; no lists, dates or one-hot rows. Class names are the different labels as text,
        sorted (numbers by value; 1.0 is "1"). The class code of an item is the position of its name among these.
    metadata
        One dict per item. Columns are the union of the keys in order of appearance. A column of only bools, integers
        or floats keeps its type; if a number is missing, the column is float64 with NaN. Any other column becomes
        text, with empty texts for missing values; so does a column with integers that would lose digits.
    images
        Integers in 0..255 of shape (n, h, w) or (n, h, w, 3), at most 8192 pixels a side.
    name
        Name that is shown for the dataset.

    Raises
    ------
    DatasetError
        If neither vectors nor images are given, or lengths, shapes, types or values do not fit.

    Examples
    --------
    >>> made = dataset_from_arrays(vectors=[[0.0, 1.0], [2.0, 3.0]], labels=["seven", "one"],
    ...                            metadata=[{"writer": 4}, {"writer": 9}])
    >>> made.class_names, made.labels.tolist(), made.metadata["writer"].tolist()
    (('one', 'seven'), [1, 0], [4, 9])
    """
    if vectors is None and images is None:
        raise DatasetError("give vectors=, images= or both: a dataset needs something to lay out")
    name = fitting("name", name, str, DatasetError)
    float_vectors = None if vectors is None else _float_vectors(vectors)
    byte_images = None if images is None else _byte_images(images)
    arrays = {"vectors": float_vectors, "images": byte_images}
    said = {name: values for name, values in (("labels", labels), ("metadata", metadata)) if values is not None}
    for key, values in said.items():
        check_is_list(key, values, _ADVICE[key])
    n = _length_of_all({**arrays, **said})  # before lists are made, as an iterable may be far longer
    lists = {key: listed(key, values, _ADVICE[key], n) for key, values in said.items()}
    _length_of_all({**arrays, **lists})
    codes, class_names = label_codes(lists["labels"]) if "labels" in lists else (None, ())
    return Dataset(
        name=name,
        split="",
        ids=np.arange(n, dtype=np.int64),
        n_source=n,
        n_split=n,
        images=byte_images,
        vectors=float_vectors,
        labels=codes,
        class_names=class_names,
        metadata=columns_of(lists.get("metadata", [])),
    )


def _length_of_all(given: Mapping[str, object]) -> int:
    """Number of items: the common length of the values; None, and values without a length, are skipped."""
    counted = {name: length_of(values) for name, values in given.items() if values is not None}
    lengths = {name: length for name, length in counted.items() if length is not None}
    if len(set(lengths.values())) > 1:
        counts = ", ".join(f"{length} {name}" for name, length in lengths.items())
        raise DatasetError(f"lengths differ: {counts}; give one of each per item")
    return next(iter(lengths.values()))


def _array(name: str, values: object, dtype: npt.DTypeLike) -> AnyArray:
    """Values as one array, not copied if they are an array; refused if masked, or too large for memory as `dtype`."""
    if isinstance(values, np.ndarray):
        check_memory(name, values.shape, dtype, DatasetError)  # before anything reads all of the values
    if hasattr(values, "nnz") and hasattr(values, "toarray"):
        raise DatasetError(f"{name} are a sparse matrix ({described(values)}); give {name}.toarray()")
    if isinstance(values, str | bytes | bytearray | set | frozenset | Mapping):
        raise DatasetError(f"{name} must be one array of numbers, got {described(values)}")
    if masked := masked_rows(values):
        raise DatasetError(f"{name} are masked in {rows_named(masked)}; fill the gaps, or leave those items out")
    try:
        return np.asarray(values)
    except Exception as error:  # whatever the array method of a foreign class raises
        raise DatasetError(f"{name} must be one array of numbers, rows of equal length: {error}") from error


def _float_vectors(values: object) -> Float32Array:
    array = _array("vectors", values, np.float32)
    if array.ndim == 2 and array.dtype == object and all(map(_is_number, array.flat)):
        array = array.astype(np.float64)  # a table whose columns have different types
    if array.ndim != 2 or array.dtype.kind not in "fiub":
        raise DatasetError(
            f"vectors must be numbers of shape (n, d), got {_got(values, array)}; {_vector_advice(values, array)}"
        )
    vectors: Float32Array = _copied("vectors", array, np.float32)
    if not is_finite(vectors):
        raise DatasetError(
            f"vectors must be finite float32, but {not_finite(vectors, array)}; remove or scale those rows"
        )
    if loss := rounding_loss(array, vectors):
        warnings.warn(loss, stacklevel=3)
    return vectors


def _got(values: object, array: AnyArray) -> str:
    """Description of the values given: their type and shape, or their class if numpy took them for one object."""
    is_one_object = array.dtype == object and not array.ndim
    return described(values) if is_one_object else f"{array.dtype} of shape {array.shape}"


def _vector_advice(values: object, array: AnyArray) -> str:
    """Advice on what to give instead of values that are not vectors, as the end of a message."""
    is_numbers = array.dtype.kind in "fiub"
    if hasattr(values, "columns") and array.ndim == 2 and (names := _other_columns(values, array)):
        named = ", ".join([*names[:_MOST_NAMED], *(["..."] if len(names) > _MOST_NAMED else [])])
        return f"leave out the columns that hold more than numbers, or fill their gaps: {named}"
    if array.ndim == 2 and array.dtype == object:
        row, other = next((row, each) for row, line in enumerate(array) for each in line if not _is_number(each))
        return f"row {row} holds {described(other)}: give numbers alone"
    if array.ndim == 0 and hasattr(values, "vectors"):
        return "give its vectors"
    if array.ndim == 0 and isinstance(values, Iterator):
        return "give list(vectors)"
    if array.shape == (0,):
        return "give at least one row"
    if array.ndim == 1 and is_numbers:
        return "for one number per item give numpy.reshape(vectors, (-1, 1))"
    if array.ndim == 1 and array.dtype == object and not isinstance(values, list | tuple):
        return "if each of its values is a row, give numpy.stack(numpy.asarray(vectors))"
    if array.ndim > 2 and is_numbers:
        return "give numpy.reshape(vectors, (len(vectors), -1))"
    return "give one row of numbers per item"


def _other_columns(table: Any, array: AnyArray) -> list[str]:
    """Names of the columns of a pandas, polars or pyarrow table that hold anything but numbers."""
    names = getattr(table, "column_names", table.columns)
    if not isinstance(names, Iterable):
        return []
    return [str(name) for name, column in zip(names, array.T, strict=False) if not all(map(_is_number, column))]


def _is_number(value: object) -> bool:
    """Whether the value is a number that is not too large for float64."""
    if isinstance(value, int):
        return value.bit_length() < _FLOAT64_BITS
    return isinstance(value, float | np.integer | np.floating | np.bool_)


def _copied(name: str, array: AnyArray, dtype: npt.DTypeLike) -> Any:
    check_memory(name, array.shape, dtype, DatasetError)
    try:
        with np.errstate(over="ignore", invalid="ignore"):  # too large numbers become infinite, and are refused
            return np.array(array, dtype=dtype, order="C")
    except MemoryError as error:
        raise DatasetError(f"{name} do not fit into memory: {error}; give fewer") from error


def _byte_images(values: object) -> UInt8Array:
    array = _array("images", values, np.uint8)
    if array.dtype.kind not in "iu" or array.ndim not in (3, 4) or (array.ndim == 4 and array.shape[3] != 3):
        raise DatasetError(
            "images must be integers 0..255 of shape (n, h, w) or (n, h, w, 3), "
            f"got {_got(values, array)}; scale, convert or reshape them first"
        )
    if max(array.shape[1:3]) > LARGEST_SIDE:
        raise DatasetError(
            f"images may have up to {LARGEST_SIDE:,} pixels a side, got {array.shape[1]:,} x {array.shape[2]:,}; "
            "make them smaller first"
        )
    images: UInt8Array = _copied("images", array, np.uint8)
    if array.dtype != np.uint8 and array.size:
        lowest, highest = (int(cast(Any, extreme)) for extreme in (array.min(), array.max()))
        if lowest < 0 or highest > 255:
            raise DatasetError(f"images must be in 0..255, got {lowest}..{highest}; scale them first")
    return images
