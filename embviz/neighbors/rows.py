"""Search of the k nearest rows, among chosen rows and for chosen rows; a row is never its own neighbor.

An index holds equal rows only once; the neighbor lists made here name each of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from embviz.arrays import Float32Array, Float64Array, Int32Array, Int64Array, row_codes, summary
from embviz.errors import SpecError
from embviz.neighbors.exact import ExactIndex, Piece
from embviz.neighbors.ties import even_picks
from embviz.progress import ROWS, Progress, blocks_of, no_progress


class NearestRows(NamedTuple):
    """Rows and distances of the k nearest neighbors, one list per query.

    Attributes
    ----------
    indices
        int32, shape (q, k), ordered by (distance, row).
    distances
        float32, shape (q, k).
    further
        int64, shape (q,): number of rows not listed that are as near as the last row of the list.
    """

    indices: Int32Array
    distances: Float32Array
    further: Int64Array


class Index(Protocol):
    """A search index of rows without duplicates, which finds the k nearest of them to a query."""

    @property
    def block(self) -> int:
        """Number of queries to answer at once: enough to be fast, few enough to take a fraction of a second."""

    def pieces(self, queries: Float32Array, k: int) -> Iterator[Piece]:
        """Positions and distances of the nearest rows, k or more for each query, some queries at a time."""


def nearest_rows(
    vectors: Float32Array, k: int, *, among: Int64Array, of: Int64Array, progress: Progress = no_progress
) -> NearestRows:
    """The k nearest of the rows `among` for each row in `of`, exactly, by Euclidean distance.

    For statistics of classes: `among` and `of` may be the items of the same class, or of two different ones. A row is
    never its own neighbor, but its exact duplicates are, at distance 0.

    Parameters
    ----------
    vectors
        float32, shape (n, d), as `checked_vectors` returns them; not checked again here.
    k
        1 .. the number of rows in `among`, or one less if `of` shares rows with it.
    among
        int64: rows to choose neighbors from, ascending.
    of
        int64, shape (q,): rows whose neighbors are wanted.
    progress
        Called with stages ``duplicates``, ``neighbor index`` and ``neighbors`` between blocks of rows.

    Returns
    -------
    NearestRows
        Rows of `vectors`; of equally far rows at the end of a list, the lower ones are listed.

    Raises
    ------
    SpecError
        If there are fewer than k rows to choose from.

    Examples
    --------
    >>> line = np.array([[0], [1], [3], [7]], np.float32)
    >>> nearest = nearest_rows(line, 2, among=np.array([0, 1, 3]), of=np.array([1, 2]))
    >>> nearest.indices.tolist(), nearest.distances.tolist()
    ([[0, 3], [1, 0]], [[1.0, 6.0], [2.0, 3.0]])
    """
    own = np.where(np.isin(of, among), np.searchsorted(among, of), -1)
    choices = len(among) - bool((own >= 0).any())
    if not 1 <= k <= choices:
        raise SpecError(f"k must be in 1..{choices}, the number of other items to choose from, got {k}")
    base = vectors[among]
    twins = twins_of(base, progress=progress)
    index = ExactIndex(twins.different(base), "euclidean", progress)
    found = search(index, twins, vectors, k, of=of, own=own, progress=progress)
    return found._replace(indices=among[found.indices].astype(np.int32))


@dataclass(frozen=True, slots=True, repr=False)
class Twins:
    """The exact duplicates among rows, so that an index can hold every vector once.

    Many duplicates in an index crowd out the rest of a neighbor list and cut a navigable graph into pieces.

    Attributes
    ----------
    vector_of
        int64, shape (m,): number of each row's vector, 0 .. u - 1, where equal rows have one vector.
    members
        int64, shape (m,): all rows, ordered by (vector, row).
    starts, sizes
        int64, shape (u,): start of each vector's rows in `members`, and their number.
    """

    vector_of: Int64Array
    members: Int64Array
    starts: Int64Array
    sizes: Int64Array

    __repr__ = summary

    @property
    def first(self) -> Int64Array:
        """The first row of each different vector, ascending."""
        return self.members[self.starts]

    def different(self, base: Float32Array) -> Float32Array:
        """Each different row of `base` once; `base` itself, not copied, if it has no duplicates."""
        return base if len(self.starts) == len(base) else base[self.first]


def twins_of(base: Float32Array, *, progress: Progress = no_progress) -> Twins:
    """The rows of `base` that are equal, byte for byte; `progress` is called with stage ``duplicates``.

    Examples
    --------
    >>> twins = twins_of(np.array([[5], [6], [5]], np.float32))
    >>> twins.first.tolist(), twins.members.tolist(), twins.sizes.tolist()
    ([0, 1], [0, 2, 1], [2, 1])
    """
    vector_of = row_codes(base, blocks_of("duplicates", len(base), ROWS, progress))
    sizes = np.bincount(vector_of)
    return Twins(vector_of, np.argsort(vector_of, kind="stable"), np.cumsum(sizes) - sizes, sizes)


def search(
    index: Index,
    twins: Twins,
    vectors: Float32Array,
    k: int,
    *,
    of: Int64Array,
    own: Int64Array,
    draws: Float64Array | None = None,
    progress: Progress,
) -> NearestRows:
    """The k nearest of each row in `of`, without the row itself, as positions in the array that `twins` was made from.

    `index` holds each different row of that array once, in the order of `twins.first`. `own` has the position of each
    query in the array, -1 for a query that is not in it. Of equally far rows at the end of a list, the lower ones are
    listed; if `draws` are given, those that `even_picks` picks.
    """
    wanted = min(k + 1, len(twins.starts))  # one more, because a row finds itself
    nearest = NearestRows(
        np.empty((len(of), k), np.int32), np.empty((len(of), k), np.float32), np.empty(len(of), np.int64)
    )
    for block in blocks_of("neighbors", len(of), index.block, progress):
        for part, positions, distances in index.pieces(vectors[of[block]], wanted):
            which = part + block.start
            listed = _listed(twins, k, own[which], positions, distances, None if draws is None else draws[which])
            nearest.indices[which], nearest.distances[which], nearest.further[which] = listed
    return nearest


def _listed(
    twins: Twins,
    k: int,
    own: Int64Array,
    positions: Int64Array,
    distances: Float32Array,
    draws: Float64Array | None,
) -> NearestRows:
    """Neighbor lists of some queries: each vector found stands for all its rows, except the row of the query."""
    if len(twins.starts) < len(twins.members):
        return _expanded(twins, k, own, positions, distances, draws)
    nearest = _without_own(k, own, positions, distances)
    if draws is not None and nearest.further.any():
        tied = np.flatnonzero(nearest.further)
        listed = _expanded(twins, k, own[tied], positions[tied], distances[tied], draws[tied])
        nearest.indices[tied], nearest.distances[tied] = listed.indices, listed.distances
    return nearest


def _without_own(k: int, own: Int64Array, positions: Int64Array, distances: Float32Array) -> NearestRows:
    """Neighbor lists of queries if no row has a duplicate: the first k positions other than the query's own."""
    is_other = positions != own[:, None]
    has_own = ~is_other[:, :k].all(axis=1)
    farthest = distances[np.arange(len(own)), k - 1 + has_own]
    further = ((distances[:, k:] == farthest[:, None]) & is_other[:, k:]).sum(axis=1) - has_own
    taken = is_other[:, : k + 1]
    taken[:, k:] &= has_own[:, None]
    indices, nearest = positions[:, : k + 1][taken], distances[:, : k + 1][taken]
    return NearestRows(indices.astype(np.int32).reshape(-1, k), nearest.reshape(-1, k), further)


