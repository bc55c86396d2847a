"""The `Dialect` value: how a table is written as text, its separator, decimal mark and header."""

import csv
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import islice

from embviz.datasets.files.uses.usual_names import is_label_name
from embviz.errors import DatasetError

_SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_NAMES = {**_SEPARATORS, " ": "blank"}
_SAID = re.compile(r"\s*sep=([,;|\t])\r?\n", re.IGNORECASE)
"""A first line that tells Excel the separator."""
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-]?(inf|nan)|nan", re.IGNORECASE)
_COMMA_NUMBER = re.compile(r"[+-]?\d*,\d+([eE][+-]?\d+)?")
_ROWS_LOOKED_AT = 200
_MOST_CLASSES = 100
_LEAST_SIDE = 4


@dataclass(frozen=True, slots=True)
class Dialect:
    """Separator, decimal mark, quotes and header of a table that is written as text.

    Attributes
    ----------
    separator
        Character between two cells.
    decimal
        Decimal mark: ``.`` or ``,``.
    quoted
        Whether a cell that begins with ``"`` ends with one, and may hold separators and line ends.
    n_skipped
        Lines before the first item: the header, and above it empty ones and one that tells Excel the separator.
    names
        Names of the columns, from the header or made up.
    notes
        What was guessed, one sentence each.
    """

    separator: str
    decimal: str
    quoted: bool
    n_skipped: int
    names: tuple[str, ...]
    notes: tuple[str, ...]


def dialect_of(where: str, sample: str, separator: str | None = None) -> Dialect:
    r"""Dialect of a table, by the beginning of its text.

    Parameters
    ----------
    where
        Name of the file in messages.
    sample
        Whole lines, without the mark of the encoding.
    separator
        Character that separates cells; None to guess it from the sample.

    Raises
    ------
    DatasetError
        If the sample has no row.

    Examples
    --------
    >>> found = dialect_of("it", "name;size\nfirst;1,5\nsecond;2,25\n")
    >>> found.separator, found.decimal, found.n_skipped, found.names
    (';', ',', 1, ('name', 'size'))
    """
    if not sample.strip():
        raise DatasetError(f"{where} is empty; give a table with one row per item")
    is_said = _SAID.match(sample)
    n_said = len(is_said[0].splitlines()) if is_said else 0
    if is_said:
        separator, sample = is_said[1], sample[is_said.end() :]
        if not sample.strip():
            raise DatasetError(f"{where} is empty below its first line; give a table with one row per item")
    separator = separator or _separator_of(sample)
    quoted = separator != "\t" or not _has_lone_quotes(sample)
    rows = _rows(sample, separator, quoted)
    decimal = "," if separator != "," and _has_decimal_commas(rows) else "."
    first, others = rows[0], rows[1:]
    header = _is_header(first, others, decimal)
    names = tuple(first) if header else _made_up_names(rows, decimal)
    notes = []
    if separator != ",":
        notes.append(f"Cells are separated by a {_NAMES.get(separator, repr(separator))}.")
    if decimal == ",":
        notes.append("Numbers are written with a decimal comma.")
    if not header:
        notes.append("There is no header: the first row is an item, and the columns are named by their position.")
    n_empty = len(sample) - len(sample.lstrip("\r\n"))
    n_above = len(sample[:n_empty].splitlines())
    n_header = _n_lines_of_first(sample[n_empty:], separator) if header and quoted else int(header)
    return Dialect(separator, decimal, quoted, n_said + n_above + n_header, names, tuple(notes))


def _separator_of(sample: str) -> str:
    """The separator that splits most rows into one number of cells; of several, the one that makes most cells."""
    found: dict[str, tuple[float, int]] = {}
    for separator in _SEPARATORS:
        widths = Counter(map(len, _rows(sample, separator, True)))
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
        if width > 1:
            found[separator] = (count / widths.total(), width)
    if not found:
        return " " if _is_numbers_between_blanks(sample) else ","
    return max(found, key=lambda separator: found[separator])


def _is_numbers_between_blanks(sample: str) -> bool:
    """Whether all rows are the same count of numbers, with a single blank between two, as numpy.savetxt writes them."""
    rows = _rows(sample, " ", False)
    return len(rows[0]) > 1 and all(
        len(row) == len(rows[0]) and all(_NUMBER.fullmatch(cell) for cell in row) for row in rows
    )


