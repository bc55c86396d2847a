"""Quality of a layout, by measures that are computed in the same way for the layouts of all engines."""

from dataclasses import dataclass

import numpy as np

from embviz.arrays import Float32Array, Int64Array
from embviz.neighbors import NeighborGraph, neighbor_graph
from embviz.projection.kernels.sparse import SparseGraph
from embviz.projection.tsne.affinities import affinities
from embviz.projection.tsne.repulsion import exact_repulsion

NEAREST = 10
"""Neighbors per item in all measures except the divergence."""

PERPLEXITY = 30
SAMPLE = 2_000
"""Items in the sample that measures trustworthiness, which needs the distances between all of them."""


@dataclass(frozen=True, eq=False, slots=True)
class Yardstick:
    """What layouts of the same items are compared with.

    Attributes
    ----------
    vectors, labels
        float32, shape (n, d), and int64, shape (n,): vectors and class codes of the items.
    nearest
        The `NEAREST` exact neighbors of each item.
    joint
        Joint probabilities P of t-SNE, over as many exact neighbors as the perplexity needs.
    """

    vectors: Float32Array
    labels: Int64Array
    nearest: NeighborGraph
    joint: SparseGraph


@dataclass(frozen=True, slots=True)
class Quality:
    """All measures of one layout: shares in 0..1, where higher is better, and the divergence, where lower is better.

    Attributes
    ----------
    kl
        The `divergence` in nats.
    recall
        The `neighbor_recall` of the layout.
    trustworthiness
        Trustworthiness as computed by scikit-learn, on a sample.
    label
        The `label_agreement` of the layout.
    """

    kl: float
    recall: float
    trustworthiness: float
    label: float


def yardstick(vectors: Float32Array, labels: Int64Array) -> Yardstick:
    """Yardstick for layouts of these items, which must be more than 90."""
    graph = neighbor_graph(vectors, 3 * PERPLEXITY, exact_up_to=len(vectors))
    return Yardstick(vectors, labels, graph.first(NEAREST), affinities(graph, PERPLEXITY))


def layout_quality(coords: Float32Array, by: Yardstick) -> Quality:
    """All measures of a layout."""
    from sklearn.manifold import trustworthiness

    near = neighbor_graph(coords, NEAREST)
    sample = np.random.default_rng(0).choice(len(coords), min(SAMPLE, len(coords)), replace=False)
    return Quality(
        kl=divergence(coords, by.joint),
        recall=neighbor_recall(near, by.nearest),
        trustworthiness=float(trustworthiness(by.vectors[sample], coords[sample], n_neighbors=NEAREST)),
        label=label_agreement(near, by.labels),
    )


def divergence(coords: Float32Array, joint: SparseGraph) -> float:
    """Kullback-Leibler divergence of t-SNE's Q from P = `joint`, in nats, with the exact sum over all pairs of items.

    Q has one degree of freedom in 2-D and two in 3-D, as in embviz and scikit-learn.
    """
    pairs = exact_repulsion(len(coords)).push(coords, np.empty_like(coords))
    heads = np.repeat(np.arange(len(joint)), np.diff(joint.starts))
    squares = np.zeros(len(heads))
    for axis in coords.T.astype(np.float64):
        squares += (axis[heads] - axis[joint.columns]) ** 2
    p, freedom = joint.weights.astype(np.float64), coords.shape[1] - 1
    return float(p @ (np.log(p) + (freedom + 1) / 2 * np.log1p(squares / freedom)) + p.sum() * np.log(pairs))


def neighbor_recall(found: NeighborGraph, true: NeighborGraph) -> float:
    """Share of the items' true neighbors that are among the neighbors found, 0..1."""
    return (
        sum(
            len(np.intersect1d(some, others, assume_unique=True))
            for some, others in zip(found.indices, true.indices, strict=True)
        )
        / true.indices.size
    )


def label_agreement(graph: NeighborGraph, labels: Int64Array) -> float:
    """Share of the items' neighbors that have the same label as the item, 0..1."""
    return float(np.mean(labels[graph.indices] == labels[:, None]))
