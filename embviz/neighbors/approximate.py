"""Approximate nearest neighbors, by cells or by a navigable graph, for sets too large to compare all pairs."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from functools import cached_property
from math import isqrt
from typing import Any

import numpy as np

from embviz.arrays import Float32Array, Int64Array
from embviz.neighbors.distances import distance_from_squared, squared_distances
from embviz.neighbors.exact import ExactIndex, Piece
from embviz.progress import ROWS, Progress, blocks_of

CELL_DIMENSIONS = 256
"""Up to here cells are faster (70,000 rows of 50: 7 s instead of 11), beyond the graph (of 784: 34 s instead of 50)."""

PROBES = (16, 20, 24, 28, 32, 40, 48, 64, 96, 128)
"""Cells that a search looks into; most data needs 24 to 48 of a thousand."""

LEAST_ROWS = 1000
"""With fewer rows in the cells looked into, searches miss too many."""

MOST_CELLS = 1 / 4
"""Share of the cells beyond which it is faster to compare all pairs."""

TRAINING_ROUNDS, ROWS_PER_CELL = 5, 64
"""Of k-means, which need not be good: cells are only a way to look into few rows."""

LINKS = 16
"""faiss' M: links per row on the upper levels of the graph, twice as many on the lowest."""

SIGHTS = (1.25, 1.5, 2, 4, 8)
"""Rows a search of the graph keeps in sight, per neighbor wanted; at 8 it is as slow as comparing all pairs."""

LEAST_SIGHT = 64
"""Below this many rows in sight, searches for few neighbors miss too many."""


class ApproximateIndex(ABC):
    """Most of the k nearest among fixed rows, ordered by (distance, position).

    Not exact: how many of the true neighbors are found depends on `effort` and on the data, so measure
    it. The same for any number of threads.

    Attributes
    ----------
    effort
        How far a search goes; may be changed between searches.
    block
        Queries to answer at once, which takes a tenth of a second among 70,000 rows.
    """

    block: int
    _added: int
    """Rows to add at once, which takes as long."""

    def __init__(self, index: Any, base: Float32Array, metric: str, progress: Progress) -> None:
        self._index = index
        self._base = base
        self._metric = metric
        self.effort = 1
        for block in blocks_of("neighbor index", len(base), self._added, progress):
            index.add(base[block])

    @abstractmethod
    def efforts(self, k: int) -> Sequence[int]:
        """Those worth trying for k neighbors, from the fastest on."""

    @abstractmethod
    def found(self, queries: Float32Array, k: int) -> Int64Array:
        """Positions int64 (q, k) in the base in any order; -1 where fewer than k rows could be reached."""

    def nearest(self, queries: Float32Array, k: int) -> tuple[Int64Array, Float32Array]:
        """Positions int64 (q, k) in the base, and distances float32 (q, k), for 1 <= k <= len(base)."""
        found = self.found(queries, k)
        distances = distance_from_squared(squared_distances(queries, self._base, found), self._metric)
        order = np.lexsort((found, distances))
        positions = np.take_along_axis(found, order, axis=1)
        distances = np.take_along_axis(distances, order, axis=1)
        short = np.flatnonzero((found < 0).any(axis=1))
        if len(short):
            positions[short], distances[short] = self._exact.nearest(queries[short], k)
        return positions, distances

    def pieces(self, queries: Float32Array, k: int) -> Iterator[Piece]:
        """See `Index`."""
        yield np.arange(len(queries)), *self.nearest(queries, k)

    @cached_property
    def _exact(self) -> ExactIndex:
        return ExactIndex(self._base, self._metric)


class CellIndex(ApproximateIndex):
    """Rows sorted into cells around centers, of which a search looks into the nearest (an inverted file)."""

    block, _added = 512, ROWS

    def __init__(self, base: Float32Array, metric: str, progress: Progress) -> None:
        from embviz.neighbors.faiss_library import faiss

        n, dims = base.shape
        cells = min(4 * isqrt(n), n)
        rounds = faiss.ClusteringParameters()
        rounds.niter = 1  # each goes on from the centers of the last
        rounds.min_points_per_centroid, rounds.max_points_per_centroid = 1, ROWS_PER_CELL
        clustering, centers = faiss.Clustering(dims, cells, rounds), faiss.IndexFlatL2(dims)
        for _ in blocks_of("search cells", TRAINING_ROUNDS, 1, progress):
            clustering.train(base, centers)
        index = faiss.IndexIVFFlat(centers, dims, cells)
        index.train(base[:1])  # it has its centers
        super().__init__(index, base, metric, progress)

    def efforts(self, k: int) -> Sequence[int]:
        """Numbers of cells (faiss' nprobe), whatever k is; none for so few rows that no number is worth it."""
        cells = self._index.nlist
        least = -(-LEAST_ROWS * cells // len(self._base))
        return [probes for probes in sorted({max(each, least) for each in PROBES}) if probes <= MOST_CELLS * cells]

    def found(self, queries: Float32Array, k: int) -> Int64Array:
        """See `ApproximateIndex`."""
        self._index.nprobe = self.effort
        positions: Int64Array = self._index.search(queries, k)[1]
        return positions


class HnswIndex(ApproximateIndex):
    """Rows linked to near ones, along which a search walks (Malkov and Yashunin, 2018).

    faiss builds the graph in an order that does not depend on the threads since 1.15.1.
    """

    block, _added = 256, 1024

    def __init__(self, base: Float32Array, metric: str, progress: Progress) -> None:
        from embviz.neighbors.faiss_library import faiss

        super().__init__(faiss.IndexHNSWFlat(base.shape[1], LINKS), base, metric, progress)

    def efforts(self, k: int) -> Sequence[int]:
        """Numbers of rows in sight (faiss' efSearch)."""
        return [max(int(sight * k), LEAST_SIGHT) for sight in SIGHTS]

    def found(self, queries: Float32Array, k: int) -> Int64Array:
        """See `ApproximateIndex`."""
        self._index.hnsw.efSearch = self.effort
        positions: Int64Array = self._index.search(queries, k)[1]
        return positions


def approximate_index(base: Float32Array, metric: str, progress: Progress) -> ApproximateIndex:
    """The kind of index that is faster for rows so wide; `progress` is called with stage ``neighbor index``."""
    return (CellIndex if base.shape[1] <= CELL_DIMENSIONS else HnswIndex)(base, metric, progress)
