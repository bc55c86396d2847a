"""The `NeighborGraph` value, and the graph of a set of vectors."""

from dataclasses import dataclass

import numpy as np

from embviz.arrays import Float32Array, Int32Array, frozen_array
from embviz.errors import InputError, SpecError
from embviz.features.features import Features
from embviz.neighbors.approximate import approximate_index
from embviz.neighbors.distances import METRICS, checked_vectors, measured_vectors
from embviz.neighbors.exact import TREE_DIMENSIONS, ExactIndex
from embviz.neighbors.rows import Index, Twins, search, twins_of
from embviz.progress import Progress, no_progress

LEAST_RECALL = 0.99
"""An approximate graph that finds less of the true neighbors is not used."""

RECALL_SAMPLE = 500
"""Items on which the recall of an approximate graph is measured."""


@dataclass(frozen=True, eq=False, slots=True)
class NeighborGraph:
    """The k nearest neighbors of every item.

    Not symmetric: i may be among the nearest of j and j not among those of i.

    Attributes
    ----------
    indices
        int32, shape (n, k): rows of the items (not ids), never the item itself, ordered by
        (distance, row).
    distances
        float32, shape (n, k): >= 0, not squared, never decreasing along a row.
    metric
        ``euclidean``, or ``cosine`` for 1 - cos, 0..2.
    recall
        Share of the true neighbors found, 0..1: 1 for an exact graph, measured on a sample otherwise.
    """

    indices: Int32Array
    distances: Float32Array
    metric: str
    recall: float = 1.0

    def __post_init__(self) -> None:
        n = len(self.indices)
        object.__setattr__(self, "indices", frozen_array("neighbor indices", self.indices, np.int32, (n, None)))
        object.__setattr__(
            self, "distances", frozen_array("neighbor distances", self.distances, np.float32, self.indices.shape)
        )
        if self.metric not in METRICS:
            raise InputError(f"metric must be one of {', '.join(METRICS)}, got {self.metric!r}")
        if self.indices.size and not 0 <= self.indices.min() <= self.indices.max() < n:
            raise InputError(
                f"neighbor indices must be rows 0..{n - 1}, got {self.indices.min()}..{self.indices.max()}"
            )
        if (self.indices == np.arange(n)[:, None]).any():
            raise InputError("an item must not be its own neighbor")
        if (self.distances[:, :1] < 0).any() or (self.distances[:, 1:] < self.distances[:, :-1]).any():
            raise InputError("neighbor distances must be at least 0 and never decrease along a row")

    def __len__(self) -> int:
        return len(self.indices)

    @property
    def k(self) -> int:
        """Neighbors per item."""
        return int(self.indices.shape[1])

    def first(self, k: int) -> "NeighborGraph":
        """The graph of the k nearest neighbors: the first k columns, copied.

        Raises
        ------
        SpecError
            If this graph has fewer than k neighbors per item.
        """
        if not 1 <= k <= self.k:
            raise SpecError(f"k must be in 1..{self.k}, the neighbors this graph holds, got {k}")
        return NeighborGraph(self.indices[:, :k], self.distances[:, :k], self.metric, self.recall)


def neighbor_graph(
    vectors: Float32Array | Features,
    k: int,
    *,
    metric: str = "euclidean",
    exact_up_to: int = 20_000,
    progress: Progress = no_progress,
) -> NeighborGraph:
    """The k nearest neighbors of every item: exact for small sets, at least 99 % of them found for large ones.

    The same vectors give the same graph on one machine, whatever the number of threads. Exact
    duplicates are neighbors at distance 0. Ties, also those at the end of a list, go to the lower row.
    An approximate graph takes whatever effort reaches a recall of 0.99 on a seeded sample; where no
    reasonable one does, the graph is exact, which its recall of 1 says.

    Parameters
    ----------
    vectors
        float32, shape (n, d), or Features.
    k
        1 .. n - 1.
    metric
        ``euclidean`` or ``cosine`` (1 - cos of the angle between two vectors).
    exact_up_to
        Above this many different vectors the search is approximate (unless d <= 3, where an exact one is fast).
    progress
        Called with stages ``duplicates``, ``search cells``, ``neighbor index``, ``recall`` and ``neighbors``.

    Raises
    ------
    SpecError
        If k or the metric is out of range, the vectors cannot be measured, or the metric is cosine and
        a vector is all zero.

    Examples
    --------
    >>> graph = neighbor_graph(np.array([[0], [1], [3]], np.float32), 2)
    >>> graph.indices.tolist(), graph.distances.tolist()
    ([[1, 2], [0, 2], [1, 0]], [[1.0, 3.0], [1.0, 2.0], [2.0, 3.0]])
    """
    vectors = checked_vectors(vectors)
    n = len(vectors)
    if not 1 <= k < n:
        advice = f"k must be in 1..{n - 1}" if n > 1 else "a neighbor graph needs at least 2 items"
        raise SpecError(f"{advice}, got k {k} for {n} items")
    vectors = measured_vectors(vectors, metric)
    twins = twins_of(vectors, progress=progress)
    base = twins.different(vectors)
    rows = np.arange(n)
    index: Index
    if len(base) <= exact_up_to or base.shape[1] <= TREE_DIMENSIONS:
        index, recall = ExactIndex(base, metric, progress), 1.0
    else:
        index, recall = _approximate_index(base, twins, vectors, k, metric, progress)
    nearest = search(index, twins, vectors, k, of=rows, own=rows, progress=progress)
    return NeighborGraph(nearest.indices, nearest.distances, metric, recall)


def _approximate_index(
    base: Float32Array, twins: Twins, vectors: Float32Array, k: int, metric: str, progress: Progress
) -> tuple[Index, float]:
    """An index that finds at least 99 % of the k nearest on a sample, and its recall; the exact one if none does."""
    sample = np.random.default_rng(0).choice(len(vectors), min(RECALL_SAMPLE, len(vectors)), replace=False)

    def recall_progress(_: str, done: int, total: int) -> None:
        progress("recall", done, total)

    def distances_with(index: Index) -> Float32Array:
        return search(index, twins, vectors, k, of=sample, own=sample, progress=recall_progress).distances

    farthest = distances_with(ExactIndex(base, metric, progress))[:, -1:]
    index = approximate_index(base, metric, progress)
    for effort in index.efforts(k + 1):
        index.effort = effort
        recall = float(np.mean(distances_with(index) <= farthest))
        if recall >= LEAST_RECALL:
            return index, recall
    return ExactIndex(base, metric, progress), 1.0
