"""Joint probabilities compared with scikit-learn, and with Gaussians whose widths a root finder finds in float64."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.optimize import brentq
from scipy.sparse import csr_array
from sklearn.manifold._t_sne import _joint_probabilities_nn

from embviz.neighbors import NeighborGraph, neighbor_graph
from embviz.projection.tsne.affinities import affinities


def clusters(n=150, d=5, seed=0):
    """Vectors in groups of very different widths, for which one width of Gaussian cannot fit all items."""
    random = np.random.default_rng(seed)
    return (random.normal(size=(n, d)) * 10.0 ** (np.arange(n) % 4)[:, None]).astype(np.float32)


def dense(graph):
    matrix = np.zeros((len(graph), len(graph)))
    rows = np.repeat(np.arange(len(graph)), np.diff(graph.starts))
    matrix[rows, graph.columns] = graph.weights
    return matrix


def gaussian_row(distances, perplexity):
    """Probabilities in proportion to exp(-beta d^2), with the beta that gives them the perplexity."""
    squares = distances.astype(np.float64) ** 2
    squares -= squares[0]

    def row(beta):
        weights = np.exp(-beta * squares)
        return weights / weights.sum()

    def excess(logarithm):
        probabilities = row(np.exp(logarithm))
        entropy = -(probabilities * np.log(probabilities, where=probabilities > 0, out=np.zeros_like(squares))).sum()
        return entropy - np.log(perplexity)

    return row(np.exp(brentq(excess, -150, 150, xtol=1e-13)))


@pytest.mark.parametrize("perplexity", [2, 7.5, 30])
def test_every_row_has_the_perplexity_asked_for(perplexity):
    graph = neighbor_graph(clusters(), int(np.ceil(3 * perplexity)))
    wanted = np.zeros((len(graph), len(graph)))
    for row, (columns, distances) in enumerate(zip(graph.indices, graph.distances, strict=True)):
        wanted[row, columns] = gaussian_row(distances, perplexity)
    joint = (wanted + wanted.T) / wanted.sum() / 2
    np.testing.assert_allclose(dense(affinities(graph, perplexity)), joint, rtol=2e-4, atol=1e-7)


def test_they_are_those_of_scikit_learn():
    graph = neighbor_graph(clusters(), 60)
    starts = np.arange(0, graph.indices.size + 1, graph.k)
    squares = csr_array((graph.distances.ravel() ** 2, graph.indices.ravel(), starts), shape=(150, 150))
    reference = _joint_probabilities_nn(squares, 20, verbose=0)
    np.testing.assert_allclose(dense(affinities(graph, 20)), reference.toarray(), rtol=2e-4, atol=1e-7)


@pytest.mark.parametrize(
    "vectors",
    [clusters(), np.repeat(clusters(10), 15, axis=0), np.ones((150, 3), np.float32)],
    ids=["different", "duplicates", "equal"],
)
def test_they_are_symmetric_sum_to_one_and_no_item_listens_to_itself(vectors):
    joint = dense(affinities(neighbor_graph(vectors, 30), 10))
    assert joint.sum() == pytest.approx(1, abs=1e-5)
    np.testing.assert_array_equal(joint, joint.T)
    assert (np.diag(joint) == 0).all() and (joint >= 0).all()


def supervised_by_definition(graph, perplexity, labels, strength):
    """P of t-SNE with rows weakened by the distances between labels that umap-learn has, and made to sum to 1 again."""
    far = 50.0 if strength > 95 else 2.5 / (1 - strength / 100)
    directed = np.zeros((len(graph), len(graph)))
    for row, (columns, distances) in enumerate(zip(graph.indices, graph.distances, strict=True)):
        others = labels[columns]
        apart = np.where((others == -1) | (labels[row] == -1), 1.0, far * (others != labels[row]))
        weights = gaussian_row(distances, perplexity) * np.exp(-apart)
        directed[row, columns] = weights / weights.sum()
    return (directed + directed.T) / (2 * len(graph))


@pytest.mark.parametrize("strength", [1, 50, 80, 100])
@pytest.mark.parametrize("classes", [2, 150], ids=["two classes", "each item its own class"])
def test_labels_weaken_rows_by_their_distance(strength, classes):
    graph = neighbor_graph(clusters(), 30)
    labels = np.random.default_rng(1).permutation(np.arange(150) % classes)
    labels[::5] = -1
    wanted = supervised_by_definition(graph, 10, labels, strength)
    np.testing.assert_allclose(dense(affinities(graph, 10, labels, strength)), wanted, rtol=5e-4, atol=1e-7)


@pytest.mark.parametrize(
    "labels", [np.full(150, -1), np.zeros(150, np.int64), np.arange(150)], ids=["none", "one", "all"]
)
def test_labels_that_tell_no_neighbor_from_another_change_nothing(labels):
    graph = neighbor_graph(clusters(), 30)
    shaped = dense(affinities(graph, 10, labels, 100))
    np.testing.assert_allclose(shaped, dense(affinities(graph, 10)), rtol=1e-5)


@settings(max_examples=60, deadline=None)
@given(
    labels=st.lists(st.integers(-1, 3), min_size=40, max_size=40).map(np.array),
    strengths=st.tuples(st.floats(1, 100), st.floats(1, 100)).map(sorted),
    values=st.integers(1, 4),
)
def test_whatever_the_labels_p_stays_p_and_classes_come_apart_with_strength(labels, strengths, values):
    vectors = np.random.default_rng(values).integers(0, values, (40, 3)).astype(np.float32)
    graph = neighbor_graph(vectors, 12)
    between = np.not_equal.outer(labels, labels) & (labels > -1) & (labels > -1)[:, None]
    shares = [dense(affinities(graph, 4))[between].sum()]
    for strength in strengths:
        joint = dense(affinities(graph, 4, labels, strength))
        assert np.isfinite(joint).all() and (joint >= 0).all()
        assert joint.sum() == pytest.approx(1, abs=1e-5)
        np.testing.assert_array_equal(joint, joint.T)
        assert (joint.sum(axis=1) >= 0.999 / 80).all(), "an item is attracted by nobody"
        shares.append(joint[between].sum())
    assert (np.diff(shares) <= 1e-5).all()


@pytest.mark.parametrize("distance", [0.0, 1e-20, 1.0, 1e15])
def test_neighbors_equally_far_count_alike_however_far_they_are(distance):
    indices = np.add.outer(np.arange(20), np.arange(1, 7)).astype(np.int32) % 20
    ring = NeighborGraph(indices, np.full(indices.shape, distance, np.float32), "euclidean")
    graph = affinities(ring, 2)
    np.testing.assert_allclose(graph.weights, 1 / len(graph.weights), rtol=1e-5)
    assert len(graph.weights) == 2 * indices.size


def test_duplicates_beyond_the_perplexity_are_all_that_an_item_listens_to():
    graph = neighbor_graph(np.repeat(clusters(10), 15, axis=0), 30)
    joint = dense(affinities(graph, 10))
    same = np.equal.outer(np.arange(150) // 15, np.arange(150) // 15)
    assert joint[~same].sum() < 1e-6
    np.testing.assert_allclose(joint[same & ~np.eye(150, dtype=bool)], 1 / (150 * 14), rtol=1e-4)


@pytest.mark.parametrize("near", [25, 31, 60])
@pytest.mark.parametrize("spread", [1e-3, 1e-8, 1e-11, 1e-15, 1e-30])
def test_neighbors_far_nearer_than_others_are_told_apart_as_the_perplexity_asks(near, spread):
    """The search for beta once failed on distances of very different size, and only the nearest neighbors counted."""
    random = np.random.default_rng(0)
    distances = np.hstack([spread * random.random((100, near)), 5 + random.random((100, 90 - near))])
    distances = np.sort(distances.astype(np.float32), axis=1)
    ring = np.add.outer(np.arange(100), np.arange(1, 91)).astype(np.int32) % 100
    wanted = np.zeros((100, 100))
    for row, (columns, own) in enumerate(zip(ring, distances, strict=True)):
        wanted[row, columns] = gaussian_row(own, 30)
    joint = dense(affinities(NeighborGraph(ring, distances, "euclidean"), 30))
    np.testing.assert_allclose(joint, (wanted + wanted.T) / wanted.sum() / 2, rtol=2e-3, atol=1e-7)


def tied_graph(random, rows=200, tied=40, k=90, offset=1.0):
    """A graph in which `tied` neighbors of each item are at the smallest distance, and the others farther away."""
    beyond = np.sort(offset + random.exponential(size=(rows, k - tied)), axis=1)
    distances = np.hstack([np.full((rows, tied), offset), beyond]).astype(np.float32)
    return NeighborGraph(
        np.add.outer(np.arange(rows), np.arange(1, k + 1)).astype(np.int32) % rows, distances, "euclidean"
    )


@pytest.mark.parametrize("tied", [1, 2, 29, 30, 31, 60, 89, 90])
@pytest.mark.parametrize("offset", [0.0, 1e-6, 1.0, 1e4])
def test_neighbors_tied_for_the_nearest_share_what_an_item_listens_to(tied, offset):
    """With at least as many ties as the perplexity, the limit of a narrow Gaussian is expected: only the ties count."""
    graph = tied_graph(np.random.default_rng(0), tied=tied, offset=offset)
    wanted = np.zeros((200, 200))
    for row, (columns, distances) in enumerate(zip(graph.indices, graph.distances, strict=True)):
        ties = distances == distances[0]  # not `tied`, because rounding may have added ties
        wanted[row, columns] = ties / ties.sum() if ties.sum() >= 30 else gaussian_row(distances, 30)
    np.testing.assert_allclose(
        dense(affinities(graph, 30)), (wanted + wanted.T) / wanted.sum() / 2, rtol=2e-3, atol=1e-7
    )


def test_neighbors_almost_tied_are_told_apart():
    """More distances than the perplexity differ only in their last bit."""
    random = np.random.default_rng(0)
    graph = tied_graph(random)
    is_nudged = (np.arange(90) < 40) & (random.random(graph.distances.shape) < 0.5)
    nudged = np.where(is_nudged, np.nextafter(graph.distances, np.float32(9)), graph.distances)
    joint = dense(affinities(NeighborGraph(graph.indices, np.sort(nudged, axis=1), "euclidean"), 30))
    assert joint.sum() == pytest.approx(1, abs=1e-5)
    first_forty = np.zeros((200, 200), bool)
    np.put_along_axis(first_forty, graph.indices[:, :40].astype(int), True, axis=1)
    assert joint[first_forty | first_forty.T].sum() > 0.99


@pytest.mark.parametrize("perplexity", [2, 3, 5])
def test_few_values_make_ties_of_every_kind(perplexity):
    """Vectors of few different values have ties of many kinds; probabilities must be finite and sum to 1."""
    random = np.random.default_rng(0)
    for values in (1, 2, 3):
        for d in (1, 2, 4):
            vectors = random.integers(0, values, (60, d)).astype(np.float32)
            joint = dense(affinities(neighbor_graph(vectors, 3 * perplexity), perplexity))
            assert joint.sum() == pytest.approx(1, abs=1e-5)
            assert (joint.sum(axis=1) >= 1 / 120 * 0.999).all(), "an item has no neighbor that counts"


@pytest.mark.parametrize("scale", [2.0**-40, 2.0**40])
def test_the_scale_of_the_distances_changes_nothing(scale):
    graph = neighbor_graph(clusters(), 30)
    scaled = NeighborGraph(graph.indices, graph.distances * np.float32(scale), "euclidean")
    np.testing.assert_array_equal(affinities(scaled, 10).weights, affinities(graph, 10).weights)


def test_fewer_neighbors_than_the_perplexity_count_alike():
    joint = dense(affinities(neighbor_graph(clusters(), 5), 30))
    directed = np.zeros((150, 150))
    np.put_along_axis(directed, neighbor_graph(clusters(), 5).indices.astype(int), 1, axis=1)
    np.testing.assert_allclose(joint, (directed + directed.T) / directed.sum() / 2, rtol=1e-5)
