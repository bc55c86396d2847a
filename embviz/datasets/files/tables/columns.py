"""Fields of a table: what each of its columns holds, told by its type and its first values."""

import math
from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from embviz.arrays import AnyArray
from embviz.datasets.files.arrays.npy import CHANNELS
from embviz.datasets.files.contents import Contents, Field, Kind
from embviz.datasets.files.tables.cells import (
    MOST_CHARACTERS,
    column_type,
    column_values,
    is_text,
    number_type,
    stored_type,
    stored_values,
)
from embviz.datasets.files.tables.encoded import encoded_images, holds_bytes
from embviz.datasets.files.tables.rows import (
    is_list_of_numbers,
    number_in,
    rows_of_columns,
    rows_of_lists,
    rows_of_texts,
    shape_of,
)
from embviz.datasets.files.tables.series import Series, series_of
from embviz.datasets.files.tables.table import Table
from embviz.datasets.files.uses.usual_names import is_layout_name
from embviz.errors import DatasetError
from embviz.progress import Progress, no_progress

if TYPE_CHECKING:
    pass

_FIRST_ROWS = 64
_INDEX_NAMES = ("", "unnamed: 0", "__index_level_0__", "column 0")
"""Names of a column that numbers the rows, if it has no number twice: pandas writes its index without a name."""
_COUNTING_NAMES = (*_INDEX_NAMES, "index")
"""Usual names of a column that only counts the rows."""


def table_contents(table: Table, notes: Sequence[str] = (), *, progress: Progress = no_progress) -> Contents:
    """Contents of a table: columns, and vectors or images where a cell or a series of columns holds one.

    Raises
    ------
    DatasetError
        If the table holds nothing that can be shown.
    """
    said = list(notes)
    fields: list[Field] = []
    for is_number, group in groupby(table.types, lambda name: number_type(table.types[name]) is not None):
        names = list(group)
        series = {each.columns[0]: each for each in (_series(table, names) if is_number else [])}
        inside = {column for each in series.values() for column in each.columns}
        for name in names:
            if name in series:
                fields.append(_series_field(table, series[name]))
            elif name not in inside:
                field = _image_field(table, name, said, progress) or _field(table, name)
                if isinstance(field, Field):
                    fields.append(field)
                    said += _long_texts(table, field)
                else:
                    said.append(f"Column {name!r} {field} and was left out.")
    if not fields:
        raise DatasetError(f"{table.where} holds nothing that can be shown; give a table with columns of numbers")
    return Contents(name=table.name, n=table.n, fields=tuple(fields), notes=tuple(said))


def _series(table: Table, names: Sequence[str]) -> list[Series]:
    """The series of numeric columns that are one field together, such as ``pixel0``, ``pixel1``, or ``x`` and ``y``.

    ``x`` and ``y`` are taken for a layout only if they are no whole numbers, which are more often places in a grid.
    """

    def is_whole(name: str) -> bool:
        kind = number_type(table.types[name])
        return kind is not None and kind.kind != "f"

    return [each for each in series_of(names) if each.columns[0].lower() != "x" or not any(map(is_whole, each.columns))]


def _series_field(table: Table, series: Series) -> Field:
    types = [number_type(table.types[name]) for name in series.columns]
    dtype = np.result_type(*(each for each in types if each is not None))
    return Field(
        series.name, series.kind, series.shape, dtype, rows_of_columns(table, series.columns, series.shape, dtype)
    )


def _image_field(table: Table, name: str, notes: list[str], progress: Progress) -> Field | None:
    found = encoded_images(table, name, progress) if holds_bytes(stored_type(table.types[name])) else None
    if found is None:
        return None
    notes += found[1]
    return found[0]


