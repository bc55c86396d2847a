"""Starts of layouts: they match the principal components, and no two items start in the same place."""

import numpy as np
import pytest

from embviz.neighbors import neighbor_graph
from embviz.projection.pca import principal_components
from embviz.projection.specs import STARTS
from embviz.projection.start import starting_layout, turned_layout
from tests.unit.compass import compass_of


def some_vectors(n=50, d=6):
    random = np.random.default_rng(0)
    return (random.normal(size=(n, d)) * np.arange(d, 0, -1)).astype(np.float32)


def started(vectors, n_components, seed, init="pca"):
    graph = neighbor_graph(vectors / np.abs(vectors).max(), min(5, len(vectors) - 1))
    return starting_layout(init, compass_of(vectors, n_components), graph, seed)


def test_a_start_is_close_to_the_principal_components():
    start = started(some_vectors(), 2, seed=0)
    scores = principal_components(some_vectors(), (1, 2)).scores
    np.testing.assert_allclose(start, scores / scores[:, 0].std(), atol=0.06)
    assert start[:, 0].std() == pytest.approx(1)


@pytest.mark.parametrize(
    "vectors",
    [
        np.ones((4, 3), np.float32),
        np.repeat(some_vectors(5), 4, axis=0),
        some_vectors(20, 1),
        some_vectors(2, 6),
        some_vectors() * np.float32(1e-30),
        some_vectors() * np.float32(1e14),
    ],
    ids=["equal", "twins", "one column", "two rows", "tiny", "huge"],
)
@pytest.mark.parametrize("n_components", [2, 3])
@pytest.mark.parametrize("init", STARTS)
def test_every_item_starts_in_a_place_of_its_own(vectors, n_components, init):
    start = started(vectors, n_components, 0, init)
    assert start.dtype == np.float32 and start.shape == (len(vectors), n_components) and np.isfinite(start).all()
    assert start[:, 0].std() == pytest.approx(1)
    assert all(len(np.unique(start[:, axis])) == len(vectors) for axis in range(n_components))


def test_a_seed_fixes_the_start_and_another_moves_it():
    first, again, other = (started(some_vectors(), 3, seed) for seed in (0, 0, 1))
    assert np.array_equal(first, again) and not np.array_equal(first, other)


def test_eigenmaps_keep_two_far_groups_apart():
    vectors = some_vectors(60)
    vectors[30:] += 1000
    graph = neighbor_graph(vectors, 35)  # 35 neighbors join the groups of 30, by few edges
    start = starting_layout("spectral", compass_of(vectors, 2), graph, 0)[:, 0]
    assert start[:30].max() < start[30:].min() or start[30:].max() < start[:30].min()


@pytest.mark.parametrize("n_components", [2, 3])
def test_a_turned_layout_is_the_same_up_to_turning_and_matches_its_compass(n_components):
    random = np.random.default_rng(0)
    compass = random.normal(size=(50, n_components)).astype(np.float32)
    turn = np.linalg.qr(random.normal(size=(n_components, n_components)))[0]
    turned = turned_layout(((compass * 3 + 5) @ turn).astype(np.float32), compass)
    np.testing.assert_allclose(turned, (compass - compass.mean(axis=0)) * 3, atol=1e-4)