def _expanded(
    twins: Twins,
    k: int,
    own: Int64Array,
    positions: Int64Array,
    distances: Float32Array,
    draws: Float64Array | None,
) -> NearestRows:
    """Neighbor lists of queries if rows have duplicates or ties are drawn: see `_listed`."""
    own_vector = np.where(own < 0, -1, twins.vector_of[own])
    sizes = twins.sizes[positions] - (positions == own_vector[:, None])
    last = (sizes.cumsum(axis=1) >= k).argmax(axis=1)
    farthest = np.take_along_axis(distances, last[:, None], axis=1)
    nearer, level = distances < farthest, distances == farthest
    free = k - (sizes * nearer).sum(axis=1)
    further = (sizes * level).sum(axis=1) - free
    if draws is None:
        queries, rows, far = _members(twins, positions, distances, nearer | level, most=k + 1)
    else:
        parts = [
            _members(twins, positions, distances, nearer, most=k + 1),
            _drawn(twins, own, positions, distances, level, draws, free),
        ]
        queries, rows, far = (np.concatenate(both) for both in zip(*parts, strict=True))
    others = rows != own[queries]
    queries, rows, far = queries[others], rows[others], far[others]
    order = np.lexsort((rows, far, queries))
    begin = np.searchsorted(queries[order], np.arange(len(positions)))
    chosen = order[begin[:, None] + np.arange(k)]
    return NearestRows(rows[chosen].astype(np.int32), far[chosen], further)


Members = tuple[Int64Array, Int64Array, Float32Array]
"""Neighbors that lists are chosen from: for each its query, row and distance, as three arrays of one length."""


def _members(
    twins: Twins, positions: Int64Array, distances: Float32Array, taken: npt.NDArray[np.bool_], most: int
) -> Members:
    """The rows of each vector that is `taken`, at most its `most` lowest ones."""
    queries, columns = np.nonzero(taken)
    vectors = positions[queries, columns]
    counts = np.minimum(twins.sizes[vectors], most)
    place = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    rows = twins.members[np.repeat(twins.starts[vectors], counts) + place]
    return np.repeat(queries, counts), rows, np.repeat(distances[queries, columns], counts)


def _drawn(
    twins: Twins,
    own: Int64Array,
    positions: Int64Array,
    distances: Float32Array,
    level: npt.NDArray[np.bool_],
    draws: Float64Array,
    counts: Int64Array,
) -> Members:
    """Rows drawn at random, `counts` per query, from the rows of its vectors marked `level`, without the query."""
    queries, columns = np.nonzero(level)
    vectors = positions[queries, columns]
    has_own = vectors == np.where(own < 0, -1, twins.vector_of[own])[queries]
    ends = np.cumsum(twins.sizes[vectors] - has_own)
    first, end = np.searchsorted(queries, np.arange(len(own))), np.searchsorted(queries, np.arange(len(own)), "right")
    totals = ends[end - 1] - (ends[first] - (twins.sizes[vectors] - has_own)[first])
    picks = even_picks(draws, totals, counts) + np.repeat(ends[end - 1] - totals, counts)
    entry = np.searchsorted(ends, picks, "right")
    place = twins.starts[vectors[entry]] + picks - (ends - twins.sizes[vectors] + has_own)[entry]
    rows = twins.members[place]
    is_beyond_own = has_own[entry] & (rows >= own[queries[entry]])
    rows = np.where(is_beyond_own, twins.members[place + is_beyond_own], rows)
    return queries[entry], rows, distances[queries[entry], columns[entry]]
