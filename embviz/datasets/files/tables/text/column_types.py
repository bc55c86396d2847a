"""Types of the columns of a text file: told by its beginning, widened where a later value does not fit."""

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from embviz.datasets.files.tables.cells import float_type, narrow_type
from embviz.datasets.files.tables.series import series_of
from embviz.errors import DatasetError

if TYPE_CHECKING:
    import pyarrow

_SHARE_OF_NUMBERS = 0.9
"""Least share of a series' columns that are numbers; text in its other columns is then taken for a mistake."""
_ATTEMPTS = 3
"""Most columns that turn out to be of another type; if there are more, all columns are read as text first."""
_UNFIT = re.compile(r"In CSV column #(\d+): (?:Row #(\d+): )?CSV conversion error to \w+: invalid value '(.*)'", re.S)


@dataclass(frozen=True, slots=True)
class TextTypes:
    """Types in which the columns of a text file are to be read.

    Attributes
    ----------
    names
        Names of the columns.
    types
        Arrow's type of each column.
    series
        Indices of the columns of each series.
    n_characters
        Average number of characters of a cell, with the separator after it.
    unsettled
        Indices of columns that are read as text, and are numbers if all of their cells are.
    """

    names: tuple[str, ...]
    types: "tuple[pyarrow.DataType, ...]"
    series: tuple[tuple[int, ...], ...]
    n_characters: float
    unsettled: frozenset[int]

    @property
    def by_name(self) -> "dict[str, pyarrow.DataType]":
        """The type of each column."""
        return dict(zip(self.names, self.types, strict=True))


def text_types(sample: "pyarrow.Table", n_characters: int) -> TextTypes:
    """Types of the columns, told by a sample: the first rows, whose text has `n_characters` in all."""
    import pyarrow

    names = sample.column_names
    places = {name: place for place, name in enumerate(names)}
    kinds = list(sample.schema.types)
    series = []
    for each in series_of(names):
        inside = tuple(places[name] for name in each.columns)
        n_numbers = sum(not pyarrow.types.is_string(kinds[place]) for place in inside)
        if n_numbers >= _SHARE_OF_NUMBERS * len(inside):
            series.append(inside)
    per_cell = n_characters / (sample.num_rows * len(names)) if sample.num_rows else 0.0
    for columns in series:
        narrow = narrow_type([sample.column(place) for place in columns], per_cell)
        for place in columns:
            kinds[place] = narrow
    inside_any = {place for columns in series for place in columns}
    unsettled = {place for place, kind in enumerate(kinds) if pyarrow.types.is_null(kind)} - inside_any
    for place, kind in enumerate(kinds):
        if pyarrow.types.is_temporal(kind) or pyarrow.types.is_null(kind) or pyarrow.types.is_binary(kind):
            kinds[place] = pyarrow.string()
    return TextTypes(tuple(names), tuple(kinds), tuple(series), per_cell, frozenset(unsettled))


def widened(where: str, types: TextTypes, problem: str) -> TextTypes | None:
    """Types that also hold the value that did not fit; None if `problem` is not about such a value.

    Parameters
    ----------
    where
        Name of the file in messages.
    types
        Types with which the file was read.
    problem
        Message of Arrow.

    Raises
    ------
    DatasetError
        If the value stands among the numbers of a series and is not a number.
    """
    import pyarrow

    found = _UNFIT.search(problem)
    if not found:
        return None
    place, row, value = int(found[1]), found[2], found[3]
    kinds = list(types.types)
    inside = next((columns for columns in types.series if place in columns), None)
    if inside is None:
        unsettled = {*types.unsettled, place}
        if len(unsettled) > _ATTEMPTS:
            loose = {other for other, kind in enumerate(kinds) if not pyarrow.types.is_string(kind)}
            unsettled |= loose.difference(*types.series)
        for each in unsettled:
            kinds[each] = pyarrow.string()
        return replace(types, types=tuple(kinds), unsettled=frozenset(unsettled))
    if pyarrow.types.is_floating(kinds[place]):
        at = f"line {row} " if row else ""
        raise DatasetError(
            f"{where}: {at}of column {types.names[place]!r} holds {value!r:.40}, not a number as the other "
            "columns of its series; correct it, or leave the row out"
        )
    for each in inside:
        kinds[each] = float_type(types.n_characters)
    return replace(types, types=tuple(kinds))


def settled(types: TextTypes, table: "pyarrow.Table", decimal: str) -> "pyarrow.Table":
    """The table, where columns that were read as text become numbers if all of their cells are, or null if empty."""
    for place in sorted(types.unsettled):
        table = table.set_column(place, types.names[place], _settled(table.column(place), decimal))
    return table


def _settled(texts: "pyarrow.ChunkedArray", decimal: str) -> "pyarrow.ChunkedArray":
    import pyarrow
    import pyarrow.compute

    cells = pyarrow.compute.utf8_trim_whitespace(texts)
    if decimal == ",":
        cells = pyarrow.compute.replace_substring(cells, ",", ".")
    is_empty = pyarrow.compute.is_in(cells, value_set=pyarrow.array(["", "NA", "NaN", "nan", "null", "NULL", "n/a"]))
    cells = pyarrow.compute.if_else(is_empty, pyarrow.scalar(None, pyarrow.string()), cells)
    if cells.null_count == len(cells):
        return pyarrow.chunked_array([pyarrow.nulls(len(cells))])
    for kind in (pyarrow.int64(), pyarrow.float64()):
        try:
            return cells.cast(kind)
        except pyarrow.ArrowInvalid:
            continue
    return texts
