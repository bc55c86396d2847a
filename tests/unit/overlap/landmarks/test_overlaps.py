"""Overlaps among landmarks, beside counts with each item left out, and beside the overlap of all items."""

import tracemalloc

import numpy as np
import pytest
from numpy.testing import assert_allclose

from embviz.overlap import class_overlap
from embviz.overlap.landmarks.overlaps import landmark_overlaps
from embviz.overlap.landmarks.sums import LandmarkSums, landmark_sums

K = 3


def items(n=90, n_landmarks=40, n_classes=3, ties=False, seed=0):
    rng = np.random.default_rng(seed)
    codes = rng.integers(n_classes, size=n)
    vectors = rng.normal(size=(n, 2)) + 1.2 * codes[:, None]
    vectors = (np.round(2 * vectors) if ties else vectors).astype(np.float32)
    return vectors, codes, np.sort(rng.choice(n, n_landmarks, replace=False))


def sums_of(vectors, codes, landmarks, rows=slice(None), n_classes=3, k=K):
    own = np.full(len(vectors), -1)
    own[landmarks] = np.arange(len(landmarks))
    return landmark_sums(vectors[rows], codes[rows], own[rows], vectors[landmarks], codes[landmarks], n_classes, k)


def rate_by_hand(vectors, codes, landmarks, pair, k=K, asked=None):
    """The rate of two classes: for each item the distances to all landmarks, ties for the last places in shares."""
    among = [row for row in landmarks if codes[row] in pair]
    shares = {code: [] for code in pair}
    for row in np.flatnonzero(np.isin(codes, pair)):
        if asked is not None and row not in asked:
            continue
        others = np.array([each for each in among if each != row])
        far = ((vectors[others].astype(float) - vectors[row]) ** 2).sum(axis=1)
        last = np.sort(far)[k - 1]
        crosses = codes[others] != codes[row]
        nearer, level = far < last, far == last
        share = crosses[nearer].sum() + (k - nearer.sum()) * crosses[level].mean()
        shares[codes[row]].append(share / k)
    return np.mean([np.mean(shares[code]) for code in pair])


@pytest.mark.parametrize("ties", [False, True], ids=["no ties", "ties"])
def test_rate_and_error_are_those_of_leaving_out_every_item(ties):
    vectors, codes, landmarks = items(ties=ties)
    found = landmark_overlaps(sums_of(vectors, codes, landmarks), codes[landmarks], K)
    assert [each.classes for each in found] == [(0, 1), (0, 2), (1, 2)]
    for each in found:
        assert_allclose(each.rate, rate_by_hand(vectors, codes, landmarks, each.classes), atol=1e-4)
        without = []
        for row in np.flatnonzero(np.isin(codes, each.classes)):
            left = np.arange(len(codes)) != row
            kept = (np.cumsum(left) - 1)[landmarks[landmarks != row]]
            without.append(rate_by_hand(vectors[left], codes[left], kept, each.classes))
        n = len(without)
        assert_allclose(each.rate_error, np.sqrt((n - 1) * np.var(without)), rtol=2e-3)
        assert each.n_per_class == tuple(np.bincount(codes)[list(each.classes)])
        assert each.landmarks_per_class == tuple(np.bincount(codes[landmarks])[list(each.classes)])


def test_parts_change_no_bit():
    vectors, codes, landmarks = items(ties=True)
    whole = sums_of(vectors, codes, landmarks)
    order = np.random.default_rng(1).permutation(len(vectors))
    parts = [sums_of(vectors, codes, landmarks, rows) for rows in np.array_split(order, 7)]
    together = sum(parts[1:], parts[0])
    for name in LandmarkSums.__slots__:
        np.testing.assert_array_equal(getattr(whole, name), getattr(together, name), err_msg=name)


def test_if_all_items_are_landmarks_it_is_the_overlap_of_all():
    vectors, codes, _ = items(n=120, n_classes=2)
    found = landmark_overlaps(sums_of(vectors, codes, np.arange(120), n_classes=2), codes, K)[0]
    usual = class_overlap(vectors, codes, (0, 1), K, space="test")
    assert_allclose([found.rate, found.chance], [usual.rate, usual.chance], rtol=1e-12)
    assert found.rate_error >= usual.spread.rate_error  # that one is thinned, because a plain jackknife is too long


