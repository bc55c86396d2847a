"""A dataset of the user's own vectors or images, given as arrays."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from embviz.arrays import AnyArray, Float32Array, Int64Array, UInt8Array
from embviz.dataset import Dataset
from embviz.errors import DatasetError

Cell = str | int | float | bool | None
"""What one field of an item's metadata may hold; None means the item has none."""


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
        One per item: integers or texts. Class names are the distinct values, sorted (numbers by
        value); an item's label code is the place of its name in that list.
    metadata
        One dict per item. Columns are the union of the keys in order of appearance; an item without
        a key has no value there.
    images
        Shape (n, h, w) or (n, h, w, 3), integers in 0..255.
    name
        Name to show.

    Raises
    ------
    DatasetError
        If neither vectors nor images are given, or lengths or values do not fit.

    Examples
    --------
    >>> made = dataset_from_arrays(vectors=[[0.0, 1.0], [2.0, 3.0]], labels=["seven", "one"],
    ...                            metadata=[{"writer": 4}, {"writer": 9}])
    >>> made.class_names, made.labels.tolist(), made.metadata["writer"].tolist()
    (('one', 'seven'), [1, 0], [4, 9])
    """
    if vectors is None and images is None:
        raise DatasetError("give vectors=, images= or both: a dataset needs something to lay out")
    given = {
        key: value
        for key, value in (("vectors", vectors), ("images", images), ("labels", labels), ("metadata", metadata))
        if value is not None
    }
    lengths = {
        key: len(np.asarray(value)) if key in ("vectors", "images") else len(value) for key, value in given.items()
    }  # type: ignore[arg-type]
    if len(set(lengths.values())) > 1:
        raise DatasetError(
            "lengths differ: "
            + ", ".join(f"{count} {key}" for key, count in lengths.items())
            + "; give one of each per item"
        )
    n = next(iter(lengths.values()))
    codes, class_names = _label_codes(labels) if labels is not None else (None, ())
    return Dataset(
        name=name,
        split="",
        ids=np.arange(n, dtype=np.int64),
        n_source=n,
        n_split=n,
        images=None if images is None else _byte_images(images),
        vectors=None if vectors is None else _float_vectors(vectors),
        labels=codes,
        class_names=class_names,
        metadata=_columns(metadata) if metadata is not None else {},
    )


def _float_vectors(values: npt.ArrayLike) -> Float32Array:
    array = np.asarray(values)
    if array.ndim != 2 or array.dtype.kind not in "fiub":
        raise DatasetError(f"vectors must be numbers of shape (n, d), got {array.dtype} of shape {array.shape}")
    with np.errstate(over="ignore"):  # a float64 too large for float32 becomes infinite, which Dataset refuses
        return np.array(array, dtype=np.float32, order="C")


def _byte_images(values: npt.ArrayLike) -> UInt8Array:
    array = np.asarray(values)
    if array.dtype.kind not in "iub" or array.ndim not in (3, 4) or (array.ndim == 4 and array.shape[3] != 3):
        raise DatasetError(
            f"images must be integers of shape (n, h, w) or (n, h, w, 3), got {array.dtype} of shape {array.shape}"
        )
    if array.size and not 0 <= array.min() <= array.max() <= 255:
        raise DatasetError(f"images must be in 0..255, got {array.min()}..{array.max()}; scale them first")
    return np.array(array, dtype=np.uint8, order="C")


def _label_codes(labels: Sequence[Cell] | AnyArray) -> tuple[Int64Array, tuple[str, ...]]:
    values = [value.item() if isinstance(value, np.generic) else value for value in labels]
    if any(value is None or value != value for value in values):
        raise DatasetError("labels must not be None or NaN; give every item a label, or leave labels out")
    numeric = all(isinstance(value, (int, float)) for value in values)
    distinct = sorted(set(values)) if numeric else sorted({str(value) for value in values})  # type: ignore[type-var]
    code_of = {value: code for code, value in enumerate(distinct)}
    codes = [code_of[value if numeric else str(value)] for value in values]
    return np.array(codes, dtype=np.int64), tuple(str(value) for value in distinct)


def _columns(metadata: Sequence[Mapping[str, Cell]]) -> dict[str, AnyArray]:
    names = list(dict.fromkeys(name for item in metadata for name in item))
    return {name: _column([item.get(name) for item in metadata]) for name in names}


def _column(cells: list[Cell]) -> AnyArray:
    """Numbers stay numbers (a missing one is NaN); anything else becomes text (a missing one is empty)."""
    present = [cell for cell in cells if cell is not None]
    if present and all(isinstance(cell, bool) for cell in present) and len(present) == len(cells):
        return np.array(cells, dtype=np.bool_)
    if present and all(isinstance(cell, (int, float, np.number)) and not isinstance(cell, bool) for cell in present):
        if len(present) == len(cells) and all(isinstance(cell, (int, np.integer)) for cell in present):
            return np.array(cells, dtype=np.int64)
        return np.array([np.nan if cell is None else cell for cell in cells], dtype=np.float64)
    return np.array(["" if cell is None else str(cell) for cell in cells], dtype=np.str_)
