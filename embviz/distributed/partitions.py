"""Partitions of parquet files: runs of rows, cut at the ends of row groups if possible, that are read one by one."""

import glob
import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from embviz.datasets.files.tables.cells import is_text, number_type, stored_type, stored_values
from embviz.datasets.files.tables.parquet import Shard, natural_order, shard_of, table_of
from embviz.datasets.files.tables.rows import number_in, shape_of
from embviz.datasets.files.tables.table import Table
from embviz.errors import DatasetError
from embviz.progress import no_progress

if TYPE_CHECKING:
    import pyarrow

MOST_ROWS, MOST_BYTES = 2**17, 2**27
"""Largest partition, in rows and in bytes of its vectors. A partition is computed again if its worker is lost."""


@dataclass(frozen=True, slots=True)
class TableColumns:
    """Names of the columns of the files that hold vectors, labels and ids.

    Attributes
    ----------
    vectors
        A column of lists of numbers, or several columns of numbers with commas between.
    label, id
        Names of the columns of classes, and of permanent ids, which are whole numbers or texts. An empty `label` means
        no classes; an empty `id` means that the rows of all files are counted.
    """

    vectors: str
    label: str = ""
    id: str = ""

    def of_vectors(self, present: Collection[str]) -> tuple[str, ...]:
        """Names of a table's vector columns: one column of lists, or several of numbers.

        Examples
        --------
        >>> TableColumns("a,b").of_vectors(["id", "a", "b"]), TableColumns("a,b").of_vectors(["a,b"])
        (('a', 'b'), ('a,b',))
        """
        return (self.vectors,) if self.vectors in present else tuple(self.vectors.split(","))


@dataclass(frozen=True, slots=True)
class Partition:
    """A partition: some consecutive rows of one file.

    Attributes
    ----------
    path
        Path of the file, absolute.
    number
        Index among all partitions.
    first, n
        First row, counted in the file, and number of rows.
    before
        Number of rows in all partitions before this one.
    """

    path: str
    number: int
    first: int
    n: int
    before: int

    @property
    def where(self) -> str:
        """Name of the partition in messages: its file and rows."""
        return f"{Path(self.path).name}, rows {self.first:,} to {self.first + self.n - 1:,}"

    @property
    def rows(self) -> slice:
        """The partition's rows in the file, as a slice."""
        return slice(self.first, self.first + self.n)


def files_given(pattern: str) -> tuple[Path, ...]:
    """The files of a pattern such as ``data/*.parquet``, or the parquet files of a folder: absolute, in natural order.

    Raises
    ------
    DatasetError
        If there is no such file.
    """
    given = Path(pattern).expanduser()
    found = given.glob("*.parquet") if given.is_dir() else map(Path, glob.glob(str(given)))  # noqa: PTH207
    files = sorted(sorted(path.resolve() for path in found if path.is_file()), key=natural_order)
    if not files:
        raise DatasetError(f"no file is found at {pattern}; give parquet files, as in 'data/*.parquet'")
    return tuple(files)


