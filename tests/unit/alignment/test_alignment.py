"""A layout laid over another one: found again whatever was done to it, and never bent."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.spatial import procrustes
from scipy.spatial.distance import pdist

from embviz.alignment import alignment
from embviz.projection.projection import Projection
from embviz.projection.specs import Tsne


def layout(coords, ids=None):
    coords = np.asarray(coords, np.float32)
    ids = np.arange(len(coords)) if ids is None else ids
    return Projection(coords, np.asarray(ids, np.int64), Tsne(coords.shape[1]), "features", "items", 1.0)


def random_turn(rng, dims, *, mirrors):
    turn, _ = np.linalg.qr(rng.normal(size=(dims, dims)))
    if (np.linalg.det(turn) < 0) != mirrors:
        turn[0] *= -1
    return turn


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 10**6),
    st.sampled_from([2, 3]),
    st.booleans(),
    st.floats(0.01, 100),
    st.floats(-1000, 1000),
)
def test_what_was_turned_mirrored_enlarged_and_moved_comes_back(seed, dims, mirrors, scale, shift):
    rng = np.random.default_rng(seed)
    points = rng.normal(size=(30, dims))
    moved = points @ random_turn(rng, dims, mirrors=mirrors) * scale + shift
    laid = alignment(layout(moved), layout(points))
    np.testing.assert_allclose(laid.coords, layout(points).coords, atol=0.01 * (1 + abs(shift) / scale / 100))
    assert laid.is_mirrored == mirrors and laid.scale == pytest.approx(1 / scale, rel=0.02)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([2, 3]))
def test_it_fits_as_well_as_scipys_procrustes_and_keeps_all_proportions(seed, dims):
    rng = np.random.default_rng(seed)
    points, others = rng.normal(size=(2, 40, dims)) * 3
    laid = alignment(layout(points), layout(others))
    ratio = pdist(laid.coords) / pdist(layout(points).coords)
    np.testing.assert_allclose(ratio, laid.scale, rtol=1e-4)
    centered = [each - each.mean(axis=0) for each in (laid.coords.astype(float), others)]
    ours, theirs = (each / np.linalg.norm(each) for each in centered)
    agreement = float((ours * theirs).sum())
    assert 1 - agreement**2 == pytest.approx(procrustes(others, points)[2], abs=1e-4)


def test_items_are_matched_by_id_whatever_their_order_and_the_others_follow():
    rng = np.random.default_rng(0)
    points = rng.normal(size=(20, 2))
    turn = random_turn(rng, 2, mirrors=False)
    order = rng.permutation(20)
    laid = alignment(layout((points @ turn)[order], order), layout(points[:12]))
    assert laid.n_common == 12
    middle = points[:12].mean(axis=0)
    np.testing.assert_allclose(laid.coords - middle, (points - middle)[order], atol=1e-5)


def test_nothing_tells_how_to_turn_it_where_too_little_is_common():
    points = np.random.default_rng(0).normal(size=(10, 3))
    assert alignment(layout(points), layout(points[:, :2])) is None
    assert alignment(layout(points), layout(points, np.arange(10) + 7)) is None, "three items are in both"
    assert alignment(layout(points), layout(points, np.arange(10) + 6)) is not None
    assert alignment(layout(np.ones((10, 3))), layout(points)) is None
    assert alignment(layout(points), layout(np.full((10, 3), 1e6))) is None
    assert alignment(layout(np.zeros((10, 2))), layout(np.zeros((10, 2)))) is None


def test_both_layouts_are_in_the_box_that_they_are_drawn_into():
    rng = np.random.default_rng(1)
    reference = rng.normal(size=(50, 2)) * [4, 1] + 100
    for other in (reference, rng.normal(size=(50, 2)) ** 3):
        laid = alignment(layout(other), layout(reference))
        for coords in (laid.coords, reference):
            assert np.abs(coords - laid.center).max() <= laid.half * (1 + 1e-5)
    same = alignment(layout(reference), layout(reference))
    extents = np.ptp(layout(reference).coords, axis=0)
    assert same.half == pytest.approx(extents.max() / 2, rel=1e-5) and same.title == "as it is"


def test_the_same_layout_over_another_reference_has_another_fingerprint():
    points = np.random.default_rng(0).normal(size=(10, 2))
    one, other = (alignment(layout(points), layout(points * factor)) for factor in (1, 2))
    assert one.fingerprint != other.fingerprint == alignment(layout(points), layout(points * 2)).fingerprint
    with pytest.raises(ValueError, match="read-only"):
        one.coords[0] = 0
    assert replace(one).fingerprint == one.fingerprint
