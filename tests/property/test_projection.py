"""For any vectors: the properties of principal components."""

import numpy as np
from hypothesis import given, settings, strategies as st
from hypothesis.extra import numpy as hnp

from embviz.projection.pca import principal_components


@st.composite
def lattices(draw):
    """Vectors of small whole numbers: equal columns, equal rows, equal and zero variances are common."""
    shape = (draw(st.integers(2, 12)), draw(st.integers(1, 12)))
    largest = draw(st.integers(0, 4))
    return draw(hnp.arrays(np.int8, shape, elements=st.integers(-largest, largest))).astype(np.float32)


def all_components(vectors):
    return principal_components(vectors, tuple(range(1, min(vectors.shape) + 1)))


def distances(rows):
    return np.linalg.norm(rows[:, None].astype(np.float64) - rows, axis=2)


@settings(max_examples=100)
@given(vectors=lattices())
def test_all_components_together_keep_all_distances(vectors):
    np.testing.assert_allclose(distances(all_components(vectors).scores), distances(vectors), atol=1e-4)


@settings(max_examples=100)
@given(vectors=lattices())
def test_variances_are_shares_in_descending_order_and_those_of_the_scores(vectors):
    found = all_components(vectors)
    ratios = found.explained_variance_ratio
    assert ratios.shape == (min(vectors.shape),) and (np.diff(ratios) <= 0).all() and (ratios >= 0).all()
    np.testing.assert_allclose(ratios.sum(), 1 if np.ptp(vectors, axis=0).any() else 0, atol=1e-12)
    scatter = found.scores.astype(np.float64).T @ found.scores
    np.testing.assert_allclose(scatter, np.diag(ratios * np.trace(scatter)), atol=1e-4)


@settings(max_examples=100)
@given(vectors=lattices(), offset=st.integers(-1000, 1000), order=st.randoms(use_true_random=False))
def test_moving_or_reordering_the_items_changes_neither_variances_nor_distances(vectors, offset, order):
    rows = list(range(len(vectors)))
    order.shuffle(rows)
    before, after = all_components(vectors), all_components(vectors[rows] + np.float32(offset))
    np.testing.assert_allclose(after.explained_variance_ratio, before.explained_variance_ratio, atol=1e-9)
    np.testing.assert_allclose(distances(after.scores), distances(before.scores[rows]), atol=1e-4)
