"""Bounds of the error: known Gaussians, a plain reference of each, invariances, groups, and odd data."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.stats import norm

from embviz.bounds import ErrorBounds, error_bounds
from embviz.bounds.local import local_measures
from embviz.bounds.permuted import permuted_labels
from embviz.errors import Cancelled, InputError, SpecError
from embviz.overlap import Groups


def gaussians(distance, n=1000, d=5, seed=0):
    """Two normal classes of standard deviation 1."""
    labels = np.arange(n) % 2
    vectors = np.random.default_rng(seed).normal(size=(n, d))
    vectors[:, 0] += distance * labels
    return vectors.astype(np.float32), labels


def bounds_of(vectors, labels, groups=None):
    named = None if groups is None else Groups("writer", groups, "")
    return error_bounds(vectors, labels, (0, 1), space="toy", groups=named)


@pytest.mark.parametrize(("distance", "tolerance"), [(1, 0.02), (2, 0), (3, 0)])
def test_bounds_bracket_the_known_error_of_gaussians(distance, tolerance):
    """On average over five samples; a single one is off by some thousandths."""
    samples = [bounds_of(*gaussians(distance, seed=seed)) for seed in range(5)]
    least = norm.cdf(-distance / 2)
    for name in ("nearest_neighbor", "henze_penrose"):
        low, high = np.mean([(getattr(each, name).low, getattr(each, name).high) for each in samples], axis=0)
        assert low - tolerance <= least <= high + tolerance
        assert high - low < 0.15, "bounds that hold anything would be no bounds"


def reference(vectors, labels):
    """Nearest-neighbor error, cross edges, N2 and local set cardinality from a table of distances."""
    exact = vectors.astype(np.float64)
    distances = np.sqrt(((exact[:, None] - exact) ** 2).sum(axis=2))
    n = len(labels)
    others = distances + np.diag(np.full(n, np.inf))
    is_own = labels[:, None] == labels
    error = np.mean(labels[others.argmin(axis=1)] != labels)
    tree = minimum_spanning_tree(distances).tocoo()
    crossing = (labels[tree.row] != labels[tree.col]).sum()
    own = np.where(is_own, others, np.inf).min(axis=1)
    other = np.where(is_own, np.inf, distances).min(axis=1)
    ratio = own.sum() / other.sum()
    sets = (is_own & (distances < other[:, None])).sum()
    return error, crossing, ratio / (1 + ratio), 1 - sets / n**2


@pytest.mark.parametrize("n", [4, 5, 50, 301])
@pytest.mark.parametrize("distance", [0, 2, 100])
def test_all_estimates_equal_a_plain_reference(n, distance):
    vectors, labels = gaussians(distance, n=n, d=3, seed=n)
    found = bounds_of(vectors, labels)
    error, crossing, n2, cardinality = reference(vectors, labels)
    assert found.nearest_neighbor.error == pytest.approx(error, abs=1e-12)
    assert found.henze_penrose.cross_edges == crossing
    assert found.n2.value == pytest.approx(n2, abs=1e-9)
    assert found.local_set_cardinality.value == pytest.approx(cardinality, abs=1e-12)


def test_the_formulas_of_the_bounds():
    found = bounds_of(*gaussians(1.5, n=400))
    nearest, tree = found.nearest_neighbor, found.henze_penrose
    assert nearest.low == pytest.approx((1 - np.sqrt(1 - 2 * nearest.error)) / 2)
    u = 1 - tree.cross_edges / tree.expected  # p = q = 1/2
    assert (tree.low, tree.high) == pytest.approx((0.5 - np.sqrt(u) / 2, 0.5 - u / 2))
    assert tree.expected == 200
    assert found.chance == 0.5 and found.cardinality_apart == 0.5


PARTS = {
    "nearest_neighbor": ("error", "low", "high"),
    "henze_penrose": ("cross_edges", "expected", "low", "high"),
    "n2": ("value", "low", "high"),
    "local_set_cardinality": ("value", "low", "high"),
}


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.floats(0.5, 4), st.integers(20, 80))
def test_rotation_shift_scale_order_and_swapped_labels_change_nothing(seed, distance, n):
    vectors, labels = gaussians(distance, n=n, d=4, seed=seed)
    rng = np.random.default_rng(seed)
    rotation, _ = np.linalg.qr(rng.normal(size=(4, 4)))
    order = rng.permutation(n)
    groups = np.arange(n) // 3
    original = bounds_of(vectors, labels, groups)
    moved = (3 * vectors.astype(np.float64) @ rotation + [5, -4, 3, -2]).astype(np.float32)
    for changed in (
        bounds_of(moved, labels, groups),
        bounds_of(vectors[order], labels[order], groups[order]),
        bounds_of(vectors, 1 - labels, groups),
    ):
        for name, parts in PARTS.items():
            one, other = getattr(original, name), getattr(changed, name)
            for part in parts:
                assert getattr(other, part) == pytest.approx(getattr(one, part), abs=1e-6), (name, part)
        assert changed.henze_penrose.p_value == pytest.approx(original.henze_penrose.p_value, abs=0.1)


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.integers(1, 4), st.integers(5, 40))
def test_with_ties_and_duplicates_the_order_and_swapped_labels_still_change_nothing(seed, width, n):
    rng = np.random.default_rng(seed)
    vectors, labels = rng.integers(0, width, (n, 2)).astype(np.float32), np.arange(n) % 2
    order = rng.permutation(n)
    original, shuffled = bounds_of(vectors, labels), bounds_of(vectors[order], labels[order])
    swapped = bounds_of(vectors, 1 - labels)
    for found in (shuffled, swapped):
        assert found.henze_penrose.cross_edges == pytest.approx(original.henze_penrose.cross_edges, abs=1e-9)
        assert found.nearest_neighbor == original.nearest_neighbor
        assert found.n2.value == pytest.approx(original.n2.value, abs=1e-9)
        assert found.local_set_cardinality.value == pytest.approx(original.local_set_cardinality.value, abs=1e-9)
    assert shuffled.henze_penrose.p_value == original.henze_penrose.p_value


def test_what_is_drawn_does_not_depend_on_the_order_of_items():
    vectors, labels = gaussians(0.6, n=60)
    order = np.random.default_rng(1).permutation(60)
    groups = np.arange(60) // 4
    p_value = bounds_of(vectors, labels, groups).henze_penrose.p_value
    assert 0.01 < p_value < 0.99
    assert bounds_of(vectors[order], labels[order], groups[order]).henze_penrose.p_value == p_value


@pytest.mark.parametrize("n_groups", [8, 30, 120])
def test_measures_without_a_group_are_those_of_the_items_left(n_groups):
    vectors, labels = gaussians(2, n=120, d=3)
    groups = np.random.default_rng(0).permutation(np.arange(120) % n_groups)
    centered = vectors.astype(np.float64)
    found = local_measures(centered, labels == 1, groups, is_repeated=True, progress=lambda *_: None)
    for group in range(n_groups):
        left = groups != group
        _, _, n2, cardinality = reference(vectors[left], labels[left])
        assert found.n2_without[group] == pytest.approx(n2, abs=1e-12)
        assert found.local_sets_without[group] == pytest.approx(cardinality, abs=1e-12)


def test_the_p_value_is_uniform_where_labels_mean_nothing_and_items_come_in_groups():
    """Groups that lie far apart: labels drawn item by item would call such classes different."""
    p_values = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        groups = np.arange(80) // 8
        vectors = (rng.normal(size=(80, 2)) + 20 * rng.normal(size=(10, 2))[groups]).astype(np.float32)
        labels = np.append(rng.integers(0, 2, 8), [0, 1])[groups]
        p_values.append(bounds_of(vectors, labels, groups).henze_penrose.p_value)
    assert np.mean(p_values) > 0.3
    assert np.mean(np.array(p_values) <= 0.05) <= 0.15
    assert bounds_of(vectors, labels).henze_penrose.p_value == 0.001


def test_labels_are_drawn_so_that_groups_stay_together():
    is_second = np.array([True, True, False, False, False, True])
    groups = np.array([0, 0, 0, 1, 2, 3])
    drawn = np.vstack(list(permuted_labels(is_second, groups, 400, 64)))
    assert len(drawn) == 400
    assert (drawn[:, 0] == drawn[:, 1]).all() and (drawn[:, 0] != drawn[:, 2]).all()
    assert (drawn[:, 3:].sum(axis=1) == 1).all()
    assert 0.4 < drawn[:, 0].mean() < 0.6
    assert np.all(np.abs(drawn[:, 3:].mean(axis=0) - 1 / 3) < 0.08)


def test_flipped_labels_move_the_bounds_along_the_known_line():
    """With a share ρ of labels flipped, the least error e becomes ρ + (1 - 2ρ) e (Renggli et al., 2021)."""
    vectors, labels = gaussians(3, n=1500)
    least = norm.cdf(-1.5)
    for share in (0.05, 0.1, 0.2):
        flipped = labels ^ (np.random.default_rng(0).random(1500) < share)
        found = bounds_of(vectors, flipped)
        for bounds in (found.nearest_neighbor, found.henze_penrose):
            assert bounds.low - 0.02 <= share + (1 - 2 * share) * least <= bounds.high + 0.02


def test_constant_features_tell_nothing_apart():
    found = bounds_of(np.zeros((40, 3), np.float32), np.arange(40) % 2)
    assert found.henze_penrose.cross_edges == pytest.approx(found.henze_penrose.expected)
    assert found.henze_penrose.p_value == 1
    assert (found.henze_penrose.low, found.henze_penrose.high) == pytest.approx((0.5, 0.5))
    assert found.nearest_neighbor.high == 0.5
    assert (found.n2.value, found.local_set_cardinality.value) == (0.5, 1)


def test_exact_duplicates_across_classes_are_told_apart_by_nothing():
    vectors, _ = gaussians(0, n=50)
    found = bounds_of(np.vstack([vectors, vectors]), np.repeat([0, 1], 50))
    assert found.nearest_neighbor.error == 1 and found.nearest_neighbor.high == 0.5
    assert found.nearest_neighbor.low == 0.5
    assert found.henze_penrose.cross_edges == pytest.approx(50 + 49 / 2)
    assert found.n2.value == 1


def test_classes_that_are_apart_have_an_error_of_at_most_3_in_n():
    found = bounds_of(*gaussians(1000, n=60))
    assert (found.nearest_neighbor.error, found.nearest_neighbor.error_at_most) == (0, 3 / 60)
    assert found.henze_penrose.cross_edges == 1
    assert found.local_set_cardinality.value == found.cardinality_apart
    assert found.n2.value < 0.01


@pytest.mark.parametrize(
    ("groups", "reason"),
    [
        (np.zeros(40, np.int64), "one class has all its items in one group"),
        (np.arange(40) % 2, "one class has all its items in one group"),
        (np.r_[np.zeros(37, np.int64), 1, 2, 3], "without one of its groups a class has a single item"),
    ],
    ids=["one group", "groups equal to classes", "nearly one group"],
)
def test_groups_that_leave_nothing_have_no_interval(groups, reason):
    found = bounds_of(*gaussians(1, n=40), groups)
    assert found.missing == reason
    assert found.n2.low is None and found.n2.high is None
    assert 0 <= found.henze_penrose.low <= found.henze_penrose.high
    if groups.max() < 2:
        assert found.henze_penrose.p_value == 1, "labels of one group, or of two, cannot be drawn otherwise"


@pytest.mark.parametrize(
    ("classes", "message"),
    [
        ((0, 2), "need at least 2 items of each class, class 2 has 1; add items"),
        ((0, 0), "two different classes"),
        ((0, 5), "class 5 has no items"),
    ],
)
def test_what_cannot_be_measured_is_refused_in_one_sentence(classes, message):
    vectors, labels = gaussians(1, n=21)
    labels[20] = 2
    with pytest.raises(SpecError, match=message):
        error_bounds(vectors, labels, classes, space="toy")


def test_groups_of_other_items_are_refused():
    with pytest.raises(SpecError, match="groups must be of the 20 items measured, got 3"):
        bounds_of(*gaussians(1, n=20), np.arange(3))


def test_cancelling_stops_at_once_in_each_stage():
    vectors, labels = gaussians(1, n=300)
    stages = []
    error_bounds(vectors, labels, (0, 1), space="toy", progress=lambda stage, *_: stages.append(stage))
    assert {"local sets", "spanning tree", "permutations"} <= set(stages)
    for last in dict.fromkeys(stages):

        def cancel(stage, done, total, last=last):
            if stage == last:
                raise Cancelled("enough")

        with pytest.raises(Cancelled):
            error_bounds(vectors, labels, (0, 1), space="toy", progress=cancel)


def test_no_bounds_that_contradict_themselves():
    found = bounds_of(*gaussians(1, n=20))
    parts = {name: getattr(found, name) for name in ErrorBounds.__dataclass_fields__}
    wrong = type(found.nearest_neighbor)(0.2, 0.3, 0.2, None)
    with pytest.raises(InputError, match=r"nearest_neighbor.low must be in 0\.\.0.2, got 0.3"):
        ErrorBounds(**(parts | {"nearest_neighbor": wrong}))
