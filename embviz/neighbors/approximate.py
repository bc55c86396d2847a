"""Approximate nearest neighbors, by a navigable graph, for sets too large to compare all pairs."""

from functools import cached_property

import numpy as np

from embviz.arrays import Float32Array, Int64Array
from embviz.neighbors.distances import distance_from_squared, squared_distances
from embviz.neighbors.exact import ExactIndex
from embviz.progress import Progress

LINKS = 16
"""faiss' M: links per row on the upper levels of the graph, twice as many on the lowest."""

LEAST_EFFORT = 64
"""Below this many rows in sight, searches for few neighbors miss too many."""

BUILD_BLOCK = 8192
"""Rows linked between two calls of progress."""


class HnswIndex:
    """Most of the k nearest among fixed rows (Malkov and Yashunin, 2018), ordered by (distance, position).

    Not exact: how many of the true neighbors are found depends on `effort` and on the data, so
    measure it. The same for any number of threads, since faiss 1.15.1 builds the graph in an order
    that does not depend on them.

    Attributes
    ----------
    effort
        How many rows a search keeps in sight (faiss' efSearch); may be changed between searches.
    """

    def __init__(self, base: Float32Array, metric: str, progress: Progress) -> None:
        import faiss

        self._base = base
        self._metric = metric
        self.effort = LEAST_EFFORT
        self._index = faiss.IndexHNSWFlat(base.shape[1], LINKS)
        for start in range(0, len(base), BUILD_BLOCK):
            progress("neighbor index", start, len(base))
            self._index.add(base[start : start + BUILD_BLOCK])
        progress("neighbor index", len(base), len(base))

    def nearest(self, queries: Float32Array, k: int) -> tuple[Int64Array, Float32Array]:
        """Positions int64 (q, k) in the base, and distances float32 (q, k), for 1 <= k <= len(base)."""
        self._index.hnsw.efSearch = self.effort
        _, found = self._index.search(queries, k)
        distances = distance_from_squared(squared_distances(queries, self._base, found), self._metric)
        order = np.lexsort((found, distances))
        positions = np.take_along_axis(found, order, axis=1)
        distances = np.take_along_axis(distances, order, axis=1)
        short = np.flatnonzero((found < 0).any(axis=1))  # fewer than k rows could be reached: faiss fills up with -1
        if len(short):
            positions[short], distances[short] = self._exact.nearest(queries[short], k)
        return positions, distances

    @cached_property
    def _exact(self) -> ExactIndex:
        return ExactIndex(self._base, self._metric)
