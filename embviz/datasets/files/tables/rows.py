"""Cells and columns that together are one row of numbers per item: lists, lists as text, a series of columns."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from embviz.arrays import AnyArray, Float64Array, check_memory
from embviz.datasets.files.contents import Read
from embviz.datasets.files.tables.cells import number_type, stored_type, stored_values
from embviz.datasets.files.tables.table import Table
from embviz.errors import DatasetError
from embviz.progress import Progress

if TYPE_CHECKING:
    import pyarrow

_CUT = ("...", "…")
"""Marks that numpy writes in the place of numbers that it leaves out."""
_LOST = "[object Object]"
"""What JavaScript writes in the place of a vector that it could not write."""


def number_in(kind: "pyarrow.DataType") -> "np.dtype[Any] | None":
    """Numpy's type of the numbers in nested lists of type `kind`, or in plain values; None if they are not numbers."""
    import pyarrow

    while pyarrow.types.is_nested(kind) and not pyarrow.types.is_struct(kind) and kind.num_fields == 1:
        kind = stored_type(kind.value_type)
    return number_type(kind)


def shape_of(value: object) -> tuple[int, ...] | None:
    """Shape of nested lists; empty for a single value, None if lists side by side have different lengths.

    Examples
    --------
    >>> shape_of([[1, 2], [3, 4], [5, 6]]), shape_of([[1], [2, 3]])
    ((3, 2), None)
    """
    if not isinstance(value, list):
        return ()
    inside = {shape_of(each) for each in value}
    within = inside.pop() if len(inside) == 1 else () if not inside else None
    return None if within is None else (len(value), *within)


def rows_of_lists(
    table: Table, name: str, lengths: tuple[int, ...], shape: tuple[int, ...], dtype: "np.dtype[Any]"
) -> Read:
    """Function that reads nested lists of numbers, of these `lengths`, as one array of the given `shape` per row."""

    def numbers(batch: "pyarrow.RecordBatch", first: int) -> AnyArray:
        return _flat(f"{table.where}: column {name!r}", stored_values(batch.column(0)), lengths, first)

    return _read(table, [name], shape, dtype, numbers)


def is_list_of_numbers(text: str) -> bool:
    """Whether a text is one or several numbers in brackets, or was when numpy cut or JavaScript lost some of them.

    Examples
    --------
    >>> is_list_of_numbers("[0.5, -1.2]"), is_list_of_numbers("[0.5 ... 1]"), is_list_of_numbers("['Action', 'Drama']")
    (True, True, False)
    """
    inside = text.strip()
    if not inside.startswith("[") or inside == _LOST:
        return inside == _LOST
    for mark in (*_CUT, ","):
        inside = inside.replace(mark, " ")
    numbers = inside.removeprefix("[").removesuffix("]").split()
    try:
        return bool([float(number) for number in numbers])
    except ValueError:
        return False


def rows_of_texts(table: Table, name: str, example: str) -> tuple[int, Read]:
    """Count of numbers in a text such as ``[0.5, -1.2]``, and a function that reads a column of such texts.

    Raises
    ------
    DatasetError
        If the example is not such a text.
    """
    where = f"{table.where}: column {name!r}"
    length = len(_parsed(where, 0, example))

    def numbers(batch: "pyarrow.RecordBatch", first: int) -> AnyArray:
        found = np.empty((len(batch), length))
        for row, text in enumerate(stored_values(batch.column(0)).to_pylist()):
            parsed = _parsed(where, first + row, text or "")
            if len(parsed) != length:
                raise DatasetError(
                    f"{where}: row {first + row} has {len(parsed)} numbers, the first row {length}; "
                    "give rows of equal length"
                )
            found[row] = parsed
        return found

    return length, _read(table, [name], (length,), np.dtype(np.float64), numbers)


def rows_of_columns(table: Table, columns: Sequence[str], shape: tuple[int, ...], dtype: "np.dtype[Any]") -> Read:
    """Function that reads several columns of numbers as one array of the given `shape` per row."""

    def numbers(batch: "pyarrow.RecordBatch", first: int) -> AnyArray:
        found = np.empty((len(columns), len(batch)), dtype)
        for place, column in enumerate(columns):
            values = stored_values(batch.column(place))
            _check_whole(f"{table.where}: column {column!r}", values, first)
            found[place] = values.to_numpy(zero_copy_only=False)
        return found.T

    return _read(table, columns, shape, dtype, numbers)


def _read(table: Table, columns: Sequence[str], shape: tuple[int, ...], dtype: "np.dtype[Any]", numbers: Any) -> Read:
    def read(rows: slice, progress: Progress) -> AnyArray:
        start, stop, _ = rows.indices(table.n)
        check_memory(f"{table.where}: {columns[0]!r}", (stop - start, *shape), dtype, DatasetError)
        values: AnyArray = np.empty((stop - start, *shape), dtype)
        done = 0
        for batch in table.batches(columns, rows, progress):
            some = values[done : done + len(batch)]
            some[:] = numbers(batch, start + done).reshape(some.shape)
            done += len(batch)
        return values

    return read


def _flat(where: str, lists: "pyarrow.Array", lengths: tuple[int, ...], first: int) -> AnyArray:
    """The numbers of nested lists, in order; DatasetError if a list has another length than `lengths` say."""
    import pyarrow.compute

    per_row = 1
    for length in lengths:
        _check_whole(where, lists, first, per_row)
        found = pyarrow.compute.list_value_length(lists).to_numpy(zero_copy_only=False)
        if len(other := np.flatnonzero(found != length)):
            row = first + int(other[0]) // per_row
            raise DatasetError(
                f"{where}: row {row} has {found[other[0]]} numbers, the first row {length}; give rows of equal length"
            )
        lists, per_row = stored_values(lists.flatten()), per_row * length
    _check_whole(where, lists, first, per_row)
    numbers: AnyArray = lists.to_numpy(zero_copy_only=False)
    return numbers


def _check_whole(where: str, values: "pyarrow.Array", first: int, per_row: int = 1) -> None:
    if values.null_count:
        row = first + int(np.flatnonzero(values.is_null().to_numpy(zero_copy_only=False))[0]) // per_row
        raise DatasetError(f"{where}: row {row} lacks a number; fill it, or leave the row out")


def _parsed(where: str, row: int, text: str) -> Float64Array:
    inside = text.strip().removeprefix("[").removesuffix("]")
    if any(mark in inside for mark in _CUT):
        raise DatasetError(
            f"{where}: row {row} was cut by numpy when it was written as text ({text!r:.40}); save vectors with "
            "numpy.save, or as lists: [x.tolist() for x in vectors]"
        )
    try:
        return np.array(inside.replace(",", " ").split(), dtype=np.float64)
    except ValueError as error:
        raise DatasetError(f"{where}: row {row} is not a list of numbers ({text!r:.40}); give numbers alone") from error
