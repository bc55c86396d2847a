"""How much each item listens to its neighbors: the matrix P of t-SNE."""

import numpy as np
from numba import prange

from embviz.arrays import Float32Array
from embviz.neighbors import NeighborGraph
from embviz.progress import ROWS, Progress, blocks_of, no_progress
from embviz.projection.kernels.blocks import BLOCK
from embviz.projection.kernels.compiled import kernel, one_at_a_time
from embviz.projection.kernels.sparse import SparseGraph, sparse_graph
from embviz.projection.kernels.symmetric import symmetric_pairs

STEPS = 60
"""After so many the interval that holds the width of a neighborhood has been halved to nothing."""

FARTHEST = 1e100
"""Squared distance beyond which no neighbor counts whatever it is; the square of such a one would be infinite."""

TOLERANCE = 1e-5
"""How near the entropy, in nats, must come to that of the perplexity."""


def affinities(graph: NeighborGraph, perplexity: float, *, progress: Progress = no_progress) -> SparseGraph:
    """Joint probabilities of t-SNE over a neighbor graph (van der Maaten and Hinton, 2008), summing to 1.

    Each row of conditional probabilities is a Gaussian of the distances whose width gives it the
    perplexity. Where the graph has too few neighbors for it, all of them count alike; where more than
    the perplexity are equally near and nearer than the rest, these do, which is what the row tends to.

    Parameters
    ----------
    graph
        The neighbors; about three times the perplexity of them.
    perplexity
        Effective number of neighbors, >= 1.
    progress
        Called with stage ``affinities``.

    Examples
    --------
    >>> indices = np.array([[1, 2], [0, 2], [1, 0]], np.int32)
    >>> equal = NeighborGraph(indices, np.ones((3, 2), np.float32), "euclidean")
    >>> (6 * affinities(equal, 2).weights).round(5).tolist()
    [1.0, 1.0, 1.0, 1.0, 1.0, 1.0]
    """
    conditional = np.empty(graph.distances.shape, np.float32)
    for rows in blocks_of("affinities", len(graph), ROWS, progress):
        with one_at_a_time:
            _conditional(graph.distances[rows], np.log(perplexity), conditional[rows])
    starts, columns, joint, backward = symmetric_pairs(graph.indices, conditional, progress=progress)
    joint += backward
    joint /= joint.sum(dtype=np.float64)
    return sparse_graph(starts, columns, joint)


@kernel
def _conditional(distances: Float32Array, wanted: float, out: Float32Array) -> None:
    n, k = distances.shape
    for block in prange((n + BLOCK - 1) // BLOCK):
        for i in range(block * BLOCK, min(n, (block + 1) * BLOCK)):
            nearest = np.float64(distances[i, 0])
            tied = 1
            while tied < k and distances[i, tied] == distances[i, 0]:
                tied += 1
            if np.log(tied) >= wanted or tied == k:
                for j in range(k):
                    out[i, j] = 1 / tied if j < tied else 0
                continue
            # A row's scale changes nothing. With the neighbor that the perplexity counts up to at 1, the beta that is
            # looked for is near 1, however much farther the others are; the first factor keeps squares within range.
            last = np.float64(distances[i, min(int(np.exp(wanted)), k - 1)])
            scale = 1 / last / np.sqrt((last - nearest) / last * ((last + nearest) / last))
            low, high, beta = 0.0, np.inf, 1.0
            for _ in range(STEPS):
                total, weighted, squared = 0.0, 0.0, 0.0
                for j in range(k):
                    # In this order neighbors that are as near as the nearest are at exactly 0.
                    square = (distances[i, j] - nearest) * scale * ((distances[i, j] + nearest) * scale)
                    square = min(square, FARTHEST)
                    weight = np.exp(-beta * square)
                    out[i, j] = weight
                    total += weight
                    weighted += weight * square
                    squared += weight * square * square
                excess = np.log(total) + beta * weighted / total - wanted
                if abs(excess) <= TOLERANCE:
                    break
                if excess > 0:
                    low = beta
                else:
                    high = beta
                middle = beta * 2 if high == np.inf else (low + high) / 2
                slope = beta * (squared / total - (weighted / total) ** 2)
                beta = beta + excess / slope if slope > 0 else middle  # Newton's step, where it stays inside
                if not low < beta < high:
                    beta = middle
            for j in range(k):
                out[i, j] /= total
