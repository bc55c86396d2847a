"""For any items and labels: overlaps agree with each other, with the definition and with symmetry."""

import numpy as np
import pytest
from hypothesis import assume, example, given, settings, strategies as st
from hypothesis.extra import numpy as hnp

from embviz.errors import SpecError
from embviz.neighbors import neighbor_graph
from embviz.overlap import Groups, class_overlap, closest_pairs, overlap_matrix
from tests.unit.overlaps import assert_same_overlap

N_CLASSES = 4


@st.composite
def labeled_items(draw, n_classes=N_CLASSES):
    """Lattice points, among which ties and duplicates are common, with labels; some classes may be empty."""
    n = draw(st.integers(2, 40))
    vectors = draw(hnp.arrays(np.int8, (n, draw(st.integers(1, 5))), elements=st.integers(-2, 2))).astype(np.float32)
    return vectors, draw(hnp.arrays(np.int64, n, elements=st.integers(0, n_classes - 1)))


@settings(max_examples=60)
@given(items=labeled_items(), k=st.integers(1, 12), n_neighbors=st.none() | st.integers(1, 39))
def test_matrix_entries_equal_class_overlap_with_any_exact_graph(items, k, n_neighbors):
    vectors, labels = items
    graph = None if n_neighbors is None else neighbor_graph(vectors, min(n_neighbors, len(labels) - 1))
    matrix = overlap_matrix(vectors, labels, N_CLASSES, k, space="toy", graph=graph)
    rate, index = matrix.rate, matrix.index
    for a, b in np.ndindex(N_CLASSES, N_CLASSES):
        try:
            overlap = class_overlap(vectors, labels, (a, b), k, space="toy")
        except SpecError as error:
            assert str(error) == matrix.missing(a, b)
            assert np.isnan(rate[a, b])
            assert np.isnan(index[a, b])
            assert matrix.crossing[a, b] == 0
        else:
            assert matrix.missing(a, b) == ""
            assert_same_overlap(matrix.pair(a, b), overlap)
            assert (rate[a, b], index[a, b]) == (overlap.rate, overlap.index)


LINE = np.array([[0.0]] + [[1.0]] * 18, np.float32)
SINGLE_HERE = np.array([2, 2, 0, 0, *[1] * 15])
"""With the groups of seed 0 the items of classes 0 and 2 are of four groups, which others are of, too."""


@settings(max_examples=100)
@given(items=labeled_items(), k=st.integers(1, 6), n_neighbors=st.none() | st.integers(1, 39), seed=st.integers(0, 99))
@example(items=(LINE, SINGLE_HERE), k=1, n_neighbors=None, seed=0)
def test_intervals_of_the_table_are_those_of_the_pair_whatever_the_groups(items, k, n_neighbors, seed):
    vectors, labels = items
    n = len(labels)
    rng = np.random.default_rng(seed)
    groups = Groups("writer", rng.integers(0, rng.integers(1, n + 1), n), "")
    graph = None if n_neighbors is None else neighbor_graph(vectors, min(n_neighbors, n - 1))
    matrix = overlap_matrix(vectors, labels, N_CLASSES, k, space="toy", graph=graph, groups=groups)
    lows, highs = matrix.index_interval
    for a, b in np.argwhere(~np.isnan(matrix.index)):
        overlap = class_overlap(vectors, labels, (int(a), int(b)), k, space="toy", groups=groups)
        assert_same_overlap(matrix.pair(a, b), overlap)
        interval = overlap.index_interval
        ends = (np.nan, np.nan) if interval is None else (interval.low, interval.high)
        assert (lows[a, b], highs[a, b]) == pytest.approx(ends, abs=1e-12, nan_ok=True)
    assert np.isnan(lows[np.isnan(matrix.index)]).all()


def crossing_by_definition(distances, is_other, k):
    """How many of the k nearest are of the other class: the mean over all choices from ties for the last place."""
    farthest = np.sort(distances)[k - 1]
    nearer, level = distances < farthest, distances == farthest
    return (nearer & is_other).sum() + (k - nearer.sum()) * (level & is_other).sum() / level.sum()


@settings(max_examples=60)
@given(items=labeled_items(n_classes=2), k=st.integers(1, 12))
def test_overlap_equals_its_definition_and_stays_in_range(items, k):
    vectors, labels = items
    assume(len(set(labels)) == 2 and k < len(labels))
    overlap = class_overlap(vectors, labels, (0, 1), k, space="toy")
    exact = vectors.astype(np.float64)
    squared = ((exact[:, None] - exact) ** 2).sum(axis=2)
    np.fill_diagonal(squared, np.inf)
    crossing = np.array(
        [crossing_by_definition(line, labels != label, k) for line, label in zip(squared, labels, strict=True)]
    )
    assert overlap.crossing == pytest.approx((crossing[labels == 0].sum(), crossing[labels == 1].sum()), rel=1e-12)
    assert all(0 <= rate <= 1 for rate in overlap.rates)
    assert 0 <= overlap.index <= 2
    assert overlap.n == len(labels)


@settings(max_examples=40)
@given(items=labeled_items(n_classes=2), k=st.integers(1, 12), turn=st.integers(-5, 5), power=st.integers(-3, 3))
def test_swapping_classes_and_moving_all_items_change_nothing(items, k, turn, power):
    vectors, labels = items
    assume(len(set(labels)) == 2 and k < len(labels))
    overlap = class_overlap(vectors, labels, (0, 1), k, space="toy")
    swapped = class_overlap(vectors, labels, (1, 0), k, space="toy")
    assert swapped.rates == overlap.rates[::-1]
    assert (swapped.rate, swapped.chance, swapped.index) == (overlap.rate, overlap.chance, overlap.index)
    mirrored = -np.roll(vectors, turn, axis=1)
    assert class_overlap(mirrored, labels, (0, 1), k, space="toy") == overlap
    moved = np.float32(2.0**power) * (vectors + np.float32(turn))
    assert class_overlap(moved, labels, (0, 1), k, space="toy") == overlap


@settings(max_examples=60)
@given(items=labeled_items(), k=st.integers(1, 12), seed=st.integers(0, 2**32 - 1))
def test_the_order_of_items_does_not_matter(items, k, seed):
    vectors, labels = items
    order = np.random.default_rng(seed).permutation(len(labels))
    matrix = overlap_matrix(vectors, labels, N_CLASSES, k, space="toy")
    shuffled = overlap_matrix(vectors[order], labels[order], N_CLASSES, k, space="toy")
    np.testing.assert_array_equal(matrix.crossing, shuffled.crossing)


@settings(max_examples=60)
@given(items=labeled_items(n_classes=2), count=st.integers(1, 30))
def test_closest_pairs_equal_sorting_all_pairs(items, count):
    vectors, labels = items
    rows_a, rows_b = np.flatnonzero(labels == 0), np.flatnonzero(labels == 1)
    if not len(rows_a) or not len(rows_b):
        with pytest.raises(SpecError, match="has no items"):
            closest_pairs(vectors, labels, (0, 1), count)
        return
    pairs = closest_pairs(vectors, labels, (0, 1), count)
    every = sorted(
        (np.float32(np.sqrt(((vectors[a].astype(np.float64) - vectors[b]) ** 2).sum())), a, b)
        for a in rows_a
        for b in rows_b
    )
    assert list(zip(pairs.distances, pairs.rows_a, pairs.rows_b, strict=True)) == every[:count]
