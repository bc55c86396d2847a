"""The metadata of a projector config: one line per item, with or without a header."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from embviz.arrays import AnyArray, check_memory
from embviz.datasets.files.opened import opened
from embviz.errors import DatasetError

if TYPE_CHECKING:
    import pyarrow

_BOM = b"\xef\xbb\xbf"
_WHOLE = r"^ *(-?[1-9][0-9]{0,17}|0)$"
_NUMBER = r"^ *[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?$"
_NO_NUMBER = r"^(|nan|NaN|-?inf|-?Infinity)$"
_CODE = r"^0[0-9]|^-?[0-9]{16,}$"
"""Codes that stay text: as a number, a postal code would lose its first zero, and a long code its last digits."""
_BLOCK = 2**22
_ROWS = 2**14


@dataclass(frozen=True, slots=True)
class Metadata:
    """A table of texts.

    Attributes
    ----------
    columns
        Columns of texts by name, all of one length.
    notes
        What was guessed, in words.
    """

    columns: "dict[str, pyarrow.ChunkedArray]"
    notes: tuple[str, ...] = ()


def metadata_of(path: Path, n: int) -> Metadata:
    """The columns of a metadata file of `n` items.

    A first line is a header if there is one line more than items. Blank lines are ignored if there are enough
    lines without them. Otherwise, in a file of one column, each blank line is an item without a label. Several columns
    without a header, and a single column with one, are read, although TensorBoard does not read them.

    Raises
    ------
    DatasetError
        If the lines are not as many as the items, a line has another number of cells than the first, or the text is
        not UTF-8.
    """
    lines = _lines(path)
    header, keeps_blank = _layout(path, lines, n)
    names, notes = _names(path, lines.first, header)
    columns = _texts(path, names, header, keeps_blank, max(_BLOCK, 2 * lines.longest))
    if keeps_blank:  # blank lines at the end of the file are not items
        columns = {name: texts[:n] for name, texts in columns.items()}
    if len(columns[names[0]]) != n:
        raise DatasetError(f"{path} has {len(columns[names[0]]):,} lines for {n:,} items; give each item one line")
    if keeps_blank and lines.blank:
        notes.append(f"{lines.blank:,} blank lines of {path.name} are items without a label")
    return Metadata(columns, tuple(notes))


@dataclass(frozen=True, slots=True)
class _Lines:
    """Lines of a file up to the last with text: first one with text, counts of all and of blank ones, longest."""

    first: bytes
    total: int
    blank: int
    longest: int


def _lines(path: Path) -> _Lines:
    first, total, blank, waiting, longest = b"", 0, 0, 0, 0
    with opened(path) as file:
        for line in file:
            if not line.strip(b"\r\n"):
                waiting += 1
                continue
            if not total:
                first = line.rstrip(b"\r\n")
            total, blank, waiting = total + waiting + 1, blank + waiting, 0
            longest = max(longest, len(line))
    return _Lines(first.removeprefix(_BOM), total, blank, longest)


def _layout(path: Path, lines: _Lines, n: int) -> tuple[bool, bool]:
    """Whether the first line is a header, and whether blank lines are items."""
    filled = lines.total - lines.blank
    for count, keeps_blank in ((filled, False), *(((lines.total, True),) if b"\t" not in lines.first else ())):
        if count - n in (0, 1):
            return count == n + 1, keeps_blank
    raise DatasetError(
        f"{path} has {filled:,} lines for {n:,} items; give each item one line, and a header before them if you like"
    )


def _names(path: Path, first: bytes, has_header: bool) -> tuple[list[str], list[str]]:
    cells = first.split(b"\t")
    several = len(cells) > 1
    if not has_header:
        named = [f"column {number}" for number in range(1, len(cells) + 1)] if several else ["label"]
        note = f"{path.name} has no header, so its columns are called {named[0]} to {named[-1]}"
        return named, [note] if several else []
    try:
        given = [cell.decode().strip() for cell in cells]
    except UnicodeDecodeError as error:
        raise _not_utf8(path, 0) from error
    names = _each_once([name or f"column {number}" for number, name in enumerate(given, 1)])
    notes = [f"the first line of {path.name}, {names[0]!r:.60}, is its header"] if not several else []
    renamed = [f"{old!r:.40} is called {new!r:.40}" for old, new in zip(given, names, strict=True) if old != new]
    return names, [*notes, *(f"in {path.name} a column {each}" for each in renamed[:3])]


def _each_once(names: Sequence[str]) -> list[str]:
    """The names, made unique: a repeated name gets a number, as in ``size_2``."""
    taken: dict[str, None] = {}
    last: dict[str, int] = {}
    for name in names:
        free = name
        while free in taken:
            last[name] = last.get(name, 1) + 1
            free = f"{name}_{last[name]}"
        taken[free] = None
    return list(taken)


def _texts(
    path: Path, names: Sequence[str], has_header: bool, keeps_blank: bool, block_size: int
) -> "dict[str, pyarrow.ChunkedArray]":
    from pyarrow import ArrowInvalid, csv, string

    wrong: list[Any] = []

    def noted(row: Any) -> str:
        wrong.append(row)
        return "error"

    keys = [str(number) for number in range(len(names))]
    with opened(path) as file:
        try:
            table = csv.read_csv(
                file,
                csv.ReadOptions(column_names=keys, skip_rows=int(has_header), use_threads=False, block_size=block_size),
                csv.ParseOptions(
                    delimiter="\t",
                    quote_char=False,
                    double_quote=False,
                    ignore_empty_lines=not keeps_blank,
                    invalid_row_handler=noted,
                ),
                csv.ConvertOptions(column_types=dict.fromkeys(keys, string()), strings_can_be_null=False),
            )
        except ArrowInvalid as error:
            if wrong:
                raise DatasetError(
                    f"{path}: the line {wrong[0].text!r:.60} has {wrong[0].actual_columns} cells, "
                    f"expected {len(names)}; give each line as many, with tabs between"
                ) from error
            line = _first_not_utf8(path)
            if line is not None:
                raise _not_utf8(path, line) from error
            raise DatasetError(f"{path} is not a table of texts ({error!s:.80}); write it again") from error
    return {name: table.column(key) for name, key in zip(names, keys, strict=True)}


def _not_utf8(path: Path, line: int) -> DatasetError:
    return DatasetError(f"{path}: line {line} is not UTF-8; save the file in that encoding")


def _first_not_utf8(path: Path) -> int | None:
    with opened(path) as file:
        for number, line in enumerate(file):
            try:
                line.decode()
            except UnicodeDecodeError:
                return number
    return None


def column_dtype(texts: "pyarrow.ChunkedArray") -> np.dtype[np.generic]:
    """The narrowest type that keeps all of a column: whole numbers, bool, numbers (NaN in gaps), or texts.

    Examples
    --------
    >>> import pyarrow
    >>> [column_dtype(pyarrow.array(texts)).name for texts in (["7", "10"], ["True"], ["1.5", ""], ["007", "10"])]
    ['int64', 'bool', 'float64', 'str96']
    """
    from pyarrow import compute

    def matching(pattern: str) -> "pyarrow.BooleanArray":
        return compute.match_substring_regex(texts, pattern)

    def are_all(pattern: str) -> bool:
        return bool(compute.all(matching(pattern)).as_py())

    if are_all(_WHOLE):
        return np.dtype(np.int64)
    if are_all("^(True|False)$"):
        return np.dtype(np.bool_)
    is_number = compute.or_(matching(_NUMBER), matching(_NO_NUMBER))
    if (
        compute.all(is_number).as_py()
        and compute.any(matching(_NUMBER)).as_py()
        and not compute.any(matching(_CODE)).as_py()
    ):
        return np.dtype(np.float64)
    return text_dtype(texts)


def text_dtype(texts: "pyarrow.ChunkedArray") -> np.dtype[np.generic]:
    """Numpy's type of texts that are as long as the longest of these."""
    from pyarrow import compute

    return np.dtype((np.str_, max(1, compute.max(compute.utf8_length(texts)).as_py())))


