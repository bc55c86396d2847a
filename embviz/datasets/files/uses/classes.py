"""Classes of items from labels of any kind: codes, texts, whole numbers, or one-hot rows."""

from typing import Any

import numpy as np

from embviz.arrays import AnyArray, BoolArray, Int64Array
from embviz.datasets.cells import label_codes
from embviz.datasets.files.contents import Field
from embviz.errors import DatasetError
from embviz.progress import Progress

NO_CLASS = "(no label)"
"""The class of items whose label is missing."""


def classes_of(
    field: Field, names: tuple[str, ...], rows: slice, progress: Progress
) -> tuple[Int64Array, tuple[str, ...]]:
    """Class code of each item, and the class names; missing labels are the last class, `NO_CLASS`.

    Parameters
    ----------
    field
        A field with one value per item, or with one-hot rows.
    names
        Names of the classes from the user; if empty, those of the field are used, or its different values as text.
    rows, progress
        As `Field.read` takes them.

    Raises
    ------
    DatasetError
        If the values are not classes, or not as many as there are names.
    """
    values = field.read(rows, progress)
    names = names or field.class_names
    if field.kind == "vectors":
        return _one_hot_codes(field, values, rows), names or tuple(map(str, range(field.shape[0])))
    if field.kind != "column":
        raise DatasetError(
            f"{field.name!r} holds {field.kind}, and labels are one value per item; choose another field"
        )
    is_there = ~_is_missing(values, bool(names))
    different, places = np.unique(values[is_there], return_inverse=True)
    codes, class_names = label_codes(different.tolist())
    if names:
        codes, class_names = _named_codes(field.name, different, names)
    found = np.full(len(values), len(class_names), np.int64)
    found[is_there] = codes[places]
    return found, class_names if is_there.all() else (*class_names, NO_CLASS)


def _is_missing(values: AnyArray, is_named: bool) -> BoolArray:
    """Which labels are missing: empty texts, NaN, and -1 if codes have names, as in Hugging Face's datasets."""
    numbers: Any = values
    if values.dtype.kind == "f":
        return np.asarray(np.isnan(numbers))
    if values.dtype.kind == "U" or (is_named and values.dtype.kind == "i"):
        return np.asarray(numbers == ("" if values.dtype.kind == "U" else -1))
    return np.zeros(len(values), np.bool_)


def _named_codes(name: str, different: AnyArray, names: tuple[str, ...]) -> tuple[Int64Array, tuple[str, ...]]:
    """Code of each different value: the value itself if all are indices of names, else its rank; and class names."""
    if different.dtype.kind in "if" and len(different):
        codes = different.astype(np.int64)
        if np.array_equal(codes, different) and codes[0] >= 0 and codes[-1] < len(names):
            return codes, names
    if len(different) != len(names):
        raise DatasetError(
            f"{name!r} has {len(different):,} different values, and there are {len(names):,} class names; "
            "give one for each"
        )
    return np.arange(len(names)), names


def _one_hot_codes(field: Field, values: AnyArray, rows: slice) -> Int64Array:
    is_one = values == np.ones(1, values.dtype)
    wrong = np.flatnonzero((is_one.sum(axis=1) != 1) | (np.count_nonzero(values, axis=1) != 1))
    if len(wrong):
        raise DatasetError(
            f"{field.name!r}: row {rows.start + int(wrong[0])} has not a single 1 among zeros, as labels of one class "
            "have; choose another field, or show it as columns"
        )
    found: Int64Array = is_one.argmax(axis=1)
    return found
