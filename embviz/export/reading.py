"""Reading files of coordinates, bit for bit as they were written; invalid files are refused with the reason."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from embviz.arrays import BoolArray, Float32Array, Float64Array, Int64Array, is_finite, not_finite, rows_named
from embviz.checks.arguments import checked, path_of
from embviz.errors import InputError
from embviz.export.coordinates import coordinates_suffix
from embviz.storage.csv_text import read_csv
from embviz.storage.files import opened_file

if TYPE_CHECKING:
    import pyarrow

_HEADERS = (["id", "label", "x", "y"], ["id", "label", "x", "y", "z"])
_OF_PLACED = ["placed", "nearest_distance", "farther_share"]
_NUMBERS = "number as nearest_distance and farther_share"
_BOOLS = {"true": True, "false": False, "True": True, "False": False, "TRUE": True, "FALSE": False}
_ID = re.compile("[0-9]{1,19}")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


class Coordinates(NamedTuple):
    """The content of a file of coordinates, one row per item.

    Attributes
    ----------
    ids
        int64, shape (n,), >= 0. An id occurs at most once among the laid-out items, and once among the placed ones.
    labels
        Class name of each item; empty texts if the items have no labels.
    coords
        float32, shape (n, 2 or 3), finite.
    placed
        bool, shape (n,): true for items that were placed in the layout of the others, false for laid-out items. All are
        false in a file of `write_coordinates`.
    nearest_distances, farther_shares
        float64, shape (n,), as in `write_placed`; None for a file of `write_coordinates`.
    """

    ids: Int64Array
    labels: list[str]
    coords: Float32Array
    placed: BoolArray
    nearest_distances: Float64Array | None = None
    farther_shares: Float64Array | None = None


@checked()
def read_coordinates(path: str | Path) -> Coordinates:
    """Coordinates from a ``.csv`` or ``.parquet`` file, bit for bit as they were written.

    The file is one that `write_coordinates` or `write_placed` wrote. Another program may have saved it again, with
    a byte order mark, other line ends, blank lines at the end, or numbers of another type.

    Raises
    ------
    InputError
        If the suffix is another, the file cannot be read, its columns are not ``id, label, x, y[, z]`` with or without
        those of `write_placed` and ``index`` after them, an id or an index is not a whole number >= 0, an id occurs
        twice among the laid-out or the placed items, a label is not text, or a coordinate is missing or not finite.
    """
    file = path_of("path", path)
    suffix = coordinates_suffix(file)
    if suffix == ".npy":
        raise InputError(f"{file.name} holds coordinates alone; read it with numpy.load")
    try:
        with opened_file(file) as opened:
            data = opened.read()
        return _from_csv(data) if suffix == ".csv" else _from_parquet(data)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{file} is not a file of coordinates ({reason}); give one that embviz wrote") from error


def _from_csv(data: bytes) -> Coordinates:
    columns = read_csv(data.decode("utf-8-sig"))  # Excel writes a byte order mark first
    _check_header(list(columns))
    _refuse_rows((not _ID.fullmatch(cell) for cell in columns.pop("index", [])), "no whole number >= 0 as index")
    marks, *said = [columns.pop(name) for name in _OF_PLACED if name in columns] or [[]]
    ids, labels, *axes = columns.values()
    _refuse_rows((not _ID.fullmatch(cell) for cell in ids), "no whole number >= 0 as id")
    _refuse_rows((not all(map(_NUMBER.fullmatch, cells)) for cells in zip(*axes, strict=True)), "no numbers as x, y, z")
    _refuse_rows((mark not in _BOOLS for mark in marks), "neither true nor false as placed")
    _refuse_rows((not all(map(_NUMBER.fullmatch, cells)) for cells in zip(*said, strict=True)), f"no {_NUMBERS}")
    numbers = [[float(cell) for cell in cells] for cells in (*axes, *said)]
    coords, said_of_placed = numbers[: len(axes)], numbers[len(axes) :]
    return _coordinates(list(map(int, ids)), labels, coords, [_BOOLS[mark] for mark in marks], said_of_placed)


def _from_parquet(data: bytes) -> Coordinates:
    from pyarrow import ArrowException, BufferReader, parquet

    try:
        table = parquet.ParquetFile(BufferReader(data)).read()
        _check_header(table.column_names)
        _check_types(table)
        columns = {name: table.column(name).to_pylist() for name in table.column_names}
        positions = columns.pop("index", [])
        marks, *said = [columns.pop(name) for name in _OF_PLACED if name in columns] or [[]]
        ids, labels, *axes = columns.values()
    except ArrowException as error:
        raise ValueError(str(error)) from error
    _refuse_rows((None in cells for cells in zip(ids, *axes, strict=True)), "no id, x, y or z")
    _refuse_rows((position is None or position < 0 for position in positions), "no whole number >= 0 as index")
    _refuse_rows((None in cells for cells in zip(marks, *said, strict=True)), f"no placed, {_NUMBERS}")
    return _coordinates(ids, [label or "" for label in labels], axes, marks, said)


def _check_header(names: list[str]) -> None:
    own = names[:-1] if names[-1:] == ["index"] else names
    if (own[:-3] if own[-3:] == _OF_PLACED else own) not in _HEADERS:
        raise ValueError(f"its columns are {', '.join(names)!r:.80} and not id, label, x, y, perhaps z, perhaps index")


def _check_types(table: "pyarrow.Table") -> None:
    from pyarrow import types

    def is_text(kind: "pyarrow.DataType") -> bool:
        return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_null(kind))

    def is_number(kind: "pyarrow.DataType") -> bool:
        return bool(types.is_floating(kind) or types.is_integer(kind))

    fits = {"id": types.is_integer, "label": is_text, "index": types.is_integer, "placed": types.is_boolean}
    for field in table.schema:
        if not fits.get(field.name, is_number)(field.type):
            raise ValueError(f"its column {field.name} is of type {field.type!s:.60}")


def _refuse_rows(wrong: Iterable[bool], what: str) -> None:
    rows = [row for row, is_wrong in enumerate(wrong) if is_wrong]
    if rows:
        raise ValueError(f"{rows_named(rows)} {'has' if len(rows) == 1 else 'have'} {what}")


def _coordinates(
    ids: Sequence[int],
    labels: list[str],
    axes: Sequence[Sequence[float]],
    marks: Sequence[bool],
    said: Sequence[Sequence[float]],
) -> Coordinates:
    if not ids:
        raise ValueError("it has no rows")
    _refuse_rows((not 0 <= item < 2**63 for item in ids), "an id that is not in 0..2^63 - 1")
    placed = np.array(marks, np.bool_) if said else np.zeros(len(ids), np.bool_)
    both = np.column_stack([np.array(ids, np.int64), placed])
    first = set(np.unique(both, axis=0, return_index=True)[1].tolist())
    _refuse_rows((row not in first for row in range(len(ids))), "an id that occurred before")
    given = np.array(axes, np.float64).T
    with np.errstate(over="ignore"):  # too large numbers become infinite, and are refused
        coords = given.astype(np.float32, order="C")
    if not is_finite(coords):
        raise ValueError(not_finite(coords, given))
    return Coordinates(np.array(ids, np.int64), labels, coords, placed, *(np.array(each, np.float64) for each in said))
