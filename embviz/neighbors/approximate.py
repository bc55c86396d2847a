"""Approximate nearest neighbors, for sets too large to compare all pairs: cells, shortened rows, or navigable graph."""

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
"""Largest number of dimensions for which cells of whole rows are used.

For 70,000 rows of 50 dimensions they take 7 s, where the graph takes 11 s; for 784 dimensions 50 s, the graph 34 s.
"""

DIRECTIONS, DIRECTION_ROWS = 64, 2048
"""Number of principal components that longer rows are shortened to, and of rows from which these are estimated."""

CANDIDATES, CELLS_PER_CANDIDATE = 3, 16
"""Whole rows compared per neighbor wanted: at least `CANDIDATES`, or one per `CELLS_PER_CANDIDATE` cells searched."""

PROBES = (16, 20, 24, 28, 32, 40, 48, 64, 96, 128)
"""Numbers of cells that a search may look into, tried in this order; most data needs 24 to 48 of a thousand."""

LEAST_ROWS = 1000
"""Fewest rows, on average, in the cells that a search looks into; with fewer, searches miss too many neighbors."""

MOST_CELLS = 1 / 4
"""Largest share of the cells that a search looks into; beyond it, comparing all pairs of rows is faster."""

TRAINING_ROUNDS, ROWS_PER_CELL = 5, 64
"""Iterations of k-means, and rows per cell that it is trained on; few, because a rough partition is enough."""

LINKS = 16
"""Links per row on the upper levels of the navigable graph, faiss' M; the lowest level has twice as many."""

SIGHTS = (1.25, 1.5, 2, 4, 8)
"""Candidates that a search of the graph keeps (faiss' efSearch), per neighbor wanted; tried in this order.

With 8 a search is as slow as comparing all pairs of rows.
"""

LEAST_SIGHT = 64
"""Fewest candidates that a search of the graph keeps; with fewer, searches for few neighbors miss too many."""


