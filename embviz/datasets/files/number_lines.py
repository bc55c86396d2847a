"""Lines of numbers read as float32; an error names row and column of a field that is not a number."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from embviz.arrays import Float32Array
from embviz.errors import DatasetError

BLOCK = 4096
"""Lines that are read at a time."""


def blocks_of_lines(lines: Iterable[bytes], rows: slice) -> Iterator[list[bytes]]:
    """The lines of some rows, block by block; lines after them are not read.

    Examples
    --------
    >>> list(blocks_of_lines([b"1", b"2", b"3"], slice(1, 3)))
    [[b'2', b'3']]
    """
    wanted = islice(lines, rows.start, rows.stop)
    while block := list(islice(wanted, BLOCK)):
        yield block


def float_rows(lines: Sequence[bytes], n_columns: int, separator: bytes, path: Path, first_row: int) -> Float32Array:
    r"""The numbers in lines, shape (len(lines), n_columns).

    Parameters
    ----------
    lines
        The lines, none of them blank; line ends do not matter.
    n_columns
        Numbers in each line.
    separator
        The byte between two numbers.
    path, first_row
        The file, and the number of the first line's row, for messages.

    Raises
    ------
    DatasetError
        If a line has another number of fields, or a field is not a number.

    Examples
    --------
    >>> float_rows([b"1\t2.5\n", b"-3\tnan\n"], 2, b"\t", Path("tensors.tsv"), 0).tolist()
    [[1.0, 2.5], [-3.0, nan]]
    """
    from pyarrow import ArrowInvalid, BufferReader, csv, float32

    names = [str(column) for column in range(n_columns)]
    text = b"\n".join(line.rstrip(b"\r\n") for line in lines)
    try:
        table = csv.read_csv(
            BufferReader(text),
            csv.ReadOptions(column_names=names, use_threads=False, block_size=max(len(text) + 1, 1)),
            csv.ParseOptions(
                delimiter=separator.decode(), quote_char=False, double_quote=False, newlines_in_values=False
            ),
            csv.ConvertOptions(column_types=dict.fromkeys(names, float32()), null_values=[], check_utf8=False),
        )
    except ArrowInvalid:
        table = None
    if table is None or len(table) != len(lines):
        return _read_one_by_one(lines, n_columns, separator, path, first_row)
    rows = np.empty((len(lines), n_columns), np.float32)
    for column in range(n_columns):
        rows[:, column] = np.from_dlpack(table.column(column).combine_chunks())  # np.asarray would import pandas
    return rows


def _read_one_by_one(
    lines: Sequence[bytes], n_columns: int, separator: bytes, path: Path, first_row: int
) -> Float32Array:
    """As `float_rows`, by Python: accepts numbers that Arrow does not, such as ``+1``, and names a wrong field."""
    rows = np.empty((len(lines), n_columns), np.float32)
    for row, line in enumerate(lines):
        cells = line.rstrip(b"\r\n").split(separator)
        if len(cells) != n_columns:
            raise DatasetError(
                f"{path}: row {first_row + row} has {len(cells):,} fields, expected {n_columns:,}; "
                "give each item as many numbers, on a line of its own"
            )
        for column, cell in enumerate(cells):
            if not is_number(cell):
                raise DatasetError(
                    f"{path}: row {first_row + row}, field {column} is {cell.decode('utf-8', 'replace')!r:.40}, "
                    "not a number; put texts into the metadata, or into a table with a header"
                )
            with np.errstate(over="ignore"):  # it becomes infinite, and is refused when vectors are checked
                rows[row, column] = np.float32(float(cell))
    return rows


def is_number(cell: bytes) -> bool:
    """Whether a field is a number or ``nan``.

    Examples
    --------
    >>> is_number(b"1e-3"), is_number(b"nan"), is_number(b"seven"), is_number(b"1_0")
    (True, True, False, False)
    """
    try:
        float(cell)
    except ValueError:
        return False
    return b"_" not in cell
