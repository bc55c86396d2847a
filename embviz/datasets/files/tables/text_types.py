"""Types of the columns of a text file: told by its beginning, widened where a later value does not fit."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from embviz.datasets.files.tables.series import series_of
from embviz.errors import DatasetError

if TYPE_CHECKING:
    import pyarrow

_SHARE_OF_NUMBERS = 0.9
"""Of the columns of a series: what is no number in the others is a mistake, and not text."""
_SHORT = 8
"""Characters of a number and what follows it, up to which float32 holds it."""
_ATTEMPTS = 3
"""Columns of other types than they began with, after which all are read as text first."""
_UNFIT = re.compile(r"In CSV column #(\d+): (?:Row #(\d+): )?CSV conversion error to \w+: invalid value '(.*)'", re.S)


@dataclass(frozen=True, slots=True)
class TextTypes:
    """How the columns are to be read.

    Attributes
    ----------
    names
        Of the columns.
    types
        Of each column, as Arrow calls them.
    series
        Places of the columns of each series.
    is_short
        Whether numbers have few digits, so that float32 holds them.
    unsettled
        Places of columns that are read as text, and are numbers if all of their cells are.
    """

    names: tuple[str, ...]
    types: "tuple[pyarrow.DataType, ...]"
    series: tuple[tuple[int, ...], ...]
    is_short: bool
    unsettled: frozenset[int]

    @property
    def by_name(self) -> "dict[str, pyarrow.DataType]":
        """The type of each column."""
        return dict(zip(self.names, self.types, strict=True))


def text_types(sample: "pyarrow.Table", n_characters: int) -> TextTypes:
    """The types by the first rows, which were written in so many characters."""
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
    is_short = n_characters <= _SHORT * sample.num_rows * len(names)
    for columns in series:
        narrow = _narrow_type(sample, columns, is_short)
        for place in columns:
            kinds[place] = narrow
    inside_any = {place for columns in series for place in columns}
    unsettled = {place for place, kind in enumerate(kinds) if pyarrow.types.is_null(kind)} - inside_any
    for place, kind in enumerate(kinds):
        if pyarrow.types.is_temporal(kind) or pyarrow.types.is_null(kind) or pyarrow.types.is_binary(kind):
            kinds[place] = pyarrow.string()
    return TextTypes(tuple(names), tuple(kinds), tuple(series), is_short, frozenset(unsettled))


def _narrow_type(sample: "pyarrow.Table", columns: Sequence[int], is_short: bool) -> "pyarrow.DataType":
    """The narrowest type that holds the numbers of a series, as far as they have been seen."""
    import pyarrow
    import pyarrow.compute

    if not all(pyarrow.types.is_integer(sample.schema.types[place]) for place in columns):
        return pyarrow.float32() if is_short else pyarrow.float64()
    ends = [pyarrow.compute.min_max(sample.column(place)) for place in columns]
    lowest = min(end["min"].as_py() or 0 for end in ends)
    highest = max(end["max"].as_py() or 0 for end in ends)
    if lowest >= 0 and highest <= 255:
        return pyarrow.uint8()
    return pyarrow.int32() if lowest >= -(2**31) and highest < 2**31 else pyarrow.float64()


def widened(where: str, types: TextTypes, problem: str) -> TextTypes | None:
    """Types that hold a value too that did not fit; None if the problem is another one.

    Parameters
    ----------
    where
        What to call the file in a message.
    types
        Those with which it was read.
    problem
        What Arrow said.

    Raises
    ------
    DatasetError
        If the value stands among numbers of a series and is none.
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
            f"{where}: {at}of column {types.names[place]!r} holds {value!r:.40}, which is no number as the other "
            "columns of its series hold; correct it, or leave the row out"
        )
    for each in inside:
        kinds[each] = pyarrow.float32() if types.is_short else pyarrow.float64()
    return replace(types, types=tuple(kinds))


def settled(types: TextTypes, table: "pyarrow.Table", decimal: str) -> "pyarrow.Table":
    """The table, with columns that were read as text as numbers if all of their cells are, or as nothing if empty."""
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
