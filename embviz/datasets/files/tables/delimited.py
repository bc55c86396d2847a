"""Reader of tables as text, such as .csv and .tsv: block by block, in types as narrow as the numbers allow."""

import codecs
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embviz.datasets.files.contents import Contents
from embviz.datasets.files.tables.columns import table_contents
from embviz.datasets.files.tables.table import distinct_names, table_in_memory
from embviz.datasets.files.tables.text.column_types import TextTypes, settled, text_types, widened
from embviz.datasets.files.tables.text.dialect import Dialect, dialect_of
from embviz.errors import DatasetError
from embviz.progress import Progress, no_progress
from embviz.storage.files import opened_file

if TYPE_CHECKING:
    import pyarrow

_TYPED = 1 << 20
"""Bytes at the beginning of a file by which the types of columns are told."""
_BLOCK = 1 << 23
"""The longest row, in bytes."""
_MOST_COLUMNS = 100_000
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def delimited_contents(path: Path, *, separator: str | None = None, progress: Progress = no_progress) -> Contents:
    """Contents of a table that is written as text.

    Parameters
    ----------
    path
        The file, in UTF-8, or in UTF-16 with a byte order mark.
    separator
        Character that separates cells; None to guess it from the file.
    progress
        Called while the file is read; reading starts again if a value does not fit the type of the values before it.

    Raises
    ------
    DatasetError
        If it cannot be read, or a row has another number of cells than the first.
    """
    where = path.name
    beginning, encoding = _beginning(path, where)
    dialect = dialect_of(where, beginning, separator)
    if len(dialect.names) > _MOST_COLUMNS:
        raise DatasetError(f"{where} has {len(dialect.names):,} columns; embviz reads up to {_MOST_COLUMNS:,}")
    names, renamed = distinct_names(dialect.names)
    sample = _sample(where, beginning, dialect, names)
    types = text_types(sample, len(beginning))
    table = _table(path, dialect, encoding, types, progress)
    if not len(table):
        raise DatasetError(f"{where} has a header and no rows; give a table with one row per item")
    return table_contents(table_in_memory(path.stem, where, table), [*dialect.notes, *renamed])


def _beginning(path: Path, where: str) -> tuple[str, str]:
    """Whole lines from the beginning of the file, and its encoding."""
    try:
        with opened_file(path) as file:
            data = file.read(_TYPED)
    except OSError as error:
        raise DatasetError(f"cannot read {where}: {error.strerror or error}; give a file that you may read") from error
    encoding = next((name for mark, name in _MARKS.items() if data.startswith(mark)), "utf-8")
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(data, final=len(data) < _TYPED)
    except UnicodeDecodeError as error:
        raise DatasetError(f"{where} is not text in UTF-8 (byte {error.start}); save it as UTF-8") from error
    if "\0" in text:
        raise DatasetError(f"{where} is not text, but binary; give a table as text, or name the file as what it is")
    return (text if len(data) < _TYPED else text[: text.rfind("\n") + 1] or text), encoding


def _options(dialect: Dialect, names: Sequence[str], encoding: str, fast: bool) -> dict[str, Any]:
    """Options of Arrow's readers; `fast` ones use several threads, and their error messages lack the row."""
    from pyarrow import csv

    parse = csv.ParseOptions(
        delimiter=dialect.separator,
        quote_char='"' if dialect.quoted else False,
        newlines_in_values=dialect.quoted,
    )
    read = csv.ReadOptions(
        column_names=names,
        skip_rows=dialect.n_skipped,
        block_size=_BLOCK,
        encoding="utf8" if encoding.startswith("utf-8") else encoding,
        use_threads=fast,
    )
    return {"read_options": read, "parse_options": parse}


def _sample(where: str, beginning: str, dialect: Dialect, names: Sequence[str]) -> "pyarrow.Table":
    """The first rows, in the types that Arrow guesses."""
    from io import BytesIO

    import pyarrow
    from pyarrow import csv

    convert = csv.ConvertOptions(decimal_point=dialect.decimal)
    options = _options(dialect, names, "utf-8", False)
    try:
        return csv.read_csv(BytesIO(beginning.encode()), convert_options=convert, **options)
    except pyarrow.ArrowInvalid as error:
        raise _refused(where, error) from error


def _table(path: Path, dialect: Dialect, encoding: str, types: TextTypes, progress: Progress) -> "pyarrow.Table":
    """All rows; they are read again with a wider type if a value does not fit the type of its column."""
    import pyarrow
    from pyarrow import csv

    where, fast = path.name, True
    while True:
        convert = csv.ConvertOptions(column_types=types.by_name, decimal_point=dialect.decimal)
        try:
            with opened_file(path) as file:
                size = path.stat().st_size
                options = _options(dialect, types.names, encoding, fast)
                reader = csv.open_csv(file, convert_options=convert, **options)
                batches = []
                for batch in reader:
                    progress(f"reading {where}", min(file.tell(), size), size)
                    batches.append(batch)
                return settled(types, pyarrow.Table.from_batches(batches, reader.schema), dialect.decimal)
        except pyarrow.ArrowInvalid as error:
            if not fast:
                wider = widened(where, types, str(error))
                if wider is None:
                    raise _refused(where, error) from error
                types = wider
            fast = not fast
        except OSError as error:
            raise DatasetError(f"cannot read {where}: {error.strerror or error}; get the file again") from error


def _refused(where: str, error: Exception) -> DatasetError:
    """The error to raise for what Arrow says about a file."""
    said = str(error)
    if found := re.search(r"(?:Row #(\d+): )?Expected (\d+) columns, got (\d+)", said):
        line = f"line {found[1]}" if found[1] else "a line"
        return DatasetError(
            f"{where}: {line} has {found[3]} cells, expected {found[2]} as in the first; "
            "put cells with separators in quotes, or correct the line"
        )
    if "straddling" in said:
        return DatasetError(
            f"{where} has a line of more than {_BLOCK >> 20} MB, or a quote that is not closed; correct it"
        )
    if "UTF8" in said:
        column = re.search(r"column #(\d+)", said)
        place = f" in column {column[1]}" if column else ""
        return DatasetError(f"{where} holds text that is not UTF-8{place}; save it as UTF-8")
    return DatasetError(f"{where} cannot be read as a table ({said:.80}); save it as UTF-8 text, one row per line")
