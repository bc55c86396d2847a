"""UMAP's fuzzy graph compared with its definition: the steps of umap-learn 0.5 in plain numpy and float64."""

import numpy as np
import pytest

from embviz.neighbors import NeighborGraph, neighbor_graph
from embviz.projection.supervision import UNLABELED
from embviz.projection.umap.fuzzy import fuzzy_graph


def some_vectors(n=120, d=5):
    random = np.random.default_rng(0)
    return (random.normal(size=(n, d)) * 10.0 ** (np.arange(n) % 3)[:, None]).astype(np.float32)


def dense(graph):
    matrix = np.zeros((len(graph), len(graph)))
    rows = np.repeat(np.arange(len(graph)), np.diff(graph.starts))
    matrix[rows, graph.columns] = graph.weights
    return matrix


def union(memberships):
    return memberships + memberships.T - memberships * memberships.T


def memberships_by_definition(graph):
    """Memberships by umap-learn's `smooth_knn_dist` and `compute_membership_strengths`; each item lists itself too."""
    matrix = np.zeros((len(graph), len(graph)))
    everywhere = graph.distances.sum(dtype=np.float64) / (len(graph) * (graph.k + 1))
    for row, (columns, distances) in enumerate(zip(graph.indices, graph.distances.astype(np.float64), strict=True)):
        nearest = distances[distances > 0].min(initial=np.inf) if (distances > 0).any() else 0.0
        beyond = np.maximum(distances - nearest, 0)
        low, high, width = 0.0, np.inf, 1.0
        for _ in range(64):
            total = np.exp(-beyond / width).sum()
            if abs(total - np.log2(graph.k + 1)) < 1e-5:
                break
            low, high = (low, width) if total > np.log2(graph.k + 1) else (width, high)
            width = width * 2 if high == np.inf else (low + high) / 2
        least = distances.sum() / (graph.k + 1) if nearest > 0 else everywhere
        matrix[row, columns] = np.exp(-beyond / max(width, 1e-3 * least))
    return matrix


def supervised_by_definition(fuzzy, labels, strength=50):
    """The graph after umap-learn's `discrete_metric_simplicial_set_intersection` and `reset_local_connectivity`."""
    weakened = np.where(np.equal.outer(labels, labels), fuzzy, fuzzy * np.exp(-2.5 / (1 - strength / 100)))
    return union(weakened / weakened.max(axis=1, keepdims=True))


@pytest.mark.parametrize(
    "vectors",
    [some_vectors(), np.repeat(some_vectors(30), 4, axis=0), np.ones((120, 2), np.float32), some_vectors() * 1e10],
    ids=["different", "duplicates", "equal", "large"],
)
@pytest.mark.parametrize("k", [1, 2, 14, 40])
def test_it_is_the_fuzzy_union_of_umap_learn(vectors, k):
    graph = neighbor_graph(vectors.astype(np.float32), k)
    fuzzy = dense(fuzzy_graph(graph))
    np.testing.assert_allclose(fuzzy, union(memberships_by_definition(graph)), atol=2e-5)
    np.testing.assert_array_equal(fuzzy, fuzzy.T)
    assert (fuzzy.max(axis=1) >= 1 - 1e-6).all(), "everybody is joined to the nearest one for sure"
    assert fuzzy.max() <= 1 + 1e-6 and (np.diag(fuzzy) == 0).all()


def test_memberships_of_one_direction_sum_to_the_logarithm_of_the_neighbors():
    half, k = 40, 10
    random = np.random.default_rng(0)
    indices = np.array([random.choice(half, k, replace=False) + half for _ in range(half)])  # no edge in two directions
    away = np.array([random.choice(np.delete(np.arange(half), i), k, replace=False) + half for i in range(half)])
    distances = np.sort(random.random((2 * half, k)) + 0.5, axis=1).astype(np.float32)
    graph = NeighborGraph(np.vstack([indices, away]).astype(np.int32), distances, "euclidean")
    sums = dense(fuzzy_graph(graph))[:half].sum(axis=1)
    np.testing.assert_allclose(sums, np.log2(k + 1), atol=2e-5)


@pytest.mark.parametrize("strength", [1, 50, 90])
@pytest.mark.parametrize("classes", [1, 4, 120])
def test_labels_weaken_edges_as_in_umap_learn(classes, strength):
    graph = neighbor_graph(some_vectors(), 10)
    labels = np.random.default_rng(1).permutation(np.arange(120) % classes)
    reference = supervised_by_definition(union(memberships_by_definition(graph)), labels, strength)
    np.testing.assert_allclose(dense(fuzzy_graph(graph, labels, strength)), reference, atol=3e-5)


def test_at_full_strength_edges_between_classes_vanish_but_for_items_that_have_no_others():
    graph = neighbor_graph(some_vectors(), 10)
    labels = np.arange(120) % 40
    shaped = dense(fuzzy_graph(graph, labels, 100))
    assert np.isfinite(shaped).all() and (shaped.max(axis=1) >= 1 - 1e-6).all()
    same = np.equal.outer(labels, labels)
    is_at_home = (dense(fuzzy_graph(graph)) * same).max(axis=1) > 0
    between = ~same & is_at_home[:, None] & is_at_home
    assert is_at_home.any() and not is_at_home.all() and shaped[between].max() < 1e-9


def test_labels_strengthen_edges_within_a_class_and_weaken_those_between_two():
    graph = neighbor_graph(some_vectors(), 10)
    labels = np.arange(120) % 2
    plain, shaped = dense(fuzzy_graph(graph)), dense(fuzzy_graph(graph, labels))
    same = np.equal.outer(labels, labels)
    joined_at_home = (plain * same).max(axis=1) > 0.1  # an item without edges in its class keeps those to others
    between = ~same & joined_at_home[:, None] & joined_at_home & (plain > 0)
    assert between.sum() > 100 and (shaped[between] < 0.25 * plain[between]).all()
    assert (shaped[same] >= plain[same] - 1e-6).all()


def test_items_without_a_label_keep_their_edges():
    graph = neighbor_graph(some_vectors(), 10)
    plain = dense(fuzzy_graph(graph))
    nobody = np.full(120, UNLABELED)
    np.testing.assert_allclose(
        dense(fuzzy_graph(graph, nobody)), union(plain), atol=3e-5
    )  # the fuzzy union is taken a second time, and changes nothing else
    labels = np.where(np.arange(120) % 3 == 0, UNLABELED, np.arange(120) % 2)
    shaped = dense(fuzzy_graph(graph, labels))
    with_nobody = (labels == UNLABELED)[:, None] | (labels == UNLABELED)
    assert (shaped[with_nobody] >= plain[with_nobody] - 1e-6).all()
    apart = ~with_nobody & ~np.equal.outer(labels, labels) & (plain > 0)
    assert apart.any() and np.median(shaped[apart] / plain[apart]) < 0.1
