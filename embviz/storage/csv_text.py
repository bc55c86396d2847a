"""Writing CSV whose texts a spreadsheet shows and does not run as formulas, and reading it again."""

import re
from collections.abc import Iterable

_RUN_OR_MARKED = re.compile(r"[=+\-@\t\r\n']")
_NEGATIVE_NUMBER = re.compile(r"-\d+(\.\d+)?([eE][+-]?\d+)?")
_CELL = re.compile(r'(?:"((?:[^"]|"")*+)"|([^",\r\n]*))(,|\r\n|\n|\r|\Z)')


def neutralized(text: str) -> str:
    """The text for a spreadsheet cell, with an apostrophe in front if it would be run as a formula.

    These are texts that begin with ``= + - @``, a tab or a line break. Texts that begin with an apostrophe get another,
    because `restored` removes one. A negative number is not changed, because a spreadsheet reads it as a number.

    Examples
    --------
    >>> [neutralized(text) for text in ("seven", "=1+1", "-7", "-7+1", "'tis")]
    ['seven', "'=1+1", '-7', "'-7+1", "''tis"]
    """
    is_harmless = not _RUN_OR_MARKED.match(text) or _NEGATIVE_NUMBER.fullmatch(text)
    return text if is_harmless else f"'{text}"


def restored(cell: str) -> str:
    """The text before it was `neutralized`.

    Examples
    --------
    >>> [restored(cell) for cell in ("seven", "'=1+1", "''tis")]
    ['seven', '=1+1', "'tis"]
    """
    return cell.removeprefix("'")


def csv_line(cells: Iterable[str | int | float]) -> str:
    r"""One line of CSV; texts are `neutralized`, and quoted where RFC 4180 requires it.

    Python's csv module is not used: with newlines as line ends it does not quote a cell with a carriage return.

    Examples
    --------
    >>> csv_line(["a,b", "=1", -2.5])
    '"a,b",\'=1,-2.5\n'
    """
    return ",".join(_quoted(neutralized(cell)) if isinstance(cell, str) else str(cell) for cell in cells) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in ',"\r\n') else text


def read_csv(text: str) -> dict[str, list[str]]:
    r"""The columns of a text written by `csv_line`: header to cells, `restored`. Blank lines at the end are ignored.

    Python's csv module is not used: it limits the length of a cell, with one limit for the whole process.

    Raises
    ------
    ValueError
        If a row does not have as many cells as the header, two columns have the same name, or the text is not CSV.

    Examples
    --------
    >>> read_csv(csv_line(["id", "label"]) + csv_line([7, "=1+1"]))
    {'id': ['7'], 'label': ['=1+1']}
    """
    header, *rows = _rows(text.rstrip("\r\n")) or [[]]
    if len(set(header)) < len(header):
        raise ValueError("two of its columns have one name")
    for number, row in enumerate(rows):
        if len(row) != len(header):
            raise ValueError(f"row {number} has {len(row)} cells, and there are {len(header)} columns")
    columns = zip(*rows, strict=True) if rows else [()] * len(header)
    return {name: list(column) for name, column in zip(header, columns, strict=True)}


def _rows(text: str) -> list[list[str]]:
    rows: list[list[str]] = [[]]
    end = 0
    while True:
        cell = _CELL.match(text, end)
        if cell is None:
            raise ValueError(f"a quotation mark is not closed, or not doubled, in or after {text[end : end + 40]!r}")
        quoted, plain, mark = cell.groups()
        rows[-1].append(restored(plain if quoted is None else quoted.replace('""', '"')))
        if not mark:
            return rows
        if mark != ",":
            rows.append([])
        end = cell.end()
