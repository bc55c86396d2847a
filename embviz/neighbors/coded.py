"""Approximate neighbors among very many rows: codes of four bits a value propose them, whole rows decide."""

from collections.abc import Sequence
from math import isqrt
from typing import Any

import numpy as np

from embviz.arrays import Float32Array, Int64Array
from embviz.neighbors.index import ApproximateIndex
from embviz.progress import Progress

ROWS_PER_CELL, ROUNDS = 16, 5
"""Rows per cell that the centers are placed by, and rounds of k-means; few, because a rough partition is enough."""

SEARCHED_TOGETHER = 2048
"""Rows whose nearest centers are searched at once: a tenth of a second among the 4,000 of a million rows."""

CODED_BY = 4096
"""Rows by which the levels of codes are chosen."""

LEVELS, LEVEL_ROUNDS = 16, 8
"""Levels that a code of four bits tells apart, and rounds of k-means that place them."""

PROBES = (16, 24, 32, 40, 48, 64, 96, 128, 192, 256, 384, 512)
"""Numbers of cells that a search may look into, tried in this order; a million digits need 64 of 4,000."""

MOST_CELLS = 1 / 4
"""Largest share of the cells that a search looks into."""

SPARE = 32
"""Rows compared whole by a search, beyond two for each neighbor wanted, because codes tell distances only roughly."""


class CodedIndex(ApproximateIndex):
    """Index that sorts rows into cells, and compares codes of them first and then the most promising rows whole.

    Codes of half a byte a value (product quantization: Jégou, Douze and Schmid, 2011) are compared five times as fast
    as rows, mostly because less memory is read. Centers near a query are found by links between them. So a million rows
    of 50 dimensions take a sixth of the time that `CellIndex` takes for the same recall; below a hundred thousand it
    gains little.
    """

    block, _added = 512, SEARCHED_TOGETHER

    def __init__(self, base: Float32Array, metric: str, progress: Progress) -> None:
        from embviz.neighbors.faiss_library import faiss

        super().__init__(base, metric)
        n, dims = base.shape
        centers = cell_centers(base, 4 * isqrt(n), progress)
        progress("neighbor index", 0, n)
        self._links: Any = faiss.IndexHNSWFlat(dims, 16)
        self._links.add(centers)
        self._links.hnsw.efSearch = 32
        index: Any = faiss.IndexIVFPQFastScan(self._links, dims, len(centers), dims, 4)
        sample = base[sampled(n, CODED_BY)]
        beside = sample - centers[self._links.search(sample, 1)[1][:, 0]]
        faiss.copy_array_to_vector(code_levels(beside).ravel(), index.pq.centroids)
        index.is_trained = True
        index.precompute_table()
        self._index: Any = index
        self._add_all(index, progress)

    def efforts(self, k: int) -> Sequence[int]:
        """Numbers of cells to look into (faiss' nprobe), for any k."""
        return [probes for probes in PROBES if probes <= MOST_CELLS * self._index.nlist]

    def found(self, queries: Float32Array, k: int) -> Int64Array:
        """See `ApproximateIndex`; candidates whose whole rows are compared afterwards."""
        self._index.nprobe = self.effort
        self._links.hnsw.efSearch = max(64, 2 * self.effort)
        width = min(2 * k + SPARE + self.effort // 2, len(self._base))
        positions: Int64Array = self._index.search(queries, width)[1]
        return positions


def cell_centers(base: Float32Array, count: int, progress: Progress) -> Float32Array:
    """Centers of `count` cells that hold about as many rows each: k-means on a seeded sample, a few rounds of it.

    A center that no row of the sample is nearest to stays where it is. `progress` is called with ``search cells``.
    """
    from embviz.neighbors.faiss_library import faiss

    sample = base[sampled(len(base), count * ROWS_PER_CELL)]
    centers = np.ascontiguousarray(sample[np.sort(np.random.default_rng(0).permutation(len(sample))[:count])])
    nearest = np.empty(len(sample), np.int64)
    steps = -(-len(sample) // SEARCHED_TOGETHER)
    for turn in range(ROUNDS):
        index: Any = faiss.IndexFlatL2(base.shape[1])
        index.add(centers)
        for step in range(steps):
            progress("search cells", turn * steps + step, ROUNDS * steps)
            part = slice(step * SEARCHED_TOGETHER, (step + 1) * SEARCHED_TOGETHER)
            nearest[part] = index.search(sample[part], 1)[1][:, 0]
        order = np.argsort(nearest, kind="stable")
        cells, starts, sizes = np.unique(nearest[order], return_index=True, return_counts=True)
        centers[cells] = np.add.reduceat(sample[order], starts, axis=0, dtype=np.float64) / sizes[:, None]
    progress("search cells", ROUNDS * steps, ROUNDS * steps)
    return centers


def code_levels(values: Float32Array) -> Float32Array:
    """The levels to which the values of each column are rounded, (d, 16) ascending, by k-means from even shares.

    Examples
    --------
    >>> halves = np.repeat(np.arange(16), 4) + np.tile([-0.25, 0, 0, 0.25], 16)
    >>> code_levels(halves[:, None].astype(np.float32))[0, :4].tolist()
    [0.0, 1.0, 2.0, 3.0]
    """
    columns = np.sort(values.T.astype(np.float64), axis=1)
    sums = np.pad(np.cumsum(columns, axis=1), ((0, 0), (1, 0)))
    ends = np.round(np.linspace(0, columns.shape[1], LEVELS + 1)).astype(np.int64)
    levels = np.empty((len(columns), LEVELS))
    for column, levels_of, sums_of in zip(columns, levels, sums, strict=True):
        bounds = ends
        for _ in range(LEVEL_ROUNDS):
            sizes = np.diff(bounds)
            means = np.diff(sums_of[bounds]) / np.maximum(sizes, 1)
            levels_of[:] = np.where(sizes > 0, means, column[np.minimum(bounds[:-1], len(column) - 1)])
            bounds = np.array([0, *np.searchsorted(column, (levels_of[1:] + levels_of[:-1]) / 2), len(column)])
    return levels.astype(np.float32)


def sampled(n: int, count: int) -> Int64Array:
    """At most `count` of n rows, drawn with a fixed seed, ascending."""
    return np.sort(np.random.default_rng(0).choice(n, min(count, n), replace=False))
