"""Pushes by a grid compared with those over every pair, for layouts of any place and width."""

import numba
import numpy as np
import pytest

from embviz.projection.tsne import grid as module
from embviz.projection.tsne.grid import GridRepulsion
from embviz.projection.tsne.repulsion import exact_repulsion


def cloud(n, width, seed=0):
    return (np.random.default_rng(seed).normal(size=(n, 2)) * width).astype(np.float32)


def pushed(repulsion, coords):
    pushes = np.full_like(coords, np.nan)
    return repulsion.push(coords, pushes), pushes


def errors(coords, repulsion=None):
    """Relative errors of the sum over pairs and of the pushes; the second is a norm over all items."""
    pairs, pushes = pushed(repulsion or GridRepulsion(len(coords)), coords)
    exact_pairs, exact = pushed(exact_repulsion(len(coords)), coords)
    return abs(pairs / exact_pairs - 1), np.linalg.norm(pushes - exact) / np.linalg.norm(exact)


@pytest.mark.parametrize("n", [10, 500, 3000])
@pytest.mark.parametrize("width", [1e-6, 1e-4, 0.01, 0.1, 0.5, 1.0])
def test_a_cloud_that_is_still_small_is_pushed_as_by_every_pair(n, width):
    pairs, pushes = errors(cloud(n, width))
    assert pairs < 0.01 and pushes < 0.01


@pytest.mark.parametrize("width", [5.0, 10.0, 20.0, 50.0, 200.0])
def test_a_cloud_so_wide_that_close_items_push_the_most_is_pushed_nearly_as_by_every_pair(width):
    pairs, pushes = errors(cloud(3000, width))
    assert pairs < 0.001 and pushes < 0.02


@pytest.mark.parametrize("knot", [0.0, 0.1, 3.0])
def test_a_knot_of_items_among_others_far_apart_is_pushed_nearly_as_by_every_pair(knot):
    coords = cloud(3000, 100)
    coords[:2500] = cloud(2500, knot, seed=1)
    pairs, pushes = errors(coords)
    assert pairs < 0.001 and pushes < 0.02


def test_asked_twice_about_a_layout_it_gives_the_same():
    for width in (0.5, 20.0):
        repulsion, coords = GridRepulsion(3000), cloud(3000, width)
        first, second = pushed(repulsion, coords), pushed(repulsion, coords)
        assert first[0] == second[0] and np.array_equal(first[1], second[1])


@pytest.mark.parametrize("distance", [0.01, 10.0, 100.0, 1000.0])
def test_two_items_alone_push_each_other_apart_and_not_themselves(distance):
    coords = np.array([[0, 0], [0.6, 0.8]], np.float32) * np.float32(distance)
    _, pushes = pushed(GridRepulsion(2), coords)
    strength = distance / (1 + distance**2) ** 2
    np.testing.assert_allclose(pushes, strength * np.array([[-0.6, -0.8], [0.6, 0.8]]), rtol=0.02, atol=1e-6)


def test_pushes_cancel_out():
    coords = cloud(1500, 5)
    _, pushes = pushed(GridRepulsion(1500), coords)
    assert np.abs(pushes.sum(axis=0, dtype=np.float64)).max() < 1e-4 * np.abs(pushes).sum()


@pytest.mark.parametrize("n", [1, 10, 1500])
@pytest.mark.parametrize("place", [0.0, 1e-3, 5.0, -1000.0, 3e4])
def test_items_in_one_place_do_not_push_each_other(n, place):
    pairs, pushes = pushed(GridRepulsion(n), np.full((n, 2), place, np.float32))
    assert pairs == pytest.approx(n * (n - 1), rel=1e-3, abs=1e-3)
    assert np.abs(pushes).max() < 1e-3 * n


@pytest.mark.parametrize("offset", [1.0, 100.0, 5000.0])
def test_a_small_cloud_far_from_the_origin_has_its_place_on_the_grid(offset):
    coords = cloud(1500, 1e-4) + np.float32(offset)
    pairs, pushes = pushed(GridRepulsion(1500), coords)
    exact_pairs, exact = pushed(exact_repulsion(1500), coords)
    assert pairs == pytest.approx(exact_pairs, rel=1e-4)
    np.testing.assert_allclose(pushes, exact, atol=1e-3 * 1500)


@pytest.mark.parametrize("shape", [(1.0, 1e-5), (1e-5, 1.0)])
def test_a_cloud_as_flat_as_a_line_is_pushed_along_it(shape):
    pairs, pushes = errors(cloud(1500, 0.5) * np.float32(shape))
    assert pairs < 0.01 and pushes < 0.01


def test_a_grid_used_before_for_another_layout_is_as_good_as_a_new_one():
    used = GridRepulsion(1500)
    for width in (1e-4, 0.3, 0.31, 2.0, 2.1, 0.3, 40.0):
        coords = cloud(1500, width)
        pairs, pushes = errors(coords, used)  # a grid that was kept may have other nodes than a new one
        assert pairs < 0.01 and pushes < 0.02
    again, same = pushed(used, coords), pushed(used, coords)
    assert again[0] == same[0] and np.array_equal(again[1], same[1])


@pytest.mark.parametrize("item", [0, 700, 1499])
@pytest.mark.parametrize("value", [1e7, np.inf, -np.inf, np.nan])
def test_a_layout_that_has_run_apart_is_no_number(value, item):
    coords = cloud(1500, 1)
    coords[item, 1] = value
    pairs, _ = pushed(GridRepulsion(1500), coords)
    assert np.isnan(pairs)


def test_a_grid_lasts_while_a_layout_grows_a_little_even_where_nodes_are_few(monkeypatch):
    made = []
    monkeypatch.setattr(module, "_plan", lambda *args, plan=module._plan: made.append(args) or plan(*args))
    monkeypatch.setattr(module, "PAIRS_PER_NODE", 0)  # as with too many near pairs, so that the grid is fine
    used = GridRepulsion(1500)
    for growth in range(5):
        pairs, _ = errors(cloud(1500, 100.0) * np.float32(1 + growth / 1000), used)
        assert pairs < 0.01
    assert len(made) == 1


def test_one_thread_or_several_transform_alike(monkeypatch):
    monkeypatch.setattr(module, "ALONE", 0)
    coords = cloud(3000, 20.0)
    before = numba.get_num_threads()
    given = []
    for threads in (1, numba.config.NUMBA_NUM_THREADS):
        numba.set_num_threads(threads)
        given.append(pushed(GridRepulsion(3000), coords))
    numba.set_num_threads(before)
    (pairs, pushes), (again, same) = given
    assert pairs == again and np.array_equal(pushes, same)
