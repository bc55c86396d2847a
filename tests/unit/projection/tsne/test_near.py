"""The near part of the pushes compared with a sum over all pairs, and the properties of near part and rest."""

import numpy as np
import pytest

from embviz.projection.tsne.near import NearPushes, near_kernel


def cloud(n, width, seed=0):
    return (np.random.default_rng(seed).normal(size=(n, 2)) * width).astype(np.float32)


def by_all_pairs(coords, reach):
    """Pushes over all pairs by finite differences of the near kernel, and the sum of the kernel."""
    ways = coords[:, None].astype(np.float64) - coords
    squares = (ways**2).sum(axis=2)
    step = 1e-6
    slopes = (near_kernel(squares + step, reach) - near_kernel(squares - step, reach)) / (2 * step)
    others = ~np.eye(len(coords), dtype=bool)
    return -(slopes[:, :, None] * ways).sum(axis=1), near_kernel(squares[others], reach).sum()


def added(coords, reach):
    near = NearPushes(len(coords))
    low = coords.min(axis=0)
    met = near.sort(coords, low, float((coords.max(axis=0) - low).max()), reach)
    pushes = np.zeros_like(coords)
    return near.add(pushes), pushes, met


@pytest.mark.parametrize("reach", [1.0, 2.5, 7.0])
@pytest.mark.parametrize(("n", "width"), [(1, 1.0), (2, 0.3), (65, 2.0), (700, 10.0), (700, 60.0)])
def test_every_item_meets_all_that_are_near(n, width, reach):
    coords = cloud(n, width) + np.float32(123)
    total, pushes, _ = added(coords, reach)
    expected, expected_total = by_all_pairs(coords, reach)
    assert total == pytest.approx(expected_total, rel=1e-5, abs=1e-5)
    np.testing.assert_allclose(pushes, expected, rtol=1e-4, atol=1e-4)


def test_items_in_one_place_meet_but_do_not_push_each_other():
    total, pushes, met = added(np.full((300, 2), 7, np.float32), 2.5)
    assert total == pytest.approx(300 * 299 * float(near_kernel(np.zeros(1), 2.5)[0]), rel=1e-5)
    assert not pushes.any()
    assert met >= 300**2


def test_pushes_are_added_to_those_that_are_there():
    coords = cloud(200, 3)
    near = NearPushes(200)
    low = coords.min(axis=0)
    near.sort(coords, low, float((coords.max(axis=0) - low).max()), 2.0)
    once, twice = np.zeros_like(coords), np.ones_like(coords)
    near.add(once)
    near.add(twice)
    np.testing.assert_allclose(twice, once + 1, rtol=1e-6, atol=1e-6)


def test_of_items_that_lie_evenly_as_many_meet_as_said():
    coords = np.random.default_rng(0).uniform(0, 100, (20_000, 2)).astype(np.float32)
    _, _, met = added(coords, 5.0)
    assert met == pytest.approx(20_000**2 * 15**2 / 100**2, rel=0.1)


@pytest.mark.parametrize("reach", [2.5, 5.0])
def test_what_is_left_for_a_grid_is_smooth(reach):
    """The rest of the kernel must have little power at waves that are too short for the grid."""
    steps = np.linspace(-40, 40, 1601)
    kernel = 1 / (1 + steps**2)
    rest = kernel - near_kernel(steps**2, reach)
    waves = 2 * np.pi * np.fft.rfftfreq(len(steps), steps[1] - steps[0])
    beyond = waves > np.pi / (reach / 2.5)
    whole, left = (np.abs(np.fft.rfft(values * np.hanning(len(steps)))) for values in (kernel, rest))
    assert (left[beyond] ** 2).sum() < 0.01 * (whole[beyond] ** 2).sum()


def test_the_near_part_is_not_above_the_kernel_and_falls():
    squares = np.linspace(0, 20, 1000)
    near = near_kernel(squares, 2.5)
    assert (near >= 0).all() and (near < 1 / (1 + squares)).all()
    assert (np.diff(near) <= 0).all() and not near[squares >= 2.5**2].any()
