"""The `Contents` value: fields of the user's files, with name, type and shape, known before values are loaded."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from embviz.arrays import AnyArray
from embviz.progress import Progress

Kind = Literal["column", "vectors", "images", "layout"]
"""Kind of the values of a field: one text or number; a row of numbers; pixels; 2 or 3 coordinates of a layout."""

Read = Callable[[slice, Progress], AnyArray]
"""Function that reads the values of a slice of rows; raises `DatasetError` with file, row and remedy if it cannot."""


@dataclass(frozen=True, eq=False, slots=True)
class Field:
    """A field in the user's files, with one value per item.

    It does not say what the field is used for: a column of numbers may hold labels or a coordinate, or be unused.

    Attributes
    ----------
    name
        The name in the file; unique among the fields of the same contents.
    kind
        The kind of the values.
    shape
        Shape of one value: () for a column, (d,) for vectors, (h, w) or (h, w, 3) for images, (2,) or (3,) for a
        layout.
    dtype
        Type of the array that `read` returns. For a column: text (``U``), bool, int64 or float64, with NaN where a
        value is missing. Else the type in the file, in the machine's byte order; decoded images are uint8.
    read
        Reads the values of a slice of rows.
    class_names
        Names of the classes 0, 1, ... of an integer column, where the files have them; else empty.
    numbers_rows
        Whether a column only numbers the rows, in any order, as the index does that pandas writes.
    """

    name: str
    kind: Kind
    shape: tuple[int, ...]
    dtype: np.dtype[np.generic]
    read: Read
    class_names: tuple[str, ...] = ()
    numbers_rows: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class Contents:
    """Fields that some files hold, known before values are loaded.

    Attributes
    ----------
    name
        Name for the dataset: that of the file or folder.
    n
        Number of items, >= 1.
    fields
        The fields, at least one.
    splits
        Name and first row of each split, as in `Dataset.splits`; empty where there are none.
    notes
        What a reader did that is worth knowing, one sentence each: what was left out, fitted, or guessed.
    n_whole
        Number of items in the whole data, if these are a sample; 0 if these are all.
    """

    name: str
    n: int
    fields: tuple[Field, ...]
    splits: tuple[tuple[str, int], ...] = ()
    notes: tuple[str, ...] = ()
    n_whole: int = 0


def known_column(name: str, values: AnyArray, class_names: tuple[str, ...] = ()) -> Field:
    """A column whose values are in memory already.

    Parameters
    ----------
    name, class_names
        As in `Field`.
    values
        Text, bool, int64 or float64, one per item; they are handed out as copies.

    Examples
    --------
    >>> from embviz.progress import no_progress
    >>> field = known_column("label", np.array([1, 0]), ("cat", "dog"))
    >>> field.read(slice(1, 2), no_progress).tolist()
    [0]
    """

    def read(rows: slice, progress: Progress) -> AnyArray:
        return values[rows].copy()

    return Field(name, "column", (), values.dtype, read, class_names)
