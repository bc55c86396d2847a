"""The `Table` value: a table in memory or in files, whose columns are read when they are asked for."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from embviz.progress import Progress

if TYPE_CHECKING:  # takes long to import
    import pyarrow

Batches = Callable[[Sequence[str], slice, Progress], "Iterator[pyarrow.RecordBatch]"]
"""Function that reads some columns of some rows, a few thousand rows at a time."""

_ROWS = 8192


@dataclass(frozen=True, eq=False, slots=True)
class Table:
    """Named columns of Arrow's types.

    Attributes
    ----------
    name
        Name for the dataset.
    where
        Name of the table in messages.
    n
        Number of rows, >= 1.
    types
        Type of each column, in the order of the file.
    batches
        Reads columns.
    has_nulls
        Whether a column lacks a value in some row.
    class_names
        Names of the classes that the codes of a column stand for, where the file has them.
    """

    name: str
    where: str
    n: int
    types: "Mapping[str, pyarrow.DataType]"
    batches: Batches
    has_nulls: Callable[[str], bool]
    class_names: Mapping[str, tuple[str, ...]]


def table_in_memory(
    name: str, where: str, table: "pyarrow.Table", class_names: Mapping[str, tuple[str, ...]] | None = None
) -> Table:
    """`Table` made of a pyarrow table in memory."""

    def batches(names: Sequence[str], rows: slice, progress: Progress) -> "Iterator[pyarrow.RecordBatch]":
        start, stop, _ = rows.indices(len(table))
        done = 0
        for batch in table.select(names).slice(start, stop - start).to_batches(max_chunksize=_ROWS):
            progress(f"reading {where}", done, stop - start)
            yield batch
            done += len(batch)
        progress(f"reading {where}", done, stop - start)

    return Table(
        name=name,
        where=where,
        n=len(table),
        types={field.name: field.type for field in table.schema},
        batches=batches,
        has_nulls=lambda column: bool(table.column(column).null_count),
        class_names=class_names or {},
    )


def distinct_names(names: Sequence[str]) -> tuple[list[str], list[str]]:
    """The names made unique and not empty, and a sentence on each name that this changed.

    Examples
    --------
    >>> names, notes = distinct_names(["a", "", "a"])
    >>> names, len(notes)
    (['a', 'column 1', 'a (2)'], 2)
    """
    used = set(names)
    given: dict[str, None] = {}
    last: dict[str, int] = {}  # number of the last column of each name
    notes = []
    for place, name in enumerate(names):
        new = re.sub(r"\s+", " ", name).strip() or f"column {place}"
        number = last.get(name, 1)
        while new in given or (number > 1 and new in used):
            number += 1
            new = f"{name} ({number})"
        last[name] = number
        if number > 1:
            notes.append(f"Two columns are called {name!r}; the second is shown as {new!r}.")
        elif not name.strip():
            notes.append(f"Column {place} has no name and is shown as {new!r}.")
        given[new] = None
    return list(given), notes
