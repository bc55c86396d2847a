"""Values of a column, one per row, of the few types that a column of a dataset may have."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from embviz.arrays import AnyArray, check_memory
from embviz.datasets.files.contents import Read
from embviz.datasets.files.tables.table import Table
from embviz.errors import DatasetError
from embviz.progress import Progress, no_progress

if TYPE_CHECKING:
    import pyarrow

MOST_CHARACTERS = 300
"""Most characters of a text that are kept: numpy gives every text of a column the room of the longest."""

_EXACT_IN_FLOAT64 = 2**53
_SHORT = 8
"""Most characters of a number, with the separator after it, for which float32 is used."""


def stored_type(kind: "pyarrow.DataType") -> "pyarrow.DataType":
    """Type of the values themselves: that of the categories of a dictionary, or the storage of an extension type."""
    import pyarrow

    if isinstance(kind, pyarrow.BaseExtensionType):
        return stored_type(kind.storage_type)
    return stored_type(kind.value_type) if pyarrow.types.is_dictionary(kind) else kind


def stored_values(values: "pyarrow.Array") -> "pyarrow.Array":
    """The values themselves, of the type that `stored_type` gives."""
    import pyarrow

    if isinstance(values.type, pyarrow.BaseExtensionType):
        return stored_values(values.storage)
    return stored_values(values.dictionary_decode()) if pyarrow.types.is_dictionary(values.type) else values


def number_type(kind: "pyarrow.DataType") -> "np.dtype[Any] | None":
    """Numpy's type for an Arrow type of numbers; None for other types.

    Examples
    --------
    >>> import pyarrow
    >>> number_type(pyarrow.float16()), number_type(pyarrow.string())
    (dtype('float16'), None)
    """
    import pyarrow

    is_number = pyarrow.types.is_integer(kind) or pyarrow.types.is_floating(kind)
    return np.dtype(kind.to_pandas_dtype()) if is_number else None


def narrow_type(columns: "Sequence[pyarrow.Array | pyarrow.ChunkedArray]", n_characters: float) -> "pyarrow.DataType":
    """The narrowest type that holds the numbers of all columns, written in `n_characters` each."""
    import pyarrow
    import pyarrow.compute

    if not all(pyarrow.types.is_integer(column.type) for column in columns):
        return float_type(n_characters)
    ends = [pyarrow.compute.min_max(column) for column in columns]
    lowest = min(end["min"].as_py() or 0 for end in ends)
    highest = max(end["max"].as_py() or 0 for end in ends)
    if lowest >= 0 and highest <= 255:
        return pyarrow.uint8()
    return pyarrow.int32() if lowest >= -(2**31) and highest < 2**31 else pyarrow.float64()


def float_type(n_characters: float) -> "pyarrow.DataType":
    """The floating type that holds numbers written in `n_characters`."""
    import pyarrow

    return pyarrow.float32() if n_characters <= _SHORT else pyarrow.float64()


def is_text(kind: "pyarrow.DataType") -> bool:
    """Whether an Arrow type is a string type."""
    import pyarrow

    return bool(
        pyarrow.types.is_string(kind) or pyarrow.types.is_large_string(kind) or pyarrow.types.is_string_view(kind)
    )


def column_type(table: Table, name: str) -> "np.dtype[Any] | None":
    """Type in which `column_values` reads a column; None if its cells are not single values.

    Whole numbers with gaps become float64, or text if float64 does not hold them exactly. Whole numbers without gaps
    become text if they are too large for int64.
    """
    import pyarrow

    kind = stored_type(table.types[name])
    if pyarrow.types.is_boolean(kind):
        return np.dtype(np.str_ if table.has_nulls(name) else np.bool_)
    if pyarrow.types.is_integer(kind):
        has_gaps = table.has_nulls(name)
        limit = _EXACT_IN_FLOAT64 if has_gaps else 2**63 - 1
        if (has_gaps or kind == pyarrow.uint64()) and _largest(table, name) > limit:
            return np.dtype(np.str_)
        return np.dtype(np.float64 if has_gaps else np.int64)
    if pyarrow.types.is_floating(kind) or pyarrow.types.is_decimal(kind):
        return np.dtype(np.float64)
    return np.dtype(np.str_) if is_text(kind) or pyarrow.types.is_temporal(kind) else None


def _largest(table: Table, name: str) -> int:
    """Largest absolute value of a column of whole numbers; 0 if it has no values."""
    import pyarrow.compute

    largest = 0
    for batch in table.batches([name], slice(None), no_progress):
        ends = pyarrow.compute.min_max(stored_values(batch.column(0)))
        largest = max([largest, *(abs(end.as_py()) for end in ends.values() if end.is_valid)])
    return largest


def column_values(table: Table, name: str, dtype: "np.dtype[Any]") -> Read:
    """Function that reads a column as `dtype`: gaps are NaN among numbers, and empty among texts."""

    def read(rows: slice, progress: Progress) -> AnyArray:
        first, _, _ = rows.indices(table.n)
        parts: list[AnyArray] = []
        for batch in table.batches([name], rows, progress):
            values = stored_values(batch.column(0))
            parts.append(_texts(table, name, values, first) if dtype.kind == "U" else _numbers(values, dtype))
            first += len(batch)
        if dtype.kind == "U":
            width = max((part.dtype.itemsize // 4 for part in parts), default=1)
            check_memory(f"{table.where}: column {name!r}", (table.n, width), np.str_, DatasetError)
        return np.concatenate(parts) if parts else np.empty(0, dtype)

    return read


def _numbers(values: "pyarrow.Array", dtype: "np.dtype[Any]") -> AnyArray:
    import pyarrow

    wanted = pyarrow.from_numpy_dtype(dtype)
    if values.type != wanted:
        values = values.cast(wanted, safe=False)
    numbers: AnyArray = values.to_numpy(zero_copy_only=False)
    return numbers.astype(dtype, copy=False)


def _texts(table: Table, name: str, values: "pyarrow.Array", first: int) -> AnyArray:
    import pyarrow
    import pyarrow.compute

    if pyarrow.types.is_boolean(values.type):
        values = pyarrow.compute.if_else(values, "True", "False")
    try:
        texts = values.cast(pyarrow.large_string())
        texts = pyarrow.compute.utf8_slice_codeunits(texts.fill_null(""), 0, MOST_CHARACTERS)
        cells = texts.to_pylist()
    except (pyarrow.ArrowException, UnicodeDecodeError) as error:
        raise DatasetError(
            f"{table.where}: column {name!r} has text that is not UTF-8 in rows {first} to {first + len(values) - 1}; "
            "save the file as UTF-8"
        ) from error
    bad = next((row for row, cell in enumerate(cells) if cell.endswith("\0")), None)
    if bad is not None:
        where = f"{table.where}: row {first + bad} of column {name!r}"
        raise DatasetError(f"{where} ends in a NUL character, which numpy drops; take it off")
    return np.array(cells, dtype=np.str_)
