"""Pushes by a tree compared with those over every pair, and the curve along which its leaves lie."""

import numpy as np
import pytest

from embviz.projection.kernels.z_order import z_order
from embviz.projection.tsne.repulsion import exact_repulsion
from embviz.projection.tsne.tree import LEAF, TreeRepulsion


def cloud(n, width, seed=0):
    return (np.random.default_rng(seed).normal(size=(n, 3)) * width).astype(np.float32)


def pushed(repulsion, coords):
    pushes = np.full_like(coords, np.nan)
    return repulsion.push(coords, pushes), pushes


def errors(coords):
    """Relative errors of the sum over pairs and of the pushes; the second is a norm over all items."""
    pairs, pushes = pushed(TreeRepulsion(len(coords)), coords)
    exact_pairs, exact = pushed(exact_repulsion(len(coords)), coords)
    return abs(pairs / exact_pairs - 1), np.linalg.norm(pushes - exact) / np.linalg.norm(exact)


@pytest.mark.parametrize("n", [500, 3000])
@pytest.mark.parametrize("width", [1e-4, 0.01, 0.3, 1.0, 10.0, 100.0, 300.0])
def test_a_cloud_is_pushed_as_by_every_pair(n, width):
    pairs, pushes = errors(cloud(n, width))
    assert pairs < 0.02 and pushes < 0.02


@pytest.mark.parametrize("n", [2, LEAF - 1, LEAF, LEAF + 1, 2 * LEAF, 4 * LEAF + 1, 10 * LEAF])
def test_leaves_that_are_not_full_count_as_what_they_hold(n):
    pairs, pushes = errors(cloud(n, 1.0))
    assert pairs < 0.02 and pushes < 0.02


def test_two_items_far_apart_push_each_other_and_not_themselves():
    coords = np.array([[0, 0, 0], [0, 60, 80]], np.float32)
    pairs, pushes = pushed(TreeRepulsion(2), coords)
    np.testing.assert_allclose(pushes[1], [0, 60 / 5001**2.5, 80 / 5001**2.5], rtol=1e-5)
    assert pairs == pytest.approx(2 / 5001**1.5, rel=0.05)


@pytest.mark.parametrize("small", [50, 150, 700])
def test_two_clouds_far_apart_count_as_two_places(small):
    coords = np.vstack([cloud(1500 - small, 1), cloud(small, 1, seed=1) + np.float32(200)])
    pairs, pushes = errors(coords)
    assert pairs < 0.02 and pushes < 0.02


@pytest.mark.parametrize("small", [50, 150, 700])
def test_the_smaller_of_two_clouds_pushes_itself_apart_too(small):
    coords = np.vstack([cloud(1500 - small, 1), cloud(small, 1, seed=1) + np.float32(200)])
    (_, pushes), (_, exact) = pushed(TreeRepulsion(1500), coords), pushed(exact_repulsion(1500), coords)
    there = slice(1500 - small, None)
    assert np.linalg.norm(pushes[there] - exact[there]) < 0.02 * np.linalg.norm(exact[there])


@pytest.mark.parametrize("n", [1, 10, 1500])
@pytest.mark.parametrize("place", [0.0, 5.0, -3e4])
def test_items_in_one_place_do_not_push_each_other(n, place):
    pairs, pushes = pushed(TreeRepulsion(n), np.full((n, 3), place, np.float32))
    assert pairs == pytest.approx(n * (n - 1), rel=1e-5)
    assert np.abs(pushes).max() <= 1e-7 * n * abs(place)  # the centers of groups are rounded


@pytest.mark.parametrize("flat", [(1, 1, 0), (1, 0, 0), (0, 0, 1)])
def test_a_flat_cloud_stays_flat(flat):
    coords = cloud(1500, 3) * np.float32(flat)
    pairs, error = errors(coords)
    assert pairs < 0.02 and error < 0.05
    _, pushes = pushed(TreeRepulsion(1500), coords)
    assert (pushes[:, np.array(flat) == 0] == 0).all()


def test_the_order_of_the_items_changes_only_the_order_of_the_pushes():
    coords = cloud(1500, 5)
    order = np.random.default_rng(0).permutation(1500)
    pairs, pushes = pushed(TreeRepulsion(1500), coords)
    again, shuffled = pushed(TreeRepulsion(1500), np.ascontiguousarray(coords[order]))
    assert again == pytest.approx(pairs, rel=1e-6)
    np.testing.assert_array_equal(shuffled, pushes[order])


def test_a_tree_used_before_gives_what_a_new_one_gives():
    used = TreeRepulsion(1500)
    for width in (300.0, 1e-4, 1.0):
        coords = cloud(1500, width)
        pairs, pushes = pushed(used, coords)
        new_pairs, new_pushes = pushed(TreeRepulsion(1500), coords)
        assert pairs == new_pairs and np.array_equal(pushes, new_pushes)


@pytest.mark.parametrize("value", [1e7, np.inf, np.nan])
def test_a_layout_that_has_run_apart_is_no_number(value):
    coords = cloud(1500, 1)
    coords[0, 1] = value
    with np.errstate(invalid="ignore"):
        pairs, _ = pushed(TreeRepulsion(1500), coords)
    assert np.isnan(pairs)


@pytest.mark.parametrize("dims", [2, 3])
def test_the_curve_visits_every_item_once_and_cell_by_cell(dims):
    corners = np.stack(np.meshgrid(*[[0, 1, 2, 3]] * dims, indexing="ij"), axis=-1).reshape(-1, dims)
    places = np.random.default_rng(0).permutation(corners).astype(np.float32)
    order = z_order(places)
    assert sorted(order.tolist()) == list(range(len(places)))
    octants = (places[order] // 2).reshape(2**dims, 2**dims, dims)
    assert (octants == octants[:, :1]).all(), "a quarter is left only when all of it was seen"