def test_items_without_a_class_change_nothing():
    vectors, codes, landmarks = items()
    more = np.concatenate([vectors, vectors[:20]])
    with_more = sums_of(more, np.append(codes, np.full(20, -1)), landmarks)
    np.testing.assert_array_equal(with_more.changes, sums_of(vectors, codes, landmarks).changes)


def test_thoroughly_mixed_classes_have_an_index_of_one():
    rng = np.random.default_rng(5)
    vectors, codes = rng.normal(size=(6_000, 3)).astype(np.float32), rng.integers(2, size=6_000)
    found = landmark_overlaps(sums_of(vectors, codes, np.arange(1_000), n_classes=2, k=10), codes[:1_000], 10)[0]
    interval = found.index_interval
    assert interval.low < 1 < interval.high and interval.high - interval.low < 0.2


@pytest.mark.parametrize("few", [1, K, K + 1, K + 2])
def test_a_class_with_fewer_landmarks_than_an_item_needs_has_no_overlap_instead_of_a_large_one(few):
    codes = np.repeat([0, 1], 60)
    vectors = (np.random.default_rng(0).normal(size=(120, 2)) + 1_000 * codes[:, None]).astype(np.float32)
    landmarks = np.concatenate([np.arange(few), 60 + np.arange(30)])
    found = landmark_overlaps(sums_of(vectors, codes, landmarks, n_classes=2), codes[landmarks], K)
    assert [each.index for each in found] == ([0] if few >= K + 2 else [])


def test_of_a_sample_landmarks_that_are_not_asked_are_left_out_as_neighbors_only():
    vectors, codes, landmarks = items(n=120, n_landmarks=60)
    asked = np.sort(np.random.default_rng(3).choice(120, 70, replace=False))
    found = landmark_overlaps(sums_of(vectors, codes, landmarks, asked), codes[landmarks], K)
    for each in found:
        assert_allclose(each.rate, rate_by_hand(vectors, codes, landmarks, each.classes, asked=asked), atol=1e-5)
        without = []
        for row in np.flatnonzero(np.isin(codes, each.classes)):
            if row in asked or row in landmarks:
                left = asked[asked != row]
                without.append(rate_by_hand(vectors, codes, landmarks[landmarks != row], each.classes, asked=left))
        n = len(without)
        assert_allclose(each.rate_error, np.sqrt((n - 1) * np.var(without)), rtol=1e-3)


def test_many_equally_far_landmarks_are_counted_in_shares_and_in_little_memory():
    codes = np.arange(3_000) % 2
    vectors = np.zeros((3_000, 2), np.float32)
    vectors[2_000:] = np.random.default_rng(0).normal(size=(1_000, 2)) + 5
    landmarks = np.arange(0, 3_000, 2) + (np.arange(1_500) % 2)  # of both classes
    tracemalloc.start()
    found = landmark_overlaps(sums_of(vectors, codes, landmarks, n_classes=2), codes[landmarks], K)[0]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert abs(found.index - 1) < 0.05
    assert peak < 200e6


def test_apart_classes_are_said_to_overlap_by_at_most_what_so_few_landmarks_would_not_show():
    vectors = np.concatenate([np.arange(50), 1_000 + np.arange(50)])[:, None].astype(np.float32)
    codes, landmarks = np.repeat([0, 1], 50), np.arange(0, 100, 5)
    found = landmark_overlaps(sums_of(vectors, codes, landmarks, n_classes=2), codes[landmarks], K)[0]
    assert (found.rate, found.rate_error) == (0, 0)
    assert_allclose(found.index_interval.high, 3 / 20 / found.chance)


@pytest.mark.parametrize("distance", [1, 2])
def test_intervals_hold_the_mean_over_samples(distance):
    """Of 120 samples, each with landmarks of its own, 95 % should have an interval that holds it."""
    rng = np.random.default_rng(distance)
    rates, errors = [], []
    for _ in range(120):
        codes = np.repeat([0, 1], 300)
        vectors = rng.normal(size=(600, 5)).astype(np.float32)
        vectors[:, 0] += distance * codes
        landmarks = np.concatenate([np.arange(75), 300 + np.arange(75)])
        found = landmark_overlaps(sums_of(vectors, codes, landmarks, n_classes=2, k=10), codes[landmarks], 10)[0]
        rates.append(found.rate)
        errors.append(found.rate_error)
    reach = 1.98 * np.array(errors)
    assert np.mean(np.abs(rates - np.mean(rates)) <= reach) >= 0.9
    assert np.mean(errors) < 1.35 * np.std(rates)
