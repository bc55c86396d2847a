"""A dataset of the user's own vectors or images, given as arrays."""

import warnings
from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from embviz.arguments import fitting
from embviz.arrays import (
    AnyArray,
    Float32Array,
    UInt8Array,
    check_memory,
    is_finite,
    not_finite,
    row_codes,
    rows_named,
)
from embviz.dataset import Dataset
from embviz.datasets.cells import Cell, columns_of, label_codes, listed
from embviz.errors import DatasetError
from embviz.wording import described

LARGEST_SIDE = 8192
"""Of an image, in pixels: as large as a whole sprite sheet may be."""


def dataset_from_arrays(
    *,
    vectors: npt.ArrayLike | None = None,
    labels: Sequence[Cell] | npt.NDArray[np.generic] | None = None,
    metadata: Sequence[Mapping[str, Cell]] | None = None,
    images: npt.ArrayLike | None = None,
    name: str = "arrays",
) -> Dataset:
    """Dataset of your own vectors and/or images, with labels of any kind and a dict per item.

    Your arrays are copied, so they stay yours. Items get the ids 0 .. n - 1. Vectors are rounded to float32; a
    warning says how many rows become equal by that.

    Parameters
    ----------
    vectors
        Shape (n, d), numbers, finite. Not a sparse matrix, and nothing masked.
    labels
        One per item: numbers or texts, not lists, dates or one-hot rows. Class names are the distinct values
        as text, in order (numbers by value, 1.0 is "1"); an item's label code is the place of its
        name in that list.
    metadata
        One dict per item. Columns are the union of the keys in order of appearance. A column of
        bools, integers or numbers keeps its type, where a number may be missing (NaN); any other
        column becomes text, missing values empty, and so do integers that would lose digits.
    images
        Shape (n, h, w) or (n, h, w, 3), integers in 0..255, at most 8192 pixels a side.
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
    name = fitting("name", name, str, DatasetError)
    float_vectors = None if vectors is None else _float_vectors(vectors)
    byte_images = None if images is None else _byte_images(images)
    label_list = None if labels is None else listed("labels", labels, "give a list, one label per item")
    item_dicts = None if metadata is None else listed("metadata", metadata, _METADATA_ADVICE)
    given = {"vectors": float_vectors, "images": byte_images, "labels": label_list, "metadata": item_dicts}
    lengths = {key: len(value) for key, value in given.items() if value is not None}
    n = next(iter(lengths.values()))
    if set(lengths.values()) != {n}:
        counts = ", ".join(f"{length} {key}" for key, length in lengths.items())
        raise DatasetError(f"lengths differ: {counts}; give one of each per item")
    codes, class_names = (None, ()) if label_list is None else label_codes(label_list)
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
        metadata={} if item_dicts is None else columns_of(item_dicts),
    )


_METADATA_ADVICE = "give a list of one dict per item, as a table's to_dict('records') does"


def _array(name: str, values: object) -> AnyArray:
    """The values as one array without gaps, not copied if they are one."""
    if hasattr(values, "nnz") and hasattr(values, "toarray"):
        raise DatasetError(f"{name} are a sparse matrix ({described(values)}); give {name}.toarray()")
    if isinstance(values, str | bytes | set | frozenset | Mapping):
        raise DatasetError(f"{name} must be one array of numbers, got {described(values)}")
    rows: Any = (
        values if isinstance(values, list | tuple) or (isinstance(values, np.ma.MaskedArray) and values.ndim) else []
    )
    masked = [row for row, part in enumerate(rows) if isinstance(part, np.ma.MaskedArray) and np.ma.is_masked(part)]
    if masked or np.ma.is_masked(values):
        where = f" in {rows_named(masked)}" if masked else ""
        raise DatasetError(f"{name} are masked{where}; fill the gaps, or leave those items out")
    try:
        return np.asarray(values)
    except Exception as error:  # whatever the array method of a foreign class raises
        raise DatasetError(f"{name} must be one array of numbers, rows of equal length: {error}") from error


def _float_vectors(values: object) -> Float32Array:
    array = _array("vectors", values)
    if array.ndim != 2 or array.dtype.kind not in "fiub":
        raise DatasetError(
            f"vectors must be numbers of shape (n, d), got {array.dtype} of shape {array.shape}"
            f"{_vector_advice(values, array)}"
        )
    vectors: Float32Array = _copied("vectors", array, np.float32)
    if not is_finite(vectors):
        raise DatasetError(
            f"vectors must be finite float32, but {not_finite(vectors, array)}; remove or scale those rows"
        )
    if fallen := _fallen_together(array, vectors):
        warnings.warn(
            f"{fallen:,} of {len(vectors):,} rows become equal to different ones when they are rounded to float32; "
            "take the mean off first: vectors - vectors.mean(axis=0)",
            stacklevel=3,
        )
    return vectors


def _vector_advice(values: object, array: AnyArray) -> str:
    """What would help: the end of a sentence."""
    if array.ndim == 1 and array.dtype.kind in "fiub":
        return "; for one number per item give vectors.reshape(-1, 1)"
    if not hasattr(values, "columns") or array.ndim != 2:
        return ""
    try:  # a table: of pandas, say
        texts = [str(name) for name, column in zip(values.columns, array.T, strict=True) if not _is_numbers(column)]
    except (TypeError, ValueError):
        return ""
    return f"; leave out the columns that hold no numbers: {', '.join(texts[:5])}{', ...' if len(texts) > 5 else ''}"


def _is_numbers(column: AnyArray) -> bool:
    return all(isinstance(value, int | float | np.number) for value in column)


def _copied(name: str, array: AnyArray, dtype: npt.DTypeLike) -> Any:
    check_memory(name, array.shape, dtype, DatasetError)
    try:
        with np.errstate(over="ignore", invalid="ignore"):  # what is too large becomes infinite, and is refused
            return np.array(array, dtype=dtype, order="C")
    except MemoryError as error:
        raise DatasetError(f"{name} do not fit into memory: {error}; give fewer") from error


def _fallen_together(array: AnyArray, vectors: Float32Array) -> int:
    """How many rows of `array` are different, but equal to another one when rounded to `vectors`."""
    kind, width = array.dtype.kind, array.dtype.itemsize
    if kind == "b" or width < (4 if kind in "iu" else 8):
        return 0  # float32 holds every value
    rounded = row_codes(vectors)
    sharing = np.flatnonzero(np.bincount(rounded, minlength=1)[rounded] > 1)
    exact = array[sharing].astype(np.float64) if kind == "f" else array[sharing]
    different = np.unique(np.stack([rounded[sharing], row_codes(exact)]), axis=1)[0]
    is_lossy = np.bincount(different, minlength=len(vectors)) > 1
    return int(is_lossy[rounded[sharing]].sum())


def _byte_images(values: object) -> UInt8Array:
    array = _array("images", values)
    if array.dtype.kind not in "iu" or array.ndim not in (3, 4) or (array.ndim == 4 and array.shape[3] != 3):
        raise DatasetError(
            f"images must be integers 0..255 of shape (n, h, w) or (n, h, w, 3), got {array.dtype} of shape "
            f"{array.shape}; scale, convert or reshape them first"
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
