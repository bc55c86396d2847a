"""A seeded stratified sample of all items, which does not depend on how they are cut into partitions."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from embviz.arrays import BoolArray, Int64Array
from embviz.datasets.sampling import class_shares
from embviz.distributed.folder import Work
from embviz.distributed.items import Known
from embviz.distributed.scan import Whole, known_at
from embviz.items.mixed import UInt64Array, mixed


class Drawn(NamedTuple):
    """Items of a sample, with their random keys.

    Attributes
    ----------
    lots
        uint64: random key of each item; items with lower keys are drawn first.
    codes
        int64: class of each item, as an index of all classes.
    numbers, rows
        int64: partition of each item, and row in it.
    """

    lots: UInt64Array
    codes: Int64Array
    numbers: Int64Array
    rows: Int64Array


def is_measured(keys: UInt64Array, seed: int, share: float) -> BoolArray:
    """Whether each item, by its `Known.keys`, is in a random sample of about this share, drawn apart from `drawn_of`.

    Examples
    --------
    >>> bool(abs(is_measured(mixed(np.arange(10_000)), 0, 0.25).mean() - 0.25) < 0.02)
    True
    """
    if share >= 1:
        return np.ones(len(keys), np.bool_)
    lots = mixed(~keys ^ mixed(np.array([seed], np.uint64)))
    return lots < np.uint64(share * 2.0**64)


def wanted_of(whole: Whole, limit: int) -> dict[str, int]:
    """Number of items of each class in the sample."""
    counts = whole.counts if limit >= whole.n else class_shares(whole.counts, limit)
    return dict(zip(whole.names, counts.tolist(), strict=True))


def drawn_of(known: Known, number: int, wanted: Mapping[str, int], seed: int) -> Drawn:
    """The items of a partition that may be in the sample: of each class those with the lowest random keys.

    An item's random key depends on the seed and its `Known.keys` only.

    Examples
    --------
    >>> known = Known(mixed(np.arange(6)), np.array([0, 0, 0, 0, 1, 1]), ("a", "b"))
    >>> drawn = drawn_of(known, 3, {"a": 2, "b": 1, "c": 4}, seed=0)
    >>> sorted(drawn.codes.tolist()), set(drawn.numbers.tolist())
    ([0, 0, 1], {3})
    """
    lots = mixed(known.keys ^ mixed(np.array([seed], np.uint64)))
    places = {name: place for place, name in enumerate(wanted)}
    rows = []
    for code, name in enumerate(known.names):
        mine = np.flatnonzero(known.codes == code)
        count = min(wanted[name], len(mine))
        rows.append(mine[np.argpartition(lots[mine], count - 1)[:count]] if 0 < count < len(mine) else mine[:count])
    chosen = np.concatenate(rows)
    codes = np.array([places[name] for name in known.names])[known.codes[chosen]]
    return Drawn(lots[chosen], codes, np.full(len(chosen), number), chosen)


def drawn_together(parts: Iterable[Drawn], wanted: Mapping[str, int]) -> Drawn:
    """The sample of all items, in the order of their random keys, from the items drawn in each partition."""
    most = np.array(list(wanted.values()))
    kept: Drawn | None = None
    for part in parts:
        both = part if kept is None else _joined(kept, part)
        order = np.lexsort((both.lots, both.codes))
        codes = both.codes[order]
        place = np.arange(len(codes)) - np.searchsorted(codes, codes)
        kept = _some(both, order[place < most[codes]])
    assert kept is not None, "there is at least one partition"
    return _some(kept, np.argsort(kept.lots, kind="stable"))


def _joined(first: Drawn, second: Drawn) -> Drawn:
    pairs: Iterator[Any] = zip(first, second, strict=True)
    return Drawn(*map(np.concatenate, pairs))


def _some(drawn: Drawn, places: Int64Array) -> Drawn:
    return Drawn(drawn.lots[places], drawn.codes[places], drawn.numbers[places], drawn.rows[places])


def drawn_at(work: Work, number: int, wanted: Mapping[str, int], seed: int) -> Drawn:
    """The items drawn in a partition that was scanned: see `drawn_of`."""
    return drawn_of(known_at(work, number), number, wanted, seed)
