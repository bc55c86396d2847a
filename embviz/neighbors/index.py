"""What all approximate indexes have in common: candidates are compared again, and sorted by their exact distances."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from embviz.arrays import Float32Array, Int64Array
from embviz.neighbors.distances import distance_from_squared, order_of_nearest, squared_distances
from embviz.neighbors.exact import ExactIndex, Piece
from embviz.progress import Progress, blocks_of


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
        order = order_of_nearest(distances, found)[:, :k]
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