def _rows(sample: str, separator: str, quoted: bool) -> list[list[str]]:
    lines = sample.splitlines(keepends=True)
    if not quoted:
        return [line.rstrip("\r\n").split(separator) for line in lines[:_ROWS_LOOKED_AT] if line.strip("\r\n")]
    reader = csv.reader(lines, delimiter=separator)
    try:
        return list(islice((row for row in reader if row), _ROWS_LOOKED_AT))
    except csv.Error:  # a cell that is too long, or a quote that is never closed
        return _rows(sample, separator, False)


def _n_lines_of_first(sample: str, separator: str) -> int:
    """Number of lines that the first row takes: more than one if a cell in quotes has line breaks."""
    reader = csv.reader(StringIO(sample, newline=""), delimiter=separator)
    try:
        next(reader)
    except csv.Error:  # the quote is never closed
        return 1
    return reader.line_num


def _has_lone_quotes(sample: str) -> bool:
    cells = [cell for line in sample.splitlines() for cell in line.split("\t") if cell.startswith('"')]
    return any(len(cell) < 2 or not cell.endswith('"') for cell in cells)


def _has_decimal_commas(rows: Sequence[Sequence[str]]) -> bool:
    cells = [cell.strip() for row in rows[1:] for cell in row]
    return any(_COMMA_NUMBER.fullmatch(cell) for cell in cells) and not any(
        "." in cell and _NUMBER.fullmatch(cell) for cell in cells
    )


def _number(cell: str, decimal: str) -> float | None:
    text = cell.strip().replace(",", ".") if decimal == "," else cell.strip()
    return float(text) if _NUMBER.fullmatch(text) else None


def _is_header(first: Sequence[str], others: Sequence[Sequence[str]], decimal: str) -> bool:
    """Whether the first row has names; numbers in it are names if they count the columns, as pandas writes them."""
    numbers = [number for cell in first if (number := _number(cell, decimal)) is not None]
    if len(first) == 1 and others and not _is_name_of_column(first[0], others):
        return False
    if not numbers:
        return True
    if numbers[0] not in (0, 1) or numbers != [numbers[0] + place for place in range(len(numbers))]:
        return False
    if len(numbers) < len(first) and any(len(row) == len(first) for row in others):
        return True  # texts beside numbers that count
    return len(numbers) >= _LEAST_SIDE and not any(list(row) == list(first) for row in others)


def _is_name_of_column(first: str, others: Sequence[Sequence[str]]) -> bool:
    """Whether the first line of a file with a single column is its name, and not an item."""
    is_unlike = all(_number(row[0], ".") is not None for row in others) and _number(first, ".") is None
    return is_unlike or (is_label_name(first) and [first] not in [list(row) for row in others])


def _made_up_names(rows: Sequence[Sequence[str]], decimal: str) -> tuple[str, ...]:
    """Names by what the columns hold: pixels of a square with a label or one-hot classes beside them; else numbered."""
    width = len(rows[0])
    numbers = [[_number(cell, decimal) for cell in row] for row in rows if len(row) == width]
    if all(one is not None and one.is_integer() for row in numbers for one in row):
        for n_labels in (*range(2, min(_MOST_CLASSES, width)), 1):
            n_pixels = width - n_labels
            side = math.isqrt(n_pixels)
            if side < _LEAST_SIDE or side * side != n_pixels:
                continue
            pixels = tuple(f"pixel{place}" for place in range(n_pixels))
            if n_labels == 1:
                last_varies = len({row[-1] for row in numbers}) > len({row[0] for row in numbers})
                return (*pixels, "label") if last_varies else ("label", *pixels)
            if _is_one_hot([row[n_pixels:] for row in numbers]):
                return (*pixels, *(f"label {place}" for place in range(n_labels)))
    return tuple(f"column {place}" for place in range(width))


def _is_one_hot(rows: Sequence[Sequence[float | None]]) -> bool:
    return all(sorted(one or 0 for one in row) == [0] * (len(row) - 1) + [1] for row in rows)