class ApproximateIndex(ABC):
    """Index that finds most of the k nearest among fixed rows, ordered by (distance, position).

    Not exact: how many of the true neighbors are found depends on `effort` and on the data, and has to be measured.
    The result does not depend on the number of threads.

    Attributes
    ----------
    effort
        Thoroughness of a search: one of `efforts`. May be changed between searches.
    block
        Number of queries to answer at once; so many take about a tenth of a second among 70,000 rows.
    """

    block: int
    _added: int
    """Number of rows to add to the index at once; so many take about a tenth of a second."""

    def __init__(self, base: Float32Array, metric: str) -> None:
        self._base = base
        self._metric = metric
        self.effort = 1

    def _add_all(self, index: Any, progress: Progress) -> None:
        for block in blocks_of("neighbor index", len(self._base), self._added, progress):
            index.add(self._base[block])

    @abstractmethod
    def efforts(self, k: int) -> Sequence[int]:
        """Values of `effort` worth trying for k neighbors, the fastest first."""

    @abstractmethod
    def found(self, queries: Float32Array, k: int) -> Int64Array:
        """Positions int64 (q, k or more) in the base in any order; -1 where too few rows could be reached."""

    def nearest(self, queries: Float32Array, k: int) -> tuple[Int64Array, Float32Array]:
        """Positions int64 (q, k) in the base, and distances float32 (q, k), for 1 <= k <= len(base)."""
        found = self.found(queries, k)
        distances = distance_from_squared(squared_distances(queries, self._base, found), self._metric)
        order = np.lexsort((found, distances))[:, :k]
        positions = np.take_along_axis(found, order, axis=1)
        distances = np.take_along_axis(distances, order, axis=1)
        short = np.flatnonzero((positions < 0).any(axis=1))
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
    """Index that sorts rows into cells around centers and searches the cells nearest to a query (an inverted file)."""

    block, _added = 512, ROWS

    def __init__(self, base: Float32Array, metric: str, progress: Progress) -> None:
        from embviz.neighbors.faiss_library import faiss

        n, dims = base.shape
        cells = min(4 * isqrt(n), n)
        rounds = faiss.ClusteringParameters()
        rounds.niter = 1  # per call of train, which continues from the centers of the call before
        rounds.min_points_per_centroid, rounds.max_points_per_centroid = 1, ROWS_PER_CELL
        clustering, centers = faiss.Clustering(dims, cells, rounds), faiss.IndexFlatL2(dims)
        for _ in blocks_of("search cells", TRAINING_ROUNDS, 1, progress):
            clustering.train(base, centers)
        index = faiss.IndexIVFFlat(centers, dims, cells)
        index.parallel_mode = 3  # one thread per query; with 0, the default, search_preassigned uses one for all
        index.train(base[:1])  # marks the index as trained; the centers are there already
        places = faiss.rev_swig_ptr(centers.get_xb(), cells * dims).reshape(cells, dims)
        self._centers = ExactIndex(places.copy(), "euclidean")
        super().__init__(base, metric)
        self._index: Any = index
        self._add_all(index, progress)

    def efforts(self, k: int) -> Sequence[int]:
        """Numbers of cells to look into (faiss' nprobe), for any k; empty if comparing all pairs is faster."""
        cells = self._index.nlist
        least = -(-LEAST_ROWS * cells // len(self._base))
        return [probes for probes in sorted({max(each, least) for each in PROBES}) if probes <= MOST_CELLS * cells]

    def found(self, queries: Float32Array, k: int) -> Int64Array:
        """See `ApproximateIndex`.

        The cells are not chosen by faiss, whose matrix product rounds differently if other queries are given with it.
        """
        self._index.nprobe = self.effort
        cells, distances = self._centers.nearest(queries, self.effort)
        positions: Int64Array = self._index.search_preassigned(queries, k, cells, distances)[1]
        return positions


class ShortenedIndex(ApproximateIndex):
    """Index that finds candidates by the first principal components, in cells, and compares the whole rows of these.

    It is much faster than the other indexes for long rows that vary mostly in few directions, such as images and
    activations; for rows that vary in many directions, it misses too many neighbors.
    """

    block, _added = 512, ROWS

    def __init__(self, base: Float32Array, metric: str, progress: Progress) -> None:
        super().__init__(base, metric)
        progress("neighbor index", 0, len(base))
        self._directions = _main_directions(base)
        shortened = np.empty((len(base), len(self._directions)), np.float32)
        for block in blocks_of("neighbor index", len(base), self._added, progress):
            shortened[block] = self._shortened(base[block])
        self._cells = CellIndex(shortened, "euclidean", progress)

    def efforts(self, k: int) -> Sequence[int]:
        """Numbers of cells to search, see `CellIndex.efforts`."""
        return self._cells.efforts(k)

    def found(self, queries: Float32Array, k: int) -> Int64Array:
        """See `ApproximateIndex`; returns several candidates for each neighbor wanted."""
        self._cells.effort = self.effort
        width = min(k * max(CANDIDATES, self.effort // CELLS_PER_CANDIDATE), len(self._base))
        return self._cells.found(self._shortened(queries), width)

    def _shortened(self, rows: Float32Array) -> Float32Array:
        """Coordinates of rows along the directions; those of a row do not depend on the other rows."""
        from embviz.neighbors.faiss_library import faiss

        count, dims = self._directions.shape
        along = np.empty((len(rows), count), np.float32)
        each = np.tile(np.arange(count), (len(rows), 1))
        pointers = [faiss.swig_ptr(array) for array in (along, rows, self._directions, each)]
        faiss.fvec_inner_products_by_idx(*pointers, dims, len(rows), count)  # type: ignore[attr-defined]  # not in its stubs
        return along


def _main_directions(base: Float32Array) -> Float32Array:
    """The first principal components of a seeded sample of the rows, float32, shape (m, d), m <= `DIRECTIONS`."""
    from scipy.linalg import eigh

    drawn = np.random.default_rng(0).choice(len(base), min(DIRECTION_ROWS, len(base)), replace=False)
    sample = base[np.sort(drawn)].astype(np.float64)
    sample -= sample.mean(axis=0)
    is_wide = sample.shape[0] < sample.shape[1]  # if so, the products of rows are the smaller matrix
    products = sample @ sample.T if is_wide else sample.T @ sample
    last = len(products) - 1  # eigenvalues are in ascending order
    vectors = eigh(products, subset_by_index=(max(0, last + 1 - DIRECTIONS), last))[1].T
    directions = vectors @ sample if is_wide else vectors
    lengths = np.sqrt(np.einsum("ij,ij->i", directions, directions))[:, None]
    return np.ascontiguousarray(directions / np.where(lengths > 0, lengths, 1), np.float32)


class HnswIndex(ApproximateIndex):
    """Index that links each row to near rows, and searches by following links (HNSW: Malkov and Yashunin, 2018).

    Since version 1.15.1 faiss builds the same graph for any number of threads.
    """

    block, _added = 256, 1024

    def __init__(self, base: Float32Array, metric: str, progress: Progress) -> None:
        from embviz.neighbors.faiss_library import faiss

        super().__init__(base, metric)
        self._index: Any = faiss.IndexHNSWFlat(base.shape[1], LINKS)
        self._add_all(self._index, progress)

    def efforts(self, k: int) -> Sequence[int]:
        """Numbers of candidates that a search keeps (faiss' efSearch)."""
        return [max(int(sight * k), LEAST_SIGHT) for sight in SIGHTS]

    def found(self, queries: Float32Array, k: int) -> Int64Array:
        """See `ApproximateIndex`."""
        self._index.hnsw.efSearch = self.effort
        positions: Int64Array = self._index.search(queries, k)[1]
        return positions


def approximate_indexes(base: Float32Array, metric: str, progress: Progress) -> Iterator[ApproximateIndex]:
    """The approximate indexes worth trying for the dimensions of `base`, made one by one, the fastest first.

    Calls `progress` with stage ``neighbor index``, and for cells also with ``search cells``.
    """
    if base.shape[1] <= CELL_DIMENSIONS:
        yield CellIndex(base, metric, progress)
    else:
        yield ShortenedIndex(base, metric, progress)
        yield HnswIndex(base, metric, progress)
