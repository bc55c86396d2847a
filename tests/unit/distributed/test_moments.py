"""Sums without rounding: whatever the order and the grouping of rows, the numbers are the exact ones, rounded once."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from embviz.distributed.moments import centered_products, moments_of, moments_together
from embviz.errors import InputError


def exact(vectors: np.ndarray) -> tuple[list[float], list[list[float]]]:
    """Mean and centered products by fractions, rounded once."""
    rows = [[Fraction(float(value)) for value in row] for row in vectors]
    n, d = vectors.shape
    sums = [sum(row[j] for row in rows) for j in range(d)]
    products = [[sum(row[i] * row[j] for row in rows) - sums[i] * sums[j] / n for j in range(d)] for i in range(d)]
    return [float(total / n) for total in sums], [[float(value) for value in line] for line in products]


FLOATS = st.floats(width=32, allow_nan=False, allow_infinity=False)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(FLOATS, FLOATS), min_size=1, max_size=8))
def test_every_float32_counts_to_its_last_bit(rows):
    vectors = np.array(rows, np.float32)
    mean, products = centered_products(moments_of(vectors))
    want_mean, want_products = exact(vectors)
    assert mean.tolist() == want_mean
    assert products.tolist() == want_products


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 9))
def test_neither_order_nor_grouping_matters(seed, n_parts):
    rng = np.random.default_rng(seed)
    vectors = (rng.normal(size=(300, 5)) * 10.0 ** rng.integers(-9, 9, 5) + 3).astype(np.float32)
    whole = centered_products(moments_of(vectors))
    parts = np.array_split(rng.permutation(vectors), n_parts)
    rng.shuffle(parts)
    together = centered_products(moments_together(map(moments_of, parts)))
    for one, other in zip(whole, together, strict=True):
        np.testing.assert_array_equal(one, other)


def test_many_rows_are_those_of_numpy():
    vectors = np.random.default_rng(0).normal(size=(20_000, 12)).astype(np.float32) + 100
    mean, products = centered_products(moments_of(vectors))
    centered = vectors - vectors.mean(axis=0, dtype=np.float64)
    np.testing.assert_allclose(mean, vectors.mean(axis=0, dtype=np.float64), rtol=1e-14)
    np.testing.assert_allclose(products, centered.T @ centered, rtol=1e-9, atol=1e-7)


def test_a_hundred_parts_of_large_numbers_do_not_overflow():
    part = moments_of(np.full((9000, 2), -65_535.996, np.float32))
    _, products = centered_products(moments_together([part] * 100))
    assert products.tolist() == [[0, 0], [0, 0]]


def test_rows_of_two_lengths_do_not_add_up():
    with pytest.raises(InputError, match="rows of 2 and 3 numbers"):
        moments_together([moments_of(np.ones((1, 2), np.float32)), moments_of(np.ones((1, 3), np.float32))])
