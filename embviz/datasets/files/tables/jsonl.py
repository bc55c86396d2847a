"""Reader of tables of one JSON object per line, .jsonl: block by block, lists of numbers in narrow types."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from embviz.datasets.files.contents import Contents
from embviz.datasets.files.tables.cells import narrow_type, stored_type
from embviz.datasets.files.tables.columns import table_contents
from embviz.datasets.files.tables.rows import number_in
from embviz.datasets.files.tables.table import table_in_memory
from embviz.errors import DatasetError
from embviz.progress import Progress, no_progress
from embviz.storage.files import opened_file

if TYPE_CHECKING:
    import pyarrow

_BLOCK = 1 << 23
"""Bytes that are read at a time, and the longest line."""
_DEEPEST = 64
"""Deepest nesting of brackets: Arrow reads them by recursion, and 100,000 levels crash the process."""
_MARK = b"\xef\xbb\xbf"
_OPENING, _CLOSING = b"[{", b"]}"


def jsonl_contents(path: Path, *, progress: Progress = no_progress) -> Contents:
    """Contents of a file of one JSON object per line; lists of numbers are vectors.

    Raises
    ------
    DatasetError
        If it cannot be read, a line is not an object, or a value is of another type than in the lines before.
    """
    import pyarrow

    where = path.name
    tables = []
    n = 0
    for lines in _blocks(path, progress):
        table = _table(where, lines, n)
        n += len(table)
        if len(table):
            tables.append(_narrowed(table, len(lines)))
    if not n:
        raise DatasetError(f"{where} is empty; give one JSON object per line")
    try:
        whole = pyarrow.concat_tables(tables, promote_options="permissive")
    except (pyarrow.ArrowInvalid, pyarrow.ArrowTypeError) as error:
        raise DatasetError(
            f"{where} holds a value of another type further down ({error!s:.90}); give one type"
        ) from error
    return table_contents(table_in_memory(path.stem, where, whole))


def _blocks(path: Path, progress: Progress) -> Iterator[bytes]:
    """Whole lines, a few megabytes at a time."""
    where = path.name
    try:
        with opened_file(path) as file:
            size, done, rest = path.stat().st_size, 0, b""
            while piece := file.read(_BLOCK):
                progress(f"reading {where}", done, size)
                done += len(piece)
                rest += piece if done > len(piece) else piece.removeprefix(_MARK)
                end = rest.rfind(b"\n") + 1
                if end:
                    yield rest[:end]
                    rest = rest[end:]
                if len(rest) > _BLOCK:
                    raise DatasetError(f"{where} has a line of more than {_BLOCK >> 20} MB; give one object per line")
            if rest:
                yield rest
            progress(f"reading {where}", size, size)
    except OSError as error:
        raise DatasetError(f"cannot read {where}: {error.strerror or error}; give a file that you may read") from error


def _table(where: str, lines: bytes, first: int) -> "pyarrow.Table":
    import pyarrow
    from pyarrow import json

    if not lines.strip():
        return pyarrow.table({})
    try:
        lines.decode()
    except UnicodeDecodeError as error:
        row = first + lines[: error.start].count(b"\n")
        raise DatasetError(f"{where}: row {row} holds text that is not UTF-8; save the file as UTF-8") from error
    if lines.lstrip()[:1] != b"{":
        is_array = lines.lstrip()[:1] == b"["
        found = "is one JSON array" if is_array else "has a first line that is not a JSON object"
        raise DatasetError(
            f"{where} {found}; write one object per line: frame.to_json(path, orient='records', lines=True)"
        )
    if _depth(lines) > _DEEPEST:
        raise DatasetError(f"{where} has more than {_DEEPEST} brackets in one another; give flat objects")
    try:
        return json.read_json(
            BytesIO(lines), read_options=json.ReadOptions(use_threads=False, block_size=len(lines) + 1)
        )
    except pyarrow.ArrowInvalid as error:
        raise DatasetError(_problem(where, str(error), first)) from error


def _problem(where: str, said: str, first: int) -> str:
    """Message for what Arrow says about a line."""
    found = re.search(r"in row (\d+)", said)
    row = f"row {first + int(found[1])}" if found else "a row"
    if changed := re.search(r"Column\(/?(.*?)\) changed from (\w+) to (\w+)", said):
        column = f"column {changed[1]!r} holds" if changed[1] else "the line is"
        return f"{where}: {row}: {column} {changed[3]}, in the rows before {changed[2]}; give values of one type"
    if twice := re.search(r"Column\(/(.*?)\) was specified twice", said):
        return f"{where}: {row} has two values called {twice[1]!r}; give each its own name"
    reason = said.removeprefix("JSON parse error: ").partition(" in row")[0]
    return f"{where}: {row} is not a JSON object ({reason:.80}); give one object per line"


def _depth(lines: bytes) -> int:
    """Deepest nesting of brackets in any line; brackets in texts count, too."""
    codes = np.frombuffer(lines, np.uint8)
    change = np.isin(codes, list(_OPENING)).astype(np.int32)
    change -= np.isin(codes, list(_CLOSING))
    depth = np.cumsum(change, dtype=np.int32)
    ends = np.flatnonzero(codes == ord("\n"))
    starts = np.concatenate([[0], ends[:-1] + 1]) if len(ends) else np.array([0])
    before = np.concatenate([[0], depth[starts[1:] - 1]])
    return int((np.maximum.reduceat(depth, starts) - before).max())


def _narrowed(table: "pyarrow.Table", n_characters: int) -> "pyarrow.Table":
    """The table with lists of numbers in narrow types: Arrow gives every number eight bytes."""
    import pyarrow

    for place, field in enumerate(table.schema):
        numbers = number_in(field.type)
        if numbers is None or not pyarrow.types.is_list(field.type):
            continue
        column = table.column(place)
        flat = column.combine_chunks()
        while pyarrow.types.is_list(flat.type):
            flat = flat.flatten()
        narrow = narrow_type([flat], n_characters / max(len(flat), 1))
        table = table.set_column(place, field.name, column.cast(_with_numbers(field.type, narrow)))
    return table


def _with_numbers(kind: "pyarrow.DataType", numbers: "pyarrow.DataType") -> "pyarrow.DataType":
    """The type of nested lists `kind`, but with `numbers` as the type of the numbers in them."""
    import pyarrow

    is_list = pyarrow.types.is_list(kind)
    return pyarrow.list_(_with_numbers(stored_type(kind.value_type), numbers)) if is_list else numbers
