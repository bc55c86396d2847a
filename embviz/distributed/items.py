"""Reading the items of a partition: ids and their keys, classes, and checked vectors."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from embviz.arrays import Float32Array, Int64Array, frozen_array, is_finite, not_finite, summary
from embviz.checks.arguments import check_fields
from embviz.datasets.files.tables.cells import is_text
from embviz.datasets.files.tables.rows import number_in, rows_of_columns, rows_of_lists
from embviz.datasets.files.tables.table import Table
from embviz.datasets.files.uses.classes import NO_CLASS
from embviz.distributed.partitions import Partition, TableColumns, cells_of
from embviz.errors import DatasetError, InputError
from embviz.items.mixed import UInt64Array, mixed
from embviz.progress import no_progress

if TYPE_CHECKING:
    import pyarrow

MOST_CLASSES = 5_000
"""Largest number of different values of a column of classes."""


@dataclass(frozen=True, eq=False, slots=True, repr=False)
class Known:
    """The keys and the classes of a partition's items, without their vectors.

    Attributes
    ----------
    keys
        uint64, shape (n,): a pseudo-random number for each id; different ids have different numbers, except for about
        one in 2**64 pairs of texts.
    codes
        int64, shape (n,): class of each item, as an index of `names`; all 0 without classes.
    names
        Names of the classes in this partition.
    """

    keys: UInt64Array
    codes: Int64Array
    names: tuple[str, ...]

    __repr__ = summary

    def __post_init__(self) -> None:
        check_fields(self)
        object.__setattr__(self, "keys", frozen_array("keys", self.keys, np.uint64, (None,)))
        object.__setattr__(self, "codes", frozen_array("codes", self.codes, np.int64, (len(self.keys),)))


@contextmanager
def named(partition: Partition) -> Iterator[None]:
    """A context in which every error message begins with the partition that it is about."""
    try:
        yield
    except InputError as error:
        if str(error).startswith(partition.where):
            raise
        said = str(error).removeprefix(f"{Path(partition.path).name}: ")
        raise DatasetError(f"{partition.where}: {said}") from error


def ids_of(table: Table, partition: Partition, columns: TableColumns) -> "pyarrow.Array":
    """The ids of a partition, int64 or text: those of its column, or the numbers of its rows in all files.

    Raises
    ------
    DatasetError
        If an id is missing, or ids are neither whole numbers that fit int64 nor texts.
    """
    import pyarrow

    if not columns.id:
        return pyarrow.array(np.arange(partition.before, partition.before + partition.n))
    found = cells_of(table, columns.id, partition.rows)
    if found.null_count:
        row = partition.first + int(np.flatnonzero(found.is_null().to_numpy(zero_copy_only=False))[0])
        raise DatasetError(f"{table.where}: row {row} has no {columns.id!r}; give every item an id")
    if is_text(found.type):
        return found.cast(pyarrow.string())
    if not pyarrow.types.is_integer(found.type):
        raise DatasetError(f"{table.where}: {columns.id!r} holds {found.type!s:.60}; ids are whole numbers or texts")
    try:
        return found.cast(pyarrow.int64())
    except pyarrow.ArrowInvalid as error:
        raise DatasetError(f"{table.where}: {columns.id!r} has ids above 2**63; save them as text") from error


def keys_of(ids: "pyarrow.Array") -> UInt64Array:
    """The key of each id, uint64, the same for equal ids in every partition.

    Examples
    --------
    >>> import pyarrow
    >>> len(set(keys_of(pyarrow.array(["a", "b", "a"])).tolist()))
    2
    """
    if not is_text(ids.type):
        return mixed(ids.to_numpy())
    digests = b"".join(blake2b(text.encode(), digest_size=8).digest() for text in ids.to_pylist())
    return np.frombuffer(digests, "<u8").astype(np.uint64)


def known_of(table: Table, partition: Partition, columns: TableColumns) -> Known:
    """Keys and classes of the items of a partition.

    Raises
    ------
    DatasetError
        If ids are refused by `ids_of`, labels are not one value per item or have too many values, or the file cannot be
        read.
    """
    import pyarrow
    import pyarrow.compute

    keys = keys_of(ids_of(table, partition, columns))
    if not columns.label:
        return Known(keys, np.zeros(len(keys), np.int64), ("",))
    cells = cells_of(table, columns.label, partition.rows)
    try:
        texts = pyarrow.compute.fill_null(cells.cast(pyarrow.large_string()), NO_CLASS)
    except (pyarrow.ArrowInvalid, pyarrow.ArrowNotImplementedError) as error:
        raise DatasetError(
            f"{table.where}: {columns.label!r} holds {cells.type!s:.60}; labels are one value per item"
        ) from error
    found = texts.dictionary_encode()
    if len(found.dictionary) > MOST_CLASSES:
        raise DatasetError(f"{partition.where}: {too_many_classes(columns, len(found.dictionary))}")
    return Known(keys, found.indices.to_numpy().astype(np.int64), tuple(found.dictionary.to_pylist()))


def too_many_classes(columns: TableColumns, count: int) -> str:
    """The message about a label column with too many different values for classes."""
    return (
        f"{columns.label!r} has {count:,} different values; labels are classes, at most {MOST_CLASSES:,} of them: "
        "choose another column, or leave label out"
    )


def vectors_of(table: Table, partition: Partition, columns: TableColumns, width: int) -> Float32Array:
    """The vectors of a partition, float32 of shape (n, width).

    Raises
    ------
    DatasetError
        If a vector has another length, lacks a number, or is not finite as float32.
    """
    names = columns.of_vectors(table.types)
    if len(names) > 1:
        read = rows_of_columns(table, names, (width,), np.dtype(np.float32))
    else:
        numbers = number_in(table.types[names[0]])
        assert numbers is not None, "asked when the partitions were made"
        read = rows_of_lists(table, names[0], (width,), (width,), numbers)
    given = read(partition.rows, no_progress)
    with np.errstate(over="ignore"):  # numbers too large for float32 become infinite, and are refused
        vectors = np.ascontiguousarray(given, np.float32)
    if not is_finite(vectors):
        raise DatasetError(
            f"{partition.where}: vectors must be finite, but, counted from the first of these rows, "
            f"{not_finite(vectors, given)}; fill them, or leave those rows out"
        )
    return vectors
