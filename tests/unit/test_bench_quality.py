"""The benchmark's measures of quality, on cases whose answer is known."""

import numpy as np
import pytest

from embviz.neighbors import neighbor_graph
from embviz.projection.tsne.affinities import affinities
from tests.bench.quality import divergence, label_agreement, layout_quality, neighbor_recall, yardstick


def normal_points(n, dims, seed=0):
    return np.random.default_rng(seed).standard_normal((n, dims)).astype(np.float32)


def test_divergence_is_zero_where_the_layout_has_the_same_probabilities():
    triangle = np.array([[0, 0], [1, 0], [0.5, np.sqrt(0.75)]], np.float32)
    equal = affinities(neighbor_graph(triangle, 2), 2)
    assert divergence(triangle, equal) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("dims", [2, 3])
def test_divergence_is_the_sum_over_all_pairs(dims):
    joint = affinities(neighbor_graph(normal_points(80, 5), 30), 10)
    coords = normal_points(80, dims, seed=1) * 3
    p = np.zeros((80, 80))
    p[np.repeat(np.arange(80), np.diff(joint.starts)), joint.columns] = joint.weights
    freedom = dims - 1
    squares = ((coords[:, None] - coords[None]) ** 2).sum(axis=2, dtype=np.float64)
    q = (1 + squares / freedom) ** (-(freedom + 1) / 2)
    np.fill_diagonal(q, 0)
    q /= q.sum()
    listed = p > 0
    assert divergence(coords, joint) == pytest.approx((p[listed] * np.log(p[listed] / q[listed])).sum(), rel=1e-5)


def test_a_layout_with_the_distances_of_the_input_is_perfect():
    vectors = normal_points(120, 3)
    quality = layout_quality(vectors, yardstick(vectors, np.zeros(120, np.int64)))
    assert (quality.recall, quality.trustworthiness, quality.label) == (1, 1, 1)


def test_recall_counts_neighbors_in_any_order():
    line = np.array([[0], [1], [3], [7]], np.float32)
    true = neighbor_graph(line, 2)  # 1 2, 0 2, 1 0, 2 1
    found = neighbor_graph(line[[0, 1, 3, 2]], 2)  # 1 3, 0 3, 3 1, 1 0
    assert neighbor_recall(found, true) == (1 + 1 + 1 + 1) / 8


def test_label_agreement_is_the_share_of_neighbors_alike():
    graph = neighbor_graph(np.array([[0], [1], [3]], np.float32), 1)  # 1, 0, 1
    assert label_agreement(graph, np.array([0, 0, 1])) == pytest.approx(2 / 3)
