"""The fuzzy graph of UMAP: edges between neighbors, and their weights."""

import numpy as np
from numba import prange

from embviz.arrays import Float32Array, Int64Array
from embviz.neighbors import NeighborGraph
from embviz.progress import ROWS, Progress, blocks_of, no_progress
from embviz.projection.kernels.blocks import BLOCK
from embviz.projection.kernels.compiled import kernel, one_at_a_time
from embviz.projection.kernels.sparse import SparseGraph, sparse_graph
from embviz.projection.kernels.symmetric import symmetric_pairs
from embviz.projection.specs import USUAL_STRENGTH
from embviz.projection.supervision import label_factors

STEPS = 64
"""Largest number of steps of the search for a neighborhood's width; each doubles the width or halves its interval."""

TOLERANCE = 1e-5
"""Largest difference allowed between the sum of a row's memberships and log2(k + 1)."""

LEAST_WIDTH = 1e-3
"""Least width of a neighborhood, as a share of its mean distance."""


def fuzzy_graph(
    graph: NeighborGraph,
    labels: Int64Array | None = None,
    strength: float = USUAL_STRENGTH,
    *,
    progress: Progress = no_progress,
) -> SparseGraph:
    """The fuzzy graph of UMAP: the fuzzy union of all items' neighborhoods (McInnes, Healy and Melville, 2018).

    Memberships decrease exponentially beyond the nearest neighbor, at the rate at which a row sums to log2(k + 1). The
    memberships a and b of the two directions of an edge become a + b - ab.

    Parameters
    ----------
    graph
        The neighbors of each item, k = n_neighbors - 1 of them.
    labels
        int64, shape (n,): if given, edges between items of different labels get less weight. An item without a label,
        -1, keeps all its edges as they are.
    strength
        How strongly labels count, in percent, see `label_factors`.
    progress
        Called with stage ``affinities``.

    Examples
    --------
    >>> indices = np.array([[1], [0]], np.int32)
    >>> pair = NeighborGraph(indices, np.ones((2, 1), np.float32), "euclidean")
    >>> fuzzy_graph(pair).weights.tolist()
    [1.0, 1.0]
    """
    members = np.empty(graph.distances.shape, np.float32)
    for block in blocks_of("affinities", len(graph), ROWS, progress):
        with one_at_a_time:
            memberships(graph.distances[block], members[block])
    starts, columns, forward, backward = symmetric_pairs(graph.indices, members, progress=progress)
    weights = _union(forward, backward)
    if labels is not None:
        progress("affinities", 0, 0)
        rows = np.repeat(np.arange(len(graph)), np.diff(starts))
        weights *= label_factors(labels[rows], labels[columns], strength)
        largest = np.maximum.reduceat(weights, starts[:-1])  # no row is empty: each has at least k entries
        weights = _union(*((weights / largest[end]).astype(np.float32) for end in (rows, columns)))
    return sparse_graph(starts, columns, weights)


def _union(one: Float32Array, other: Float32Array) -> Float32Array:
    return one + other - one * other


@kernel
def memberships(distances: Float32Array, out: Float32Array) -> None:
    """Write to `out`, for each row, memberships that fall off exponentially and sum to log2(k + 1)."""
    n, k = distances.shape
    wanted = np.log2(k + 1.0)
    for block in prange((n + BLOCK - 1) // BLOCK):
        for i in range(block * BLOCK, min(n, (block + 1) * BLOCK)):
            mean, nearest = 0.0, 0.0  # `nearest` is the smallest distance above 0
            for j in range(k):
                mean += distances[i, j] / (k + 1)
                if nearest == 0:
                    nearest = float(distances[i, j])
            low, high, width = 0.0, np.inf, 1.0
            for _ in range(STEPS):
                total = 0.0
                for j in range(k):
                    beyond = distances[i, j] - nearest
                    total += np.exp(-beyond / width) if beyond > 0 else 1.0
                if abs(total - wanted) < TOLERANCE:
                    break
                if total > wanted:
                    high = width
                    width = (low + high) / 2
                else:
                    low = width
                    width = width * 2 if high == np.inf else (low + high) / 2
            width = max(width, LEAST_WIDTH * mean)
            for j in range(k):
                beyond = distances[i, j] - nearest
                out[i, j] = np.exp(-beyond / width) if beyond > 0 else 1.0
