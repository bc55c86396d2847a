"""The affinities of t-SNE: its matrix P of joint probabilities of neighbors."""

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

STEPS = 60
"""Largest number of steps of the search for a row's beta; 60 halvings narrow its interval to one float64."""

FARTHEST = 1e100
"""Limit on scaled, squared distances: such a neighbor has probability 0, and larger ones could become infinite."""

TOLERANCE = 1e-5
"""Largest difference allowed between a row's entropy and the logarithm of the perplexity, in nats."""

UNLABELED_DISTANCE = 1.0
"""Distance between a label and a missing one in a supervised layout, as in umap-learn; less than between two labels."""


def affinities(
    graph: NeighborGraph,
    perplexity: float,
    labels: Int64Array | None = None,
    strength: float = USUAL_STRENGTH,
    *,
    progress: Progress = no_progress,
) -> SparseGraph:
    """Joint probabilities of t-SNE over a neighbor graph (van der Maaten and Hinton, 2008), summing to 1.

    Each row of conditional probabilities is a Gaussian of the distances, as wide as it takes for the row to have the
    perplexity. If the graph has fewer neighbors than the perplexity, all of them get the same probability. If at least
    as many neighbors as the perplexity are tied for the nearest, these share all of the row's probability, which is the
    limit for a narrow Gaussian.

    With labels, each conditional probability is multiplied by its factor from `label_factors`, and each row is scaled
    to sum to 1 again; so an item keeps its neighbors even if all of them have another label.

    Parameters
    ----------
    graph
        The neighbors of each item, about three times as many as the perplexity.
    perplexity
        Effective number of neighbors, >= 1, before labels count.
    labels
        int64, shape (n,), -1 for an unlabeled item: if given, neighbors of another label count less.
    strength
        How strongly labels count, in percent, see `label_factors`.
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
            conditional_probabilities(graph.distances[rows], np.log(perplexity), conditional[rows])
        if labels is not None:
            others = labels[graph.indices[rows]]
            factors = label_factors(labels[rows, None], others, strength, unlabeled_distance=UNLABELED_DISTANCE)
            weighted = conditional[rows] * factors.astype(np.float64)
            conditional[rows] = weighted / weighted.sum(axis=1, keepdims=True)
    starts, columns, joint, backward = symmetric_pairs(graph.indices, conditional, progress=progress)
    joint += backward
    joint /= joint.sum(dtype=np.float64)
    return sparse_graph(starts, columns, joint)


@kernel
def conditional_probabilities(distances: Float32Array, wanted: float, out: Float32Array) -> None:
    """Write to `out`, for each row, a Gaussian of its distances that has the perplexity whose logarithm is `wanted`."""
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
            # Scaling a row's distances changes no probability. If the neighbor whose rank is the perplexity is at
            # squared distance 1, beta is near 1, however far the others are. Dividing first keeps squares in range.
            last = np.float64(distances[i, min(int(np.exp(wanted)), k - 1)])
            scale = 1 / last / np.sqrt((last - nearest) / last * ((last + nearest) / last))
            low, high, beta = 0.0, np.inf, 1.0
            for _ in range(STEPS):
                total, weighted, squared = 0.0, 0.0, 0.0
                for j in range(k):
                    # Multiplied in this order, distances equal to the nearest give exactly 0.
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
                beta = beta + excess / slope if slope > 0 else middle  # Newton's step, if it stays in the interval
                if not low < beta < high:
                    beta = middle
            for j in range(k):
                out[i, j] /= total
