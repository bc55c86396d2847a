"""Pushes of t-SNE compared with a double sum in float64, and its gradient compared with finite differences."""

import numpy as np
import pytest

from embviz.neighbors import neighbor_graph
from embviz.projection.specs import TSNE_START_WIDTH, Tsne
from embviz.projection.tsne.repulsion import exact_repulsion
from embviz.projection.tsne.tsne import kl_divergence, start_tsne


def pushes_by_definition(coords):
    """Sum over j of (y_i - y_j) / w^((f + 3) / 2), and over all pairs of 1 / w^((f + 1) / 2), w being 1 + d^2 / f."""
    ways = coords[:, None].astype(np.float64) - coords
    freedom = coords.shape[1] - 1
    near = 1 / (1 + (ways**2).sum(axis=2) / freedom)
    np.fill_diagonal(near, 0)
    return (near[:, :, None] ** ((freedom + 3) / 2) * ways).sum(axis=1), (near ** ((freedom + 1) / 2)).sum()


def divergence_by_definition(joint, coords):
    """Kullback-Leibler divergence of the layout's t-distribution from the joint probabilities."""
    freedom = coords.shape[1] - 1
    squares = ((coords[:, None] - coords) ** 2).sum(axis=2)
    near = (1 + squares / freedom) ** (-(freedom + 1) / 2)
    np.fill_diagonal(near, 0)
    there = joint > 0
    return float((joint[there] * np.log(joint[there] / (near / near.sum())[there])).sum())


def cloud(n, dims, width, seed=0):
    return (np.random.default_rng(seed).normal(size=(n, dims)) * width).astype(np.float32)


def dense(graph):
    matrix = np.zeros((len(graph), len(graph)))
    rows = np.repeat(np.arange(len(graph)), np.diff(graph.starts))
    matrix[rows, graph.columns] = graph.weights
    return matrix


def a_state(dims, coords):
    """t-SNE at the given coordinates, without exaggeration."""
    graph = neighbor_graph(cloud(len(coords), 4, 1, seed=1), 9)
    state = start_tsne(graph, Tsne(n_components=dims, perplexity=3, learning_rate=1.0), coords)
    state.coords = coords.copy()
    state.exaggeration = 1.0
    return state


@pytest.mark.parametrize("dims", [2, 3])
@pytest.mark.parametrize("width", [1e-4, 1.0, 100.0])
@pytest.mark.parametrize("n", [1, 2, 63, 64, 65, 200])
def test_exact_pushes_are_those_of_the_definition(n, width, dims):
    coords = cloud(n, dims, width)
    pushes = np.full_like(coords, np.nan)
    pairs = exact_repulsion(n).push(coords, pushes)
    wanted, wanted_pairs = pushes_by_definition(coords)
    np.testing.assert_allclose(pushes, wanted, rtol=1e-4, atol=1e-5 * np.abs(wanted).max())
    assert pairs == pytest.approx(wanted_pairs, rel=1e-5)


@pytest.mark.parametrize("dims", [2, 3])
def test_items_in_one_place_do_not_push_each_other(dims):
    coords = np.full((70, dims), 5, np.float32)
    pushes = np.full_like(coords, np.nan)
    assert exact_repulsion(70).push(coords, pushes) == 70 * 69
    assert (pushes == 0).all()


@pytest.mark.parametrize("dims", [2, 3])
def test_an_iteration_goes_down_the_gradient_of_finite_differences(dims):
    coords = cloud(14, dims, 1.5)
    state = a_state(dims, coords)
    joint, step = dense(state.joint), 1e-5
    gradient = np.zeros(coords.shape)
    for place in np.ndindex(coords.shape):
        there, back = coords.astype(np.float64), coords.astype(np.float64)
        there[place] += step
        back[place] -= step
        gradient[place] = (divergence_by_definition(joint, there) - divergence_by_definition(joint, back)) / (2 * step)
    state.step(1)
    first_gain = 0.8  # gain of an item after its first step, because it had no velocity
    np.testing.assert_allclose(
        (coords - state.coords) / first_gain, gradient, rtol=1e-4, atol=1e-5 * np.abs(gradient).max()
    )


@pytest.mark.parametrize("dims", [2, 3])
def test_exaggeration_multiplies_the_attraction_alone(dims):
    coords = cloud(14, dims, 1.5)
    moved = []
    for exaggeration in (0.0, 1.0, 12.0):
        state = a_state(dims, coords)
        state.exaggeration = exaggeration
        state.step(1)
        moved.append(state.coords - coords)
    pushes, pairs = pushes_by_definition(coords)
    np.testing.assert_allclose(moved[0], 0.8 * {2: 4, 3: 3}[dims] * pushes / pairs, rtol=1e-3, atol=1e-6)
    np.testing.assert_allclose(moved[2] - moved[0], 12 * (moved[1] - moved[0]), rtol=1e-3, atol=2e-6)


@pytest.mark.parametrize("dims", [2, 3])
@pytest.mark.parametrize("width", [TSNE_START_WIDTH, 1.0, 30.0])
def test_the_divergence_is_that_of_the_definition(width, dims):
    state = a_state(dims, cloud(14, dims, width))
    wanted = divergence_by_definition(dense(state.joint), state.coords.astype(np.float64))
    assert kl_divergence(state) == pytest.approx(wanted, rel=1e-5)