def _field(table: Table, name: str) -> Field | str:
    """The field of one column, or words that say why it cannot be shown."""
    import pyarrow

    kind = stored_type(table.types[name])
    if pyarrow.types.is_null(kind):
        return "is empty"
    if _counts_rows(table, name):
        return "counts the rows"
    if (numbers := number_in(kind)) is not None and pyarrow.types.is_nested(kind):
        return _list_field(table, name, numbers)
    if is_text(kind) and (example := _first_value(table, name)) and is_list_of_numbers(example):
        length, read = rows_of_texts(table, name, example)
        return Field(name, _kind(name, (length,), True), (length,), np.dtype(np.float64), read)
    dtype = column_type(table, name)
    if dtype is None:
        return f"holds {kind!s:.60}, which cannot be shown,"
    read, class_names = column_values(table, name, dtype), table.class_names.get(name, ())
    return Field(name, "column", (), dtype, read, class_names, _numbers_rows(table, name))


def _list_field(table: Table, name: str, numbers: "np.dtype[Any]") -> Field | str:
    import pyarrow

    example = _first_value(table, name)
    if not example:
        return "holds no numbers in the first rows"
    kind = table.types[name]
    is_tensor = isinstance(kind, pyarrow.FixedShapeTensorType)  # stored as one flat list
    lengths = shape_of(example)
    if lengths is None or not math.prod(lengths):
        return "holds lists of different lengths"
    shape = tuple(kind.shape) if is_tensor else lengths
    use = _kind(name, shape, numbers.kind == "f")
    if use == "vectors":
        shape = (math.prod(shape),)
    return Field(name, use, shape, numbers, rows_of_lists(table, name, lengths, shape, numbers))


def _kind(name: str, shape: tuple[int, ...], is_float: bool) -> Kind:
    if len(shape) == 1:
        return "layout" if shape[0] in (2, 3) and is_float and is_layout_name(name) else "vectors"
    is_image = len(shape) == 2 or (len(shape) == 3 and bool({shape[0], shape[2]} & set(CHANNELS)))
    return "images" if is_image else "vectors"


def _first_value(table: Table, name: str) -> Any:
    """The first value that is not missing among the first 64 rows; None if all are."""
    for batch in table.batches([name], slice(0, _FIRST_ROWS), no_progress):
        values = stored_values(batch.column(0)).drop_null()
        if len(values):
            try:
                return values[0].as_py()
            except UnicodeDecodeError as error:
                raise DatasetError(f"{table.where}: the texts in {name!r} are not UTF-8; save them as UTF-8") from error
    return None


def _counts_rows(table: Table, name: str) -> bool:
    """Whether a column is 0, 1, 2, ... or 1, 2, 3, ... and has the name of one that only counts the rows.

    Without a header, 1, 2, 3, ... may be values like any other.
    """
    if name.lower() not in _COUNTING_NAMES or (numbers := _whole_numbers(table, name)) is None:
        return False
    first = int(numbers[0])
    return first in ((0,) if _has_no_header(table) else (0, 1)) and np.array_equal(
        numbers, np.arange(first, first + len(numbers))
    )


def _numbers_rows(table: Table, name: str) -> bool:
    """Whether a column has the name of an index and a whole number of its own in each row, in any order."""
    if name.lower() not in _INDEX_NAMES or _has_no_header(table):
        return False
    numbers = _whole_numbers(table, name)
    return numbers is not None and len(np.unique(numbers)) == len(numbers)


def _has_no_header(table: Table) -> bool:
    return list(table.types) == [f"column {place}" for place in range(len(table.types))]


def _whole_numbers(table: Table, name: str) -> AnyArray | None:
    """The values of a column; None if they are not whole numbers, or some are missing."""
    import pyarrow

    if not pyarrow.types.is_integer(table.types[name]):
        return None
    columns = [batch.column(0) for batch in table.batches([name], slice(None), no_progress)]
    if any(column.null_count for column in columns):
        return None
    return np.concatenate([column.to_numpy() for column in columns])


def _long_texts(table: Table, field: Field) -> list[str]:
    """A note on a column whose texts are cut; empty for others."""
    import pyarrow.compute

    if field.kind != "column" or not is_text(stored_type(table.types[field.name])):
        return []
    for batch in table.batches([field.name], slice(None), no_progress):
        lengths = pyarrow.compute.utf8_length(stored_values(batch.column(0)))
        if (pyarrow.compute.max(lengths).as_py() or 0) > MOST_CHARACTERS:
            return [f"Column {field.name!r}: texts are kept up to {MOST_CHARACTERS} characters."]
    return []
