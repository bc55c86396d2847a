"""Reader of tables in .parquet files, one or several: columns are read by row groups when they are asked for."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from embviz.arrays import check_memory
from embviz.datasets.files.contents import Contents
from embviz.datasets.files.tables.columns import table_contents
from embviz.datasets.files.tables.folder_columns import with_folder_columns
from embviz.datasets.files.tables.table import Table
from embviz.datasets.files.uses.usual_names import split_in
from embviz.errors import DatasetError
from embviz.progress import Progress, no_progress
from embviz.storage.files import opened_file

if TYPE_CHECKING:
    import pyarrow
    from pyarrow import parquet

_ROWS = 8192
_BYTES = 1 << 24
"""Bytes that are read at a time, if rows are large."""
_MOST_COLUMNS = 100_000


@dataclass(frozen=True, eq=False, slots=True)
class Shard:
    """One parquet file, and what its footer says.

    Attributes
    ----------
    path
        Path of the file.
    metadata
        Numbers of rows, row groups and columns, and more, as pyarrow reads them.
    schema
        Names and types of the columns.
    """

    path: Path
    metadata: "parquet.FileMetaData"
    schema: "pyarrow.Schema"


def parquet_contents(paths: Sequence[Path], *, progress: Progress = no_progress) -> Contents:
    """Contents of parquet files that are parts of one table.

    Files named after a split, such as ``train-00000-of-00002.parquet``, are parts of that split. Files are put in the
    order of splits, and within a split in natural order of their names. Columns whose values are in the names of
    folders are read from there.

    Parameters
    ----------
    paths
        The files, at least one, with the same columns.
    progress
        Called while images are looked through.

    Raises
    ------
    DatasetError
        If one cannot be read, or has other columns than the first.
    """
    shards = [shard_of(path) for path in sorted(paths, key=natural_order)]
    first = shards[0]
    for other in shards[1:]:
        if not other.schema.remove_metadata().equals(first.schema.remove_metadata()):
            raise DatasetError(f"{other.path.name} has other columns than {first.path.name}; give files of one table")
    shards = [shard for shard in shards if shard.metadata.num_rows]
    if not shards:
        raise DatasetError(f"{first.path.name} has no rows; give a table with one row per item")
    table = table_of(shards, first.schema)
    if len(shards) > 1:
        sizes = [shard.metadata.num_rows for shard in shards]
        table = with_folder_columns(table, [shard.path for shard in shards], sizes)
    return replace(table_contents(table, progress=progress), splits=_splits(shards))


def natural_order(path: Path) -> tuple[int, list[tuple[int, str]]]:
    """Sort key of a file: by split, then by name, with numbers in the name by their value."""
    split, pieces = split_in(path.stem), re.split(r"([0-9]+)", path.name)
    rank = ("train", "val", "test").index(split) if split else -1
    return rank, [(int(piece), "") if piece.isdecimal() else (-1, piece) for piece in pieces]


def _splits(shards: Sequence[Shard]) -> tuple[tuple[str, int], ...]:
    names = [split_in(shard.path.stem) for shard in shards]
    if not all(names):
        return ()
    starts = np.cumsum([0, *(shard.metadata.num_rows for shard in shards)]).tolist()
    return tuple(
        (name, start)
        for place, (name, start) in enumerate(zip(names, starts, strict=False))
        if name not in names[:place]
    )


def shard_of(path: Path) -> Shard:
    """Parquet file with what its footer says; rows are not read.

    Raises
    ------
    DatasetError
        If it cannot be read, or has two columns of one name, or too many.
    """
    from pyarrow import parquet

    with _opened(path) as file:
        whole = parquet.ParquetFile(file)
        schema = whole.schema_arrow
        if len(schema) > _MOST_COLUMNS:
            raise DatasetError(f"{path.name} has {len(schema):,} columns; embviz reads up to {_MOST_COLUMNS:,}")
        if len(set(schema.names)) < len(schema):
            twice = next(name for name in schema.names if schema.names.count(name) > 1)
            raise DatasetError(f"{path.name} has two columns called {twice!r:.80}; give each its own name")
        return Shard(path, whole.metadata, schema)


def table_of(shards: Sequence[Shard], schema: "pyarrow.Schema") -> Table:
    """The rows of files with these columns, one file after the other, as one table; each file has rows."""
    first = shards[0].path
    n = sum(shard.metadata.num_rows for shard in shards)
    where = first.name if len(shards) == 1 else f"{first.name} and {len(shards) - 1} more"
    check_memory(where, (n,), np.float64, DatasetError)

    def batches(names: Sequence[str], rows: slice, progress: Progress) -> "Iterator[pyarrow.RecordBatch]":
        start, stop, _ = rows.indices(n)
        done = 0
        progress(f"reading {where}", 0, stop - start)
        for batch in _batches(shards, names, start, stop):
            yield batch.select(names)
            done += len(batch)
            progress(f"reading {where}", done, stop - start)

    return Table(
        name=first.stem,
        where=where,
        n=n,
        types={field.name: field.type for field in schema},
        batches=batches,
        has_nulls=lambda name: any(batch.column(0).null_count for batch in _batches(shards, [name], 0, n)),
        class_names=_class_names(schema),
    )


def _batches(shards: Sequence[Shard], names: Sequence[str], start: int, stop: int) -> "Iterator[pyarrow.RecordBatch]":
    """The rows from start to stop of all shards, put one after the other."""
    from pyarrow import parquet

    end = 0
    for shard in shards:
        begin, end = end, end + shard.metadata.num_rows
        if end <= start or begin >= stop:
            continue
        groups, first = _groups(shard.metadata, start - begin, stop - begin)
        with _opened(shard.path) as file:
            whole = parquet.ParquetFile(file, metadata=shard.metadata, page_checksum_verification=True)
            size = min(_batch_rows(shard.metadata), stop - start)
            at = begin + first
            for batch in whole.iter_batches(size, row_groups=groups, columns=list(names), use_threads=True):
                some = batch[max(start - at, 0) : max(stop - at, 0)]
                at += len(batch)
                if len(some):
                    yield some
                if at >= stop:
                    break


def _groups(metadata: "parquet.FileMetaData", start: int, stop: int) -> tuple[list[int], int]:
    """Indices of the row groups that hold rows from start to stop, and the first row of the first of them."""
    ends = np.cumsum([metadata.row_group(place).num_rows for place in range(metadata.num_row_groups)]).tolist()
    begins = [0, *ends[:-1]]
    groups = [
        place for place, (begin, end) in enumerate(zip(begins, ends, strict=True)) if end > start and begin < stop
    ]
    return groups, begins[groups[0]] if groups else 0


def _batch_rows(metadata: "parquet.FileMetaData") -> int:
    """Number of rows to read at a time.

    It is computed from the size of whole rows. Sizes of single columns are not read, because Arrow crashes the
    process if they are broken.
    """
    group = metadata.row_group(0)
    return int(max(1, min(_ROWS, _BYTES * max(group.num_rows, 1) // max(group.total_byte_size, 1))))


def _class_names(schema: "pyarrow.Schema") -> Mapping[str, tuple[str, ...]]:
    """Class names by column, as Hugging Face's datasets write them into the schema; empty if it has none."""
    text = (schema.metadata or {}).get(b"huggingface")
    if not text:
        return {}
    try:
        features: Any = json.loads(text)["info"]["features"]
        named = {name: feature["names"] for name, feature in features.items() if "names" in feature}
        return {name: tuple(map(str, names)) for name, names in named.items() if isinstance(names, list)}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):  # another program uses this key
        return {}


@contextmanager
def _opened(path: Path) -> "Iterator[Any]":
    """The file, open for reading; every error in reading it becomes a DatasetError."""
    import pyarrow

    try:
        with opened_file(path) as file:
            yield file
    except DatasetError:
        raise
    except (pyarrow.ArrowException, OSError, UnicodeDecodeError) as error:
        said = getattr(error, "strerror", None) or str(error).partition("\n")[0]
        raise DatasetError(f"{path.name} cannot be read as parquet ({said:.100}); write the file again") from error
