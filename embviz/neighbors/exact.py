"""Exact nearest neighbors: a fast search proposes candidates, and an error bound proves that no other row is nearer."""

import math
from collections.abc import Callable, Iterator

import numpy as np

from embviz.arrays import Float32Array, Float64Array, Int64Array
from embviz.neighbors.distances import distance_from_squared, order_of_nearest, squared_distances
from embviz.progress import ROWS, Progress, blocks_of, no_progress

TREE_DIMENSIONS = 3
"""Largest number of dimensions for which a k-d tree is used: 20 times faster for layouts than comparing all pairs."""

SPARE = 8
"""Number of candidates beyond the k wanted; nearly always enough to prove the result at the first attempt."""

BLOCK_WORK, LISTING = 2**33, 300
"""Number of values compared in a tenth of a second, and the cost of keeping a list of the nearest, in columns."""

FEWEST, MOST = 64, 2048
"""Smallest and largest number of queries that are answered at once."""

CELLS = 2**22
"""Largest number of entries of a (queries x candidates) table, so that many ties cost time but not memory."""

ROUNDING = 2.0**-24
"""Largest relative error of one float32 operation."""

Piece = tuple[Int64Array, Int64Array, Float32Array]
"""Part of a search result: queries, shape (p,); positions and distances of the nearest, shape (p, k or more).

Each list is ordered by (distance, position).
"""

Candidates = Callable[[Float32Array, int], tuple[Int64Array, Float64Array]]
"""Function ``candidates(queries, width)`` that proposes nearest rows.

It returns `width` rows of the base for each query, and a squared distance that no other row can be nearer than.
"""


class ExactIndex:
    """Index that finds the k nearest among fixed rows, ordered by (distance, position), and all ties with the k-th.

    Fast searches compute distances with an error: the matrix product by which faiss compares all pairs loses digits.
    So they only propose candidates, whose distances are computed again from differences. A list is accepted only if
    the error bound of the search rules out all rows that it did not propose; otherwise the search is asked for four
    times as many candidates, and in the end for all rows.
    """

    def __init__(self, base: Float32Array, metric: str, progress: Progress = no_progress) -> None:
        self._base = base
        self._metric = metric
        tree = base.shape[1] <= TREE_DIMENSIONS
        self._candidates = _tree_candidates(base) if tree else _flat_candidates(base, progress)

    @property
    def block(self) -> int:
        """See `Index`."""
        n, d = map(int, self._base.shape)
        return min(max(BLOCK_WORK // (n * (d + LISTING)), FEWEST), MOST)

    def nearest(self, queries: Float32Array, k: int) -> tuple[Int64Array, Float32Array]:
        """Positions int64 (q, k) in the base, and distances float32 (q, k), for 1 <= k <= len(base)."""
        positions, distances = np.empty((len(queries), k), np.int64), np.empty((len(queries), k), np.float32)
        for part, found, far in self.pieces(queries, k):
            positions[part], distances[part] = found[:, :k], far[:, :k]
        return positions, distances

    def pieces(self, queries: Float32Array, k: int) -> Iterator[Piece]:
        """See `Index`; lists include every row that is as near as the k-th."""
        return self._proven(queries, np.arange(len(queries)), k, k + SPARE)

    def _proven(self, queries: Float32Array, which: Int64Array, k: int, width: int) -> Iterator[Piece]:
        if width < len(self._base):
            candidates, beyond = self._candidates(queries[which], width)
        else:
            candidates = np.tile(np.arange(len(self._base)), (len(which), 1))
            beyond = np.full(len(which), np.inf)
        distances = distance_from_squared(squared_distances(queries[which], self._base, candidates), self._metric)
        order = order_of_nearest(distances, candidates)
        positions = np.take_along_axis(candidates, order, axis=1)
        distances = np.take_along_axis(distances, order, axis=1)
        is_proven = distance_from_squared(beyond, self._metric) > distances[:, k - 1]
        yield which[is_proven], positions[is_proven], distances[is_proven]
        unproven = which[~is_proven]
        step = max(1, CELLS // (4 * width))
        for start in range(0, len(unproven), step):
            yield from self._proven(queries, unproven[start : start + step], k, 4 * width)


def _tree_candidates(base: Float32Array) -> Candidates:
    """The function that finds candidates by a k-d tree, which computes distances in float64."""
    from scipy.spatial import KDTree

    tree = KDTree(base)
    certain = 1 - (base.shape[1] + 8) * ROUNDING  # bounds the error of `squared_distances`; float64's is far smaller

    def candidates(queries: Float32Array, width: int) -> tuple[Int64Array, Float64Array]:
        distances, positions = tree.query(queries, width)
        return positions, distances[:, -1] ** 2 * certain

    return candidates


def _flat_candidates(base: Float32Array, progress: Progress) -> Candidates:
    """The function that finds candidates by comparing all pairs of rows with faiss, by a matrix product.

    The error of |x|^2 + |y|^2 - 2 x.y in float32 is at most (d + 16) / 2**24 of (|x| + |y|)^2: from sums of d terms,
    a few additions, and the rounding of centered values (Higham, 2002, section 3.1). Centering keeps the norms small.
    """
    from embviz.neighbors.faiss_library import faiss

    center = base.mean(axis=0, dtype=np.float64)
    centered = np.empty_like(base)
    largest = 0.0
    for block in blocks_of("neighbor index", len(base), ROWS, progress):
        np.subtract(base[block], center, out=centered[block], casting="same_kind")
        largest = max(largest, float(_squared_norms(centered[block]).max()))
    radius = math.sqrt(largest)
    per_square = (base.shape[1] + 16) * ROUNDING
    certain = 1 - (base.shape[1] + 8) * ROUNDING

    def candidates(queries: Float32Array, width: int) -> tuple[Int64Array, Float64Array]:
        moved = np.subtract(queries, center, out=np.empty_like(queries), casting="same_kind")
        squared, positions = faiss.knn(moved, centered, width)
        error = per_square * (np.sqrt(_squared_norms(moved)) + radius) ** 2
        return positions, np.maximum(squared[:, -1] - error, 0) * certain

    return candidates


def _squared_norms(rows: Float32Array) -> Float64Array:
    norms: Float64Array = np.einsum("ij,ij->i", rows, rows, dtype=np.float64)
    return norms
