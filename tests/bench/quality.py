"""How good a layout is, by measures that are recomputed alike for every layout, whoever made it."""

from dataclasses import dataclass

import numpy as np

from embviz.arrays import Float32Array, Int64Array
from embviz.neighbors import NeighborGraph, neighbor_graph
from embviz.projection.kernels.sparse import SparseGraph
from embviz.projection.tsne.affinities import affinities
from embviz.projection.tsne.repulsion import exact_repulsion

NEAREST = 10
"""Neighbors looked at by all measures but the divergence."""

PERPLEXITY = 30
SAMPLE = 2_000
"""Items on which trustworthiness is measured: it takes all distances between them."""


@dataclass(frozen=True, eq=False, slots=True)
class Yardstick:
    """What layouts of the same items are compared with.

    Attributes
    ----------
    vectors, labels
        float32, shape (n, d), and int64, shape (n,): the items.
    nearest
        Their exact neighbors.
    joint
        Joint probabilities of t-SNE over all exact neighbors that the perplexity asks for.
    """

    vectors: Float32Array
    labels: Int64Array
    nearest: NeighborGraph
    joint: SparseGraph


@dataclass(frozen=True, slots=True)
class Quality:
    """Shares are 0..1, higher is better; of the divergence, in nats, less is better.

    Attributes
    ----------
    kl
        See `divergence`.
    recall
        See `neighbor_recall`.
    trustworthiness
        Of scikit-learn, on a sample.
    label
        See `label_agreement`.
    """

    kl: float
    recall: float
    trustworthiness: float
    label: float


def yardstick(vectors: Float32Array, labels: Int64Array) -> Yardstick:
    """For layouts of these items, of which there are more than 90."""
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
    """Kullback-Leibler divergence of t-SNE's Q from P = `joint`, in nats, with the sum over all pairs of items.

    Q has one degree of freedom in 2-D and two in 3-D, as ours and scikit-learn's has.
    """
    pairs = exact_repulsion(len(coords)).push(coords, np.empty_like(coords))
    heads = np.repeat(np.arange(len(joint)), np.diff(joint.starts))
    squares = np.zeros(len(heads))
    for axis in coords.T.astype(np.float64):
        squares += (axis[heads] - axis[joint.columns]) ** 2
    p, freedom = joint.weights.astype(np.float64), coords.shape[1] - 1
    return float(p @ (np.log(p) + (freedom + 1) / 2 * np.log1p(squares / freedom)) + p.sum() * np.log(pairs))


def neighbor_recall(found: NeighborGraph, true: NeighborGraph) -> float:
    """Share of an item's true neighbors that are among its found ones."""
    return (
        sum(
            len(np.intersect1d(some, others, assume_unique=True))
            for some, others in zip(found.indices, true.indices, strict=True)
        )
        / true.indices.size
    )


def label_agreement(graph: NeighborGraph, labels: Int64Array) -> float:
    """Share of an item's neighbors that have its label."""
    return float(np.mean(labels[graph.indices] == labels[:, None]))
