"""CSV of texts and numbers that a spreadsheet shows and does not run, and how it is read back."""

import re
from collections.abc import Iterable

_RUN_OR_MARKED = re.compile(r"[=+\-@\t\r\n']")
_NEGATIVE_NUMBER = re.compile(r"-\d+(\.\d+)?([eE][+-]?\d+)?")
_CELL = re.compile(r'(?:"((?:[^"]|"")*+)"|([^",\r\n]*))(,|\r\n|\n|\r|\Z)')


def neutralized(text: str) -> str:
    """The text, behind an apostrophe if it begins with ``= + - @`` or a tab: a spreadsheet would run it as a formula.

    So do texts that begin with a line break, or with an apostrophe, which `restored` takes for ours. A negative
    number stays as it is: that is what a spreadsheet takes it for.

    Examples
    --------
    >>> [neutralized(text) for text in ("seven", "=1+1", "-7", "-7+1", "'tis")]
    ['seven', "'=1+1", '-7', "'-7+1", "''tis"]
    """
    is_harmless = not _RUN_OR_MARKED.match(text) or _NEGATIVE_NUMBER.fullmatch(text)
    return text if is_harmless else f"'{text}"


def restored(cell: str) -> str:
    """The text that was `neutralized`.

    Examples
    --------
    >>> [restored(cell) for cell in ("seven", "'=1+1", "''tis")]
    ['seven', '=1+1', "'tis"]
    """
    return cell.removeprefix("'")


def csv_line(cells: Iterable[str | int | float]) -> str:
    r"""One line; texts are `neutralized`, and quoted where RFC 4180 asks for it.

    Not the csv module's writer: with lines that end in a newline it leaves a lone carriage return bare.

    Examples
    --------
    >>> csv_line(["a,b", "=1", -2.5])
    '"a,b",\'=1,-2.5\n'
    """
    return ",".join(_quoted(neutralized(cell)) if isinstance(cell, str) else str(cell) for cell in cells) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in ',"\r\n') else text


def read_csv(text: str) -> dict[str, list[str]]:
    r"""The columns of what `csv_line` wrote, line by line, texts as they were; blank lines at the end are none.

    Not the csv module's reader: it has a longest cell, for all of the process.

    Raises
    ------
    ValueError
        If a row has not as many cells as the header, two columns have one name, or it is no CSV.

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
