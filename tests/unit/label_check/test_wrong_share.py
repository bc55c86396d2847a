"""The share of wrong labels: formula, jackknife by brute force, FeeBee's line, and what may not change it."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from embviz.label_check.together import folds_of, neighbors_elsewhere, usable_groups
from embviz.label_check.wrong_share import wrong_share
from embviz.neighbors import neighbor_graph
from tests.unit.label_check.gaussians import gaussians, with_flips


def measured(vectors, labels, groups=None, k=60):
    groups = np.arange(len(labels)) if groups is None else groups
    graph = neighbor_graph(vectors, min(k, len(labels) - 1))
    nearest = neighbors_elsewhere(graph, groups, graph.k)
    return wrong_share(nearest, labels, groups, int(labels.max()) + 1, "writer")


def by_hand(vectors, labels, groups):
    """The share from all distances between items of different groups."""
    distances = ((vectors[:, None].astype(float) - vectors) ** 2).sum(axis=2)
    distances[groups[:, None] == groups] = np.inf
    disagreement = np.mean(labels[distances.argmin(axis=1)] != labels)
    chance = 1 - 1 / (labels.max() + 1)
    return chance * (1 - np.sqrt(1 - disagreement / chance))


@pytest.mark.parametrize("size", [1, 4])
def test_share_and_standard_error_are_those_of_leaving_out_every_group_by_hand(size):
    vectors, labels = gaussians(120, distance=1.5)
    groups = np.arange(120) // size
    found = measured(vectors, labels, groups)
    assert found.share == pytest.approx(by_hand(vectors, labels, groups), abs=1e-12)
    n_groups = 120 // size
    without = np.array(
        [by_hand(*(each[groups != gone] for each in (vectors, labels, groups))) for gone in range(n_groups)]
    )
    error = np.sqrt((n_groups - 1) / n_groups * ((without - without.mean()) ** 2).sum())
    assert found.standard_error == pytest.approx(error, abs=1e-12)
    assert found.n_units == n_groups


@pytest.mark.parametrize("share", [0.05, 0.2, 0.4])
@pytest.mark.parametrize("distance", [2.5, 6.0])
def test_flipped_labels_move_the_share_along_the_line_of_feebee(share, distance):
    vectors, labels = gaussians(3000, distance=distance)
    clean = measured(vectors, labels)
    flipped, is_flipped = with_flips(labels, share, 3)
    found = measured(vectors, flipped)
    expected = clean.share + is_flipped.mean() * (1 - clean.share * 3 / 2)
    assert found.interval.low <= expected <= found.interval.high


def test_separate_classes_without_flips_have_no_wrong_labels_and_the_rule_of_three_bounds_them():
    vectors, labels = gaussians(300, distance=40)
    found = measured(vectors, labels)
    assert found.share == 0
    assert (found.interval.low, found.interval.high) == (0, pytest.approx(3 / 300))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6))
def test_order_rotation_place_scale_and_names_of_classes_change_nothing(seed):
    rng = np.random.default_rng(seed)
    vectors, labels = gaussians(90, distance=1.5, seed=seed)
    groups = rng.integers(0, 30, 90)
    _, groups = np.unique(groups, return_inverse=True)
    found = measured(vectors, labels, groups)
    order = rng.permutation(90)
    rotation, _ = np.linalg.qr(rng.normal(size=(5, 5)))
    moved = (3 * vectors.astype(float) @ rotation + 7).astype(np.float32)
    again = measured(moved[order], (2 - labels)[order], groups[order])
    assert again.share == pytest.approx(found.share, abs=1e-6)
    assert again.standard_error == pytest.approx(found.standard_error, abs=1e-6)


def test_an_item_whose_neighbors_are_all_of_its_own_group_is_left_out():
    graph = neighbor_graph(np.array([[0], [1], [10], [11]], np.float32), 1)
    groups = np.array([0, 0, 1, 2])
    nearest = neighbors_elsewhere(graph, groups, 1)
    assert nearest.tolist() == [[-1], [-1], [3], [2]]
    assert wrong_share(nearest, np.array([0, 1, 0, 0]), groups, 2).n == 2


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 5), st.integers(1, 40))
def test_folds_split_no_group_and_are_of_like_size(seed, n_folds, n_groups):
    rng = np.random.default_rng(seed)
    groups = np.r_[np.arange(n_groups), rng.integers(0, n_groups, 60)]
    folds = folds_of(groups, rng.integers(0, 4, len(groups)), n_folds)
    per_group = [set(folds[groups == group]) for group in range(n_groups)]
    assert all(len(found) == 1 for found in per_group)
    counts = np.bincount([found.pop() for found in per_group], minlength=min(n_folds, n_groups))
    assert counts.max() - counts.min() <= 1


def test_each_fold_has_its_part_of_every_class():
    labels = np.repeat([0, 1, 2], [30, 9, 3])
    folds = folds_of(np.arange(42), labels, 3)
    for code in range(3):
        assert np.bincount(folds[labels == code]).tolist() == [(labels == code).sum() // 3] * 3


def test_a_class_in_one_group_is_compared_within_it_and_others_are_not():
    groups, labels = np.array([0, 0, 1, 2, 2, 1]), np.array([0, 0, 0, 1, 1, 0])
    usable = usable_groups(groups, labels)
    assert usable[0] == usable[1]
    assert usable[2] == usable[5]
    assert len(set(usable.tolist())) == 4
