"""A dataset of the user's own vectors or images, given as arrays."""

from collections.abc import Iterable, Mapping, Sequence
from types import NoneType

import numpy as np
import numpy.typing as npt

from embviz.arrays import AnyArray, Float32Array, Int64Array, UInt8Array, is_finite
from embviz.dataset import Dataset
from embviz.errors import DatasetError

Cell = str | int | float | bool | None
"""What one field of an item's metadata may hold; None means the item has none."""

_EXACT_IN_FLOAT64 = 2**53


def dataset_from_arrays(
    *,
    vectors: npt.ArrayLike | None = None,
    labels: Sequence[Cell] | npt.NDArray[np.generic] | None = None,
    metadata: Sequence[Mapping[str, Cell]] | None = None,
    images: npt.ArrayLike | None = None,
    name: str = "arrays",
) -> Dataset:
    """Dataset of your own vectors and/or images, with labels of any kind and a dict per item.

    Your arrays are copied, so they stay yours. Items get the ids 0 .. n - 1.

    Parameters
    ----------
    vectors
        Shape (n, d), numbers, finite.
    labels
        One per item: numbers or texts, not lists or one-hot rows. Class names are the distinct values
        as text, in order (numbers by value, 1.0 is "1"); an item's label code is the place of its
        name in that list.
    metadata
        One dict per item. Columns are the union of the keys in order of appearance. A column of
        bools, integers or numbers keeps its type, where a number may be missing (NaN); any other
        column becomes text, missing values empty, and so do integers that would lose digits.
    images
        Shape (n, h, w) or (n, h, w, 3), integers in 0..255.
    name
        Name to show.

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
    float_vectors = None if vectors is None else _float_vectors(vectors)
    byte_images = None if images is None else _byte_images(images)
    label_list = None if labels is None else _listed("labels", labels)
    item_dicts = None if metadata is None else _listed("metadata", metadata)
    given = {"vectors": float_vectors, "images": byte_images, "labels": label_list, "metadata": item_dicts}
    lengths = {key: len(value) for key, value in given.items() if value is not None}
    n = next(iter(lengths.values()))
    if set(lengths.values()) != {n}:
        counts = ", ".join(f"{length} {key}" for key, length in lengths.items())
        raise DatasetError(f"lengths differ: {counts}; give one of each per item")
    codes, class_names = (None, ()) if label_list is None else _label_codes(label_list)
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
        metadata={} if item_dicts is None else _columns(item_dicts),
    )


def _array(name: str, values: npt.ArrayLike) -> AnyArray:
    try:
        return np.asarray(values)
    except (TypeError, ValueError) as error:
        raise DatasetError(f"{name} must be one array of numbers, rows of equal length: {error}") from error


def _float_vectors(values: npt.ArrayLike) -> Float32Array:
    array = _array("vectors", values)
    if array.ndim != 2 or array.dtype.kind not in "fiub":
        raise DatasetError(f"vectors must be numbers of shape (n, d), got {array.dtype} of shape {array.shape}")
    with np.errstate(over="ignore"):  # what is too large becomes infinite and is refused below
        vectors = np.array(array, dtype=np.float32, order="C")
    if not is_finite(vectors):
        raise DatasetError(
            "vectors must be finite float32, but hold NaN, infinity or more than 3.4e38; remove or scale"
        )
    return vectors


def _byte_images(values: npt.ArrayLike) -> UInt8Array:
    array = _array("images", values)
    if array.dtype.kind not in "iu" or array.ndim not in (3, 4) or (array.ndim == 4 and array.shape[3] != 3):
        raise DatasetError(
            f"images must be integers 0..255 of shape (n, h, w) or (n, h, w, 3), got {array.dtype} of shape "
            f"{array.shape}; scale, convert or reshape them first"
        )
    if array.size and not 0 <= array.min() <= array.max() <= 255:
        raise DatasetError(f"images must be in 0..255, got {array.min()}..{array.max()}; scale them first")
    return np.array(array, dtype=np.uint8, order="C")


def _listed(name: str, values: Iterable[object]) -> list[object]:
    """One value per item, numpy's scalars as Python's own."""
    try:
        return [_plain(value) for value in values]
    except TypeError as error:
        raise DatasetError(f"{name} must be a sequence with one value per item: {error}") from error


def _plain(value: object) -> object:
    return value.item() if isinstance(value, np.generic) else value


def _label_codes(values: list[object]) -> tuple[Int64Array, tuple[str, ...]]:
    labels = [_label(row, value) for row, value in enumerate(values)]
    numbers = [label for label in labels if isinstance(label, (int, float)) and not isinstance(label, bool)]
    if len(numbers) == len(labels):
        class_names = tuple(_class_name(number) for number in sorted(set(numbers)))
    else:
        class_names = tuple(sorted({_class_name(label) for label in labels}))
    code_of = {name: code for code, name in enumerate(class_names)}
    return np.array([code_of[_class_name(label)] for label in labels], dtype=np.int64), class_names


def _label(row: int, value: object) -> str | int | float:
    if not isinstance(value, (str, int, float)) or value != value:
        raise DatasetError(f"label {row} is {value!r:.60}; give every item a text or a number, or leave labels out")
    return value


def _class_name(label: str | int | float) -> str:
    """The label as text, where 1.0 is "1": tables often turn integer labels into floats."""
    return str(int(label)) if isinstance(label, float) and label.is_integer() else str(label)


def _columns(items: list[object]) -> dict[str, AnyArray]:
    dicts: list[dict[str, Cell]] = []
    for row, item in enumerate(items):
        if not isinstance(item, Mapping):
            raise DatasetError(f"metadata {row} is {item!r:.60}; give one dict per item")
        dicts.append({_key(row, key): _cell(row, key, cell) for key, cell in item.items()})
    names = dict.fromkeys(name for item in dicts for name in item)
    return {name: _column([item.get(name) for item in dicts]) for name in names}


def _key(row: int, key: object) -> str:
    if not isinstance(key, str):
        raise DatasetError(f"metadata {row} has the key {key!r}; keys name columns and must be texts")
    return key


def _cell(row: int, key: str, cell: object) -> Cell:
    value = _plain(cell)
    if not isinstance(value, (str, int, float, NoneType)):
        raise DatasetError(
            f"metadata {row} holds a {type(cell).__name__} at {key!r}; give text, a number, bool or None"
        )
    return value


def _column(cells: list[Cell]) -> AnyArray:
    """The narrowest of bool, int64, float64 (a missing value is NaN) and text (empty) that keeps every value."""
    types = {type(cell) for cell in cells}
    integers = [cell for cell in cells if type(cell) is int]
    if types == {bool}:
        return np.array(cells, dtype=np.bool_)
    if types == {int} and all(-(2**63) <= value < 2**63 for value in integers):
        return np.array(cells, dtype=np.int64)
    numbers = types <= {int, float, NoneType} and types != {NoneType}
    if numbers and all(abs(value) <= _EXACT_IN_FLOAT64 for value in integers):
        return np.array([np.nan if cell is None else cell for cell in cells], dtype=np.float64)
    return np.array(["" if cell is None else str(cell) for cell in cells], dtype=np.str_)