def column_values(name: str, texts: "pyarrow.ChunkedArray", dtype: np.dtype[np.generic]) -> AnyArray:
    """The values of a column, or of some rows, as `dtype`: from an export, or `column_dtype` of the whole column.

    Raises
    ------
    DatasetError
        If a cell is not of this type, or texts would not fit into memory.

    Examples
    --------
    >>> import pyarrow
    >>> column_values("size", pyarrow.array(["1.5", ""]), np.dtype(np.float64)).tolist()
    [1.5, nan]
    """
    from pyarrow import ArrowInvalid, array, compute, float64, int8, int64

    if dtype.kind == "U":
        check_memory(f"column {name!r:.60}", (len(texts), dtype.itemsize // 4), np.str_, DatasetError)
        values = np.empty(len(texts), dtype)
        for start in range(0, len(texts), _ROWS):
            values[start : start + _ROWS] = texts[start : start + _ROWS].to_pylist()
        return values
    trimmed = compute.replace_substring_regex(compute.utf8_trim_whitespace(texts), r"^\+", "")
    if dtype.kind == "b":
        is_true = compute.is_in(trimmed, array(["True", "1"]))
        return _flat(compute.cast(is_true, int8())).astype(np.bool_)
    if dtype.kind == "f":
        trimmed = compute.if_else(compute.equal(trimmed, ""), "nan", trimmed)
    try:
        return _flat(compute.cast(trimmed, float64() if dtype.kind == "f" else int64()))
    except ArrowInvalid as error:
        raise DatasetError(f"column {name!r:.60} is to be {dtype.name}, but is not ({error!s:.80})") from error


def _flat(values: "pyarrow.ChunkedArray | pyarrow.Array") -> AnyArray:
    """Numbers without gaps as numpy's; `np.asarray` would import pandas for it."""
    flat: AnyArray = np.from_dlpack(values.combine_chunks() if hasattr(values, "combine_chunks") else values)
    return flat
