"""The first pass over all partitions: checks, counts of classes, and sums for principal components."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embviz.arrays import Int64Array
from embviz.distributed.folder import Work, parts_of
from embviz.distributed.items import MOST_CLASSES, Known, ids_of, keys_of, known_of, named, too_many_classes, vectors_of
from embviz.distributed.moments import Moments, moments_of, moments_together
from embviz.distributed.partitions import Partition, TableColumns, table_at
from embviz.errors import DatasetError
from embviz.neighbors.distances import checked_vectors, measured_vectors
from embviz.processes.blas import one_blas_thread

SHARE = 2**24
"""Number of keys that are compared at a time to find equal ones: 128 MiB of them."""


@dataclass(frozen=True, eq=False, slots=True)
class Whole:
    """Totals over all partitions.

    Attributes
    ----------
    n
        Number of items.
    names
        Names of all classes, sorted.
    counts
        int64: number of items of each class.
    moments
        Moments of all vectors; None if they are not needed.
    """

    n: int
    names: tuple[str, ...]
    counts: Int64Array
    moments: Moments | None


def scanned(
    work: Work, partition: Partition, columns: TableColumns, width: int, metric: str, *, with_moments: bool
) -> None:
    """Read a partition, refuse it if it cannot be laid out, and keep its keys, classes and moments.

    Raises
    ------
    DatasetError
        If ids, labels or vectors are invalid; the message names the partition.
    ExportError
        If the result cannot be written.
    """
    with named(partition), one_blas_thread():
        table = table_at(partition)
        known = known_of(table, partition, columns)
        vectors = measured_vectors(checked_vectors(vectors_of(table, partition, columns, width)), metric)
        if with_moments:
            work.keep("moments", parts_of(moments_of(vectors)), partition.number)
    work.keep("known", parts_of(known), partition.number)


def known_at(work: Work, number: int) -> Known:
    """Keys and classes of a partition, as `scanned` has kept them."""
    kept = work.kept("known", number)
    return Known(kept["keys"], kept["codes"], tuple(kept["names"]))


def whole_of(work: Work, partitions: Sequence[Partition], columns: TableColumns, *, with_moments: bool) -> Whole:
    """Totals of the scans of all partitions.

    Raises
    ------
    DatasetError
        If there are more than `MOST_CLASSES` classes.
    """
    counts: Counter[str] = Counter()
    for partition in partitions:
        known = known_at(work, partition.number)
        for name, count in zip(known.names, np.bincount(known.codes, minlength=len(known.names)), strict=True):
            counts[name] += int(count)
    names = tuple(sorted(counts))
    if len(names) > MOST_CLASSES:
        raise DatasetError(too_many_classes(columns, len(names)))
    kept = (Moments(**work.kept("moments", each.number)) for each in partitions)
    moments = moments_together(kept) if with_moments else None
    n = sum(partition.n for partition in partitions)
    return Whole(n, names, np.array([counts[name] for name in names]), moments)


def repeated_keys(work: Work, numbers: Sequence[int], share: int, shares: int) -> list[tuple[int, int, int]]:
    """Keys, in one range of all keys, that occur twice, each with its two partitions; at most ten.

    Parameters
    ----------
    work, numbers
        The work folder with the keys, and the numbers of the partitions.
    share, shares
        Index of the range, and number of equal ranges that all keys are divided into.
    """
    keys, places = [], []
    step = 2**64 // shares + 1
    for number in numbers:
        found = known_at(work, number).keys
        mine = found[found // np.uint64(step) == share] if shares > 1 else found
        keys.append(mine)
        places.append(np.full(len(mine), number))
    all_keys, all_places = np.concatenate(keys), np.concatenate(places)
    order = np.argsort(all_keys, kind="stable")
    twice = np.flatnonzero(all_keys[order][1:] == all_keys[order][:-1])[:10]
    return [
        (int(all_keys[order[at]]), int(all_places[order[at]]), int(all_places[order[at + 1]])) for at in twice.tolist()
    ]


def check_apart(key: int, first: Partition, second: Partition, columns: TableColumns) -> None:
    """Refuse two items with one id; different texts whose keys are equal by chance are accepted.

    Raises
    ------
    DatasetError
        If an id with this key is in both partitions, or twice in one; the message names them.
    """
    ids = []
    for partition in (first, second):
        found = ids_of(table_at(partition), partition, columns)
        ids.append([found[int(row)].as_py() for row in np.flatnonzero(keys_of(found) == np.uint64(key))])
    both = set(ids[0]) & set(ids[1])
    if first == second:
        both = {each for each in ids[0] if ids[0].count(each) > 1}
    if both:
        where = f"{first.where} and {second.where}" if first != second else f"{first.where}, twice"
        raise DatasetError(f"id {min(both)!r} is in {where}; give every item an id of its own")