def partitions_of(files: Sequence[Path], columns: TableColumns) -> tuple[tuple[Partition, ...], int]:
    """The partitions of files, in order, and the length of the vectors; reads only footers and a first row.

    Parameters
    ----------
    files
        Parquet files; those without rows have no partition.
    columns
        The columns to be read.

    Raises
    ------
    DatasetError
        If a file is not a parquet file, or lacks a column, or a column has a wrong type, or no file has rows.
    """
    shards = [shard_of(path) for path in files]
    for shard in shards:
        _check_columns(shard, columns)
    if columns.id:
        _check_same_ids(shards, columns.id)
    shards = [shard for shard in shards if shard.metadata.num_rows]
    if not shards:
        raise DatasetError(f"{files[0].name} has no rows, nor has any other file; give tables with one row per item")
    width = _width(table_of(shards[:1], shards[0].schema), columns)
    most = max(1, min(MOST_ROWS, MOST_BYTES // (4 * width)))
    found: list[Partition] = []
    before = 0
    for shard in shards:
        groups = [shard.metadata.row_group(place).num_rows for place in range(shard.metadata.num_row_groups)]
        for first, n in cuts(groups, most):
            found.append(Partition(str(shard.path), len(found), first, n, before))
            before += n
    return tuple(found), width


def table_size(pattern: str, vectors: str) -> tuple[int, int]:
    """Number of rows of files, and length of their vectors, from the files' footers and the first row.

    Raises
    ------
    DatasetError
        If a file or column does not exist.
    """
    partitions, width = partitions_of(files_given(pattern), TableColumns(vectors))
    return sum(partition.n for partition in partitions), width


def cuts(groups: Sequence[int], most: int) -> list[tuple[int, int]]:
    """First row and length of each partition of a file, of at most `most` rows, given the sizes of its row groups.

    Whole groups are put together; a group that is too large is cut into equal pieces.

    Examples
    --------
    >>> cuts([2, 2, 2, 9, 0, 1], 4)
    [(0, 4), (4, 2), (6, 3), (9, 3), (12, 3), (15, 1)]
    """
    found: list[tuple[int, int]] = []
    first, whole = 0, 0
    for rows in groups:
        if whole and whole + rows > most:
            found.append((first, whole))
            first, whole = first + whole, 0
        if rows <= most:
            whole += rows
            continue
        ends = [rows * piece // math.ceil(rows / most) for piece in range(math.ceil(rows / most) + 1)]
        found += [(first + start, end - start) for start, end in pairwise(ends)]
        first += rows
    return [*found, (first, whole)] if whole else found


def table_at(partition: Partition) -> Table:
    """The file of a partition, as a table whose cells are read on request.

    Raises
    ------
    DatasetError
        If the file cannot be read.
    """
    shard = shard_of(Path(partition.path))
    return table_of([shard], shard.schema)


def cells_of(table: Table, name: str, rows: slice) -> "pyarrow.Array":
    """All values of a column in these rows, missing ones included.

    Raises
    ------
    DatasetError
        If the file cannot be read.
    """
    import pyarrow

    parts = [stored_values(batch.column(0)) for batch in table.batches([name], rows, no_progress)]
    return pyarrow.concat_arrays(parts)


def _check_columns(shard: Shard, columns: TableColumns) -> None:
    types = {field.name: stored_type(field.type) for field in shard.schema}
    vectors = columns.of_vectors(types)
    for name in (*vectors, *filter(None, (columns.label, columns.id))):
        if name not in types:
            has = ", ".join(map(repr, list(types)[:12]))
            raise DatasetError(f"{shard.path.name} has no column {name!r:.80}; it has {has}")
    for name in vectors:
        numbers = number_type(types[name]) if len(vectors) > 1 else number_in(types[name])
        if numbers is None:
            raise DatasetError(
                f"{shard.path.name}: column {name!r} holds {types[name]!s:.60}; vectors are lists of numbers, "
                "or several columns of numbers as a,b,c"
            )


def _check_same_ids(shards: Sequence[Shard], name: str) -> None:
    """Refuse ids that are texts in one file and numbers in another: 7 and "7" would be two items."""
    are_texts = [is_text(stored_type(shard.schema.field(name).type)) for shard in shards]
    if len(set(are_texts)) == 2:
        other = shards[are_texts.index(not are_texts[0])].path.name
        raise DatasetError(
            f"column {name!r} holds texts in one of {shards[0].path.name} and {other}, and none in the other; "
            "write all files with ids of one type"
        )


def _width(table: Table, columns: TableColumns) -> int:
    """Length of the vectors, by the first row."""
    names = columns.of_vectors(table.types)
    if len(names) > 1:
        return len(names)
    first = cells_of(table, names[0], slice(0, 1))
    shape = shape_of(first[0].as_py())
    if shape is None or len(shape) != 1 or not shape[0]:
        raise DatasetError(
            f"{table.where}: row 0 of {names[0]!r} is not a list of numbers; give vectors of equal length"
        )
    return int(np.prod(shape))
