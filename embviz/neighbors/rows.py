"""The k nearest rows among some rows, for others: duplicates expanded, an item never its own neighbor."""

import hashlib
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from embviz.arrays import Float32Array, Int32Array, Int64Array
from embviz.errors import SpecError
from embviz.neighbors.exact import ExactIndex
from embviz.progress import ROWS, Progress, blocks_of, no_progress


class NearestRows(NamedTuple):
    """Rows and distances of the nearest, one line per query."""

    indices: Int32Array
    distances: Float32Array


class Index(Protocol):
    """Finds the k nearest among rows that are all different."""

    @property
    def block(self) -> int:
        """Queries to answer at once: enough of them to be fast, and so few that it is soon done."""

    def nearest(self, queries: Float32Array, k: int) -> tuple[Int64Array, Float32Array]:
        """Positions int64 (q, k) and distances float32 (q, k), ordered by (distance, position)."""


def nearest_rows(
    vectors: Float32Array, k: int, *, among: Int64Array, of: Int64Array, progress: Progress = no_progress
) -> NearestRows:
    """For each row in `of` the k nearest among the rows `among`, exactly, by Euclidean distance.

    The part from which everything restricted to classes is made: with `among` and `of` one class, its
    own neighbor lists; with two classes, what crosses between them. A row is never its own neighbor,
    but its exact duplicates are, at distance 0.

    Parameters
    ----------
    vectors
        float32, shape (n, d), as `checked_vectors` returns them; not checked again here.
    k
        1 .. the number of rows in `among`, one less where `of` shares rows with it.
    among
        int64, rows to choose from, ascending.
    of
        int64, shape (q,), rows to find neighbors of.
    progress
        Called with stages ``duplicates``, ``neighbor index`` and ``neighbors`` between blocks of rows.

    Returns
    -------
    NearestRows
        indices int32 (q, k): rows of `vectors`, ordered by (distance, row); distances float32 (q, k).

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
    return NearestRows(among[found.indices].astype(np.int32), found.distances)


@dataclass(frozen=True, slots=True)
class Twins:
    """Which rows are exact duplicates, so that an index holds every vector once.

    Many duplicates in an index crowd out the rest of a neighbor list and cut a navigable graph into pieces.

    Attributes
    ----------
    first
        int64, shape (u,): the first row of each different vector, ascending.
    members
        int64, shape (m,): all rows, those of one vector together and ascending.
    starts, sizes
        int64, shape (u,): where in `members` the rows of a vector begin, and how many there are.
    """

    first: Int64Array
    members: Int64Array
    starts: Int64Array
    sizes: Int64Array

    def different(self, base: Float32Array) -> Float32Array:
        """Each vector of `base` once; `base` itself, not copied, where it has no duplicates."""
        return base if len(self.first) == len(base) else base[self.first]

    def expanded(self, positions: Int64Array, distances: Float32Array, k: int) -> tuple[Int64Array, Float32Array]:
        """The k first rows in the order (distance, row) when every vector stands for all its rows.

        `positions` and `distances` are the min(k, u) nearest different vectors of each query: enough,
        since each stands for a row at least, and vectors at equal distance come by their first row.
        """
        if len(self.first) == len(self.members):
            return positions, distances
        counts = np.minimum(self.sizes[positions], k)
        per_query = counts.sum(axis=1)
        counts = counts.ravel()
        place = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        rows = self.members[np.repeat(self.starts[positions.ravel()], counts) + place]
        distance = np.repeat(distances.ravel(), counts)
        order = np.lexsort((rows, distance, np.repeat(np.arange(len(positions)), per_query)))
        chosen = order[(np.cumsum(per_query) - per_query)[:, None] + np.arange(k)]
        return rows[chosen], distance[chosen]


def twins_of(base: Float32Array, *, progress: Progress = no_progress) -> Twins:
    """Exact duplicates among the rows of `base`, by their bytes; `progress` is called with stage ``duplicates``.

    Examples
    --------
    >>> twins = twins_of(np.array([[5], [6], [5]], np.float32))
    >>> twins.first.tolist(), twins.members.tolist(), twins.sizes.tolist()
    ([0, 1], [0, 2, 1], [2, 1])
    """
    known: dict[bytes, int] = {}
    # Digests, because a table of the bytes themselves would be as large as the base.
    vector_of = np.empty(len(base), np.int64)
    for block in blocks_of("duplicates", len(base), ROWS, progress):
        digests = (hashlib.blake2b(row, digest_size=16).digest() for row in base[block])
        vector_of[block] = [known.setdefault(digest, len(known)) for digest in digests]
    members = np.argsort(vector_of, kind="stable")
    sizes = np.bincount(vector_of)
    starts = np.cumsum(sizes) - sizes
    return Twins(first=members[starts], members=members, starts=starts, sizes=sizes)


def search(
    index: Index, twins: Twins, vectors: Float32Array, k: int, *, of: Int64Array, own: Int64Array, progress: Progress
) -> NearestRows:
    """The k nearest of each row in `of`, itself left out, as positions among the rows that `twins` describes.

    `index` holds each different vector once, as `twins` lists them; `own` is each query's own position there, or -1.
    """
    wanted = min(k + 1, len(twins.members))  # one more, because a row finds itself
    nearest = NearestRows(np.empty((len(of), k), np.int32), np.empty((len(of), k), np.float32))
    for block in blocks_of("neighbors", len(of), index.block, progress):
        positions, distances = index.nearest(vectors[of[block]], min(wanted, len(twins.first)))
        positions, distances = twins.expanded(positions, distances, wanted)
        others = positions != own[block, None]
        others[others.sum(axis=1) > k, -1] = False
        nearest.indices[block] = positions[others].reshape(-1, k)
        nearest.distances[block] = distances[others].reshape(-1, k)
    return nearest
