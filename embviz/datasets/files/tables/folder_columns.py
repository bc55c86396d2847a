"""Columns whose values are in the names of folders (label=3/part-0.parquet), as Spark, Dask and pandas write them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import numpy as np

from embviz.datasets.files.tables.table import Table
from embviz.progress import Progress

if TYPE_CHECKING:
    import pyarrow

MISSING = "__HIVE_DEFAULT_PARTITION__"
"""Name that stands for a missing value."""


def folder_values(path: Path) -> dict[str, str | None]:
    """Values in the names of the folders right above a file, by column.

    Examples
    --------
    >>> folder_values(Path("data/split=train/label=a%20b/part-0.parquet"))
    {'split': 'train', 'label': 'a b'}
    >>> folder_values(Path("run=1/data/part-0.parquet"))
    {}
    """
    values: dict[str, str | None] = {}
    for folder in path.parents:
        if not is_value_folder(folder):
            break
        name, _, value = folder.name.partition("=")
        values[unquote(name)] = None if value == MISSING else unquote(value)
    return dict(reversed(values.items()))


def is_value_folder(folder: Path) -> bool:
    """Whether the name of a folder holds the value of a column."""
    return bool(folder.name.partition("=")[0]) and "=" in folder.name


def with_folder_columns(table: Table, paths: Sequence[Path], sizes: Sequence[int]) -> Table:
    """A table with the columns that the names of its files' folders hold, if all have the same and the files have not.

    Parameters
    ----------
    table
        The rows of the files, one after the other.
    paths, sizes
        Path of each file, and its number of rows.
    """
    import pyarrow

    found = [folder_values(path) for path in paths]
    if any(each.keys() != found[0].keys() for each in found):
        return table
    added = {name: [each[name] for each in found] for name in found[0] if name not in table.types}
    if not added:
        return table
    ends = np.cumsum(sizes)

    def batches(names: Sequence[str], rows: slice, progress: Progress) -> "Iterator[pyarrow.RecordBatch]":
        start, stop, _ = rows.indices(table.n)
        own = [name for name in names if name not in added]
        for batch in table.batches(own, slice(start, stop), progress):  # each of rows of one file
            file = int(np.searchsorted(ends, start, side="right"))
            start += len(batch)
            yield pyarrow.RecordBatch.from_arrays([_column(name, batch, added, file) for name in names], list(names))

    def has_nulls(name: str) -> bool:
        return None in added[name] if name in added else table.has_nulls(name)

    types = {**table.types, **dict.fromkeys(added, pyarrow.string())}
    return replace(table, types=types, batches=batches, has_nulls=has_nulls)


def _column(
    name: str, batch: "pyarrow.RecordBatch", added: Mapping[str, Sequence[str | None]], file: int
) -> "pyarrow.Array":
    import pyarrow

    if name not in added:
        return batch.column(name)
    return pyarrow.repeat(pyarrow.scalar(added[name][file], pyarrow.string()), len(batch))
