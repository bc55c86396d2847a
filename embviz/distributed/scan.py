"""The first pass over all partitions: what is wrong with them, which classes there are, and sums for principal axes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embviz.arrays import Int64Array
from embviz.distributed.folder import Work
from embviz.distributed.items import Known, ids_of, keys_of, known_of, named, vectors_of
from embviz.distributed.moments import Moments, moments_of, moments_together
from embviz.distributed.partitions import Columns, Partition, table_at
from embviz.errors import DatasetError
from embviz.neighbors.distances import checked_vectors, measured_vectors
from embviz.processes.blas import one_blas_thread
from embviz.storage.artifacts import Artifact

SHARE = 2**24
"""Keys that are compared at a time for being equal: 128 MiB of them."""


@dataclass(frozen=True, eq=False, slots=True)
class Whole:
    """What all partitions have in common.

    Attributes
    ----------
    n
        Number of items.
    names
        Of all classes, sorted.
    counts
        int64: items of each class.
    moments
        Of all vectors; None where nobody needs them.
    """

    n: int
    names: tuple[str, ...]
    counts: Int64Array
    moments: Moments | None


def scanned(
    work: Work, partition: Partition, columns: Columns, width: int, metric: str, *, with_moments: bool
) -> None:
    """Read a partition, refuse what cannot be laid out, and keep what later passes need of it.

    Raises
    ------
    DatasetError
        If ids, labels or vectors are not as they should be; the message names the partition.
    ExportError
        If the result cannot be written.
    """
    with named(partition), one_blas_thread():
        table = table_at(partition)
        known = known_of(table, partition, columns)
        vectors = measured_vectors(checked_vectors(vectors_of(table, partition, columns, width)), metric)
        if with_moments:
            moments = moments_of(vectors)
            arrays = {"sums": moments.sums, "products": moments.products}
            places = {"lowest_sum": moments.lowest_sum, "lowest_product": moments.lowest_product}
            work.keep("moments", Artifact(arrays, {"n": moments.n, **places}), partition.number)
    arrays = {"keys": known.keys, "codes": known.codes}
    work.keep("known", Artifact(arrays, {"names": known.names}), partition.number)


def known_at(work: Work, number: int) -> Known:
    """Keys and classes of a partition, as `scanned` has kept them."""
    kept = work.kept("known", number)
    names = kept.scalars["names"]
    assert isinstance(names, list), "so they were kept"
    return Known(kept.arrays["keys"], kept.arrays["codes"], tuple(map(str, names)))


def whole_of(work: Work, partitions: Sequence[Partition], *, with_moments: bool) -> Whole:
    """What the scans of all partitions add up to."""
    counts: Counter[str] = Counter()
    for partition in partitions:
        known = known_at(work, partition.number)
        for name, count in zip(known.names, np.bincount(known.codes, minlength=len(known.names)), strict=True):
            counts[name] += int(count)
    names = tuple(sorted(counts))
    moments = moments_together(_moments_at(work, each.number) for each in partitions) if with_moments else None
    return Whole(sum(partition.n for partition in partitions), names, np.array([counts[name] for name in names]), moments)


def _moments_at(work: Work, number: int) -> Moments:
    kept = work.kept("moments", number)
    return Moments(**kept.arrays, **kept.scalars)  # type: ignore[arg-type]  # checked by the class itself


def repeated_keys(work: Work, numbers: Sequence[int], share: int, shares: int) -> list[tuple[int, int, int]]:
    """Keys that occur twice, each with the two partitions, among those that begin like this share of all; the first ten.

    Parameters
    ----------
    work, numbers
        Where the keys are, and of which partitions.
    share, shares
        Which of so many equal ranges of keys is looked through.
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


def check_apart(key: int, first: Partition, second: Partition, columns: Columns) -> None:
    """Refuse two items of one id; texts whose keys are equal by chance are let through.

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
