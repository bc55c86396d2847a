"""Principal components compared with singular values, and cases that a common mistake would get wrong."""

import tracemalloc

import numpy as np
import pytest
from sklearn.decomposition import PCA

from embviz.errors import Cancelled, SpecError
from embviz.projection import pca
from embviz.projection.pca import principal_components


def correlated(n, d, seed=0):
    random = np.random.default_rng(seed)
    return (random.normal(size=(n, d)) * random.uniform(0.2, 3, d)).astype(np.float32)


def singular_scores_and_ratios(vectors):
    centered = vectors.astype(np.float64) - vectors.mean(axis=0, dtype=np.float64)
    left, singular, _ = np.linalg.svd(centered, full_matrices=False)
    return left * singular, singular**2 / (singular**2).sum()


@pytest.mark.parametrize("shape", [(4, 10), (50, 7), (7, 50), (20, 20), (3, 1000), (300, 64)])
def test_scores_and_variances_are_those_of_the_singular_value_decomposition(shape):
    vectors = correlated(*shape)
    found = principal_components(vectors, (1, 2))
    scores, ratios = singular_scores_and_ratios(vectors)
    np.testing.assert_allclose(np.abs(found.scores), np.abs(scores[:, :2]), rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(found.explained_variance_ratio, ratios, atol=1e-12)


@pytest.mark.parametrize("shape", [(50, 7), (7, 50)])
def test_signs_are_those_of_scikit_learn(shape):
    vectors = correlated(*shape)
    reference = PCA(3, svd_solver="full").fit_transform(vectors.astype(np.float64))
    np.testing.assert_allclose(principal_components(vectors, (1, 2, 3)).scores, reference, atol=1e-4)


@pytest.mark.parametrize("shape", [(30, 5), (5, 30)])
def test_axes_choose_components_in_the_order_given(shape):
    vectors = correlated(*shape)
    every = principal_components(vectors, (1, 2, 3, 4)).scores
    np.testing.assert_array_equal(principal_components(vectors, (4, 2)).scores, every[:, [3, 1]])


def test_axes_beyond_the_components_are_refused_with_what_there_is():
    with pytest.raises(SpecError, match=r"40 items with vectors of 2 have 2 principal components, got axes 1, 3"):
        principal_components(correlated(40, 2), (1, 3))


@pytest.mark.parametrize("shape", [(6, 3), (3, 6)])
def test_equal_rows_lie_at_zero_and_have_no_variance(shape):
    found = principal_components(np.full(shape, 0.1, np.float32), (1, 2))
    assert (found.scores == 0).all() and (found.explained_variance_ratio == 0).all()


@pytest.mark.parametrize("shape", [(40, 6), (6, 40)])
def test_components_that_the_data_lack_are_zero_not_noise(shape):
    line = np.outer(np.arange(shape[0]), np.arange(1, shape[1] + 1)).astype(np.float32)
    found = principal_components(line, (1, 2, 3))
    np.testing.assert_allclose(found.explained_variance_ratio, [1] + [0] * 5, atol=1e-15)
    assert np.abs(found.scores[:, 1:]).max() < 1e-6 * np.abs(found.scores).max()


def test_a_large_common_offset_costs_no_accuracy():
    vectors = np.round(correlated(200, 10) * 64) / 64  # float32 holds sums of these and the offset exactly
    near = principal_components(vectors, (1, 2))
    far = principal_components(vectors + np.float32(2**16), (1, 2))
    np.testing.assert_allclose(far.scores, near.scores, atol=1e-5)
    np.testing.assert_allclose(far.explained_variance_ratio, near.explained_variance_ratio, atol=1e-9)


@pytest.mark.parametrize("shape", [(300, 20), (20, 300)])
def test_block_size_changes_nothing(shape, monkeypatch):
    vectors = correlated(*shape)
    whole = principal_components(vectors, (1, 2))
    monkeypatch.setattr(pca, "BLOCK", 100)
    parts = principal_components(vectors, (1, 2))
    np.testing.assert_allclose(parts.scores, whole.scores, atol=1e-5)


@pytest.mark.parametrize("shape", [(20_000, 50), (50, 20_000)])
def test_neither_the_data_nor_a_large_matrix_is_made(shape, monkeypatch):
    monkeypatch.setattr(pca, "BLOCK", 2**12)
    vectors = correlated(*shape)
    tracemalloc.start()
    principal_components(vectors, (1, 2))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < vectors.nbytes / 2


@pytest.mark.parametrize("stage", ["principal components", "coordinates"])
def test_progress_can_stop_it(stage):
    def stop(now, done, total):
        if now == stage:
            raise Cancelled("stop")

    with pytest.raises(Cancelled):
        principal_components(correlated(20, 5), (1, 2), progress=stop)
