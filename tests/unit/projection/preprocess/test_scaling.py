"""Scaled vectors are scikit-learn's, and a layout that scales is the layout of vectors that were scaled before."""

import gc
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.decomposition import PCA
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Normalizer, StandardScaler

from embviz.datasets.arrays import dataset_from_arrays
from embviz.errors import InputError, SpecError
from embviz.faithfulness.edges import edges_of_features
from embviz.features.features import Features, Vectors
from embviz.features.vectors import vector_features
from embviz.projection import Directions, Pca, Tsne, Umap, project
from embviz.projection.directions.spec import Direction, End
from embviz.projection.placing.place import place
from embviz.projection.preprocess import scaling as scaling_module
from embviz.projection.preprocess.scaling import scaled_at_hand, scaled_features, scaled_vectors, scaling
from embviz.projection.preprocess.steps import SCALINGS, preprocess_of, scaling_of

RNG = np.random.default_rng(0)
VECTORS = (RNG.normal(size=(90, 8)) * np.geomspace(0.01, 30, 8) + RNG.normal(size=8) * 5).astype(np.float32)
NEW = (RNG.normal(size=(20, 8)) * 10).astype(np.float32)
LABELS = RNG.choice(list("abc"), len(VECTORS))
ORACLES = {
    "center": StandardScaler(with_std=False),
    "unit": Normalizer(),
    "center+unit": make_pipeline(StandardScaler(with_std=False), Normalizer()),
    "standardize": StandardScaler(),
}
EACH = pytest.mark.parametrize("name", SCALINGS)


def features_of(vectors):
    return vector_features(dataset_from_arrays(vectors=vectors))


def scaled(vectors, name, of=None):
    return scaled_vectors(vectors, scaling(vectors if of is None else of, name))


@EACH
def test_vectors_are_those_of_scikit_learn(name):
    oracle = ORACLES[name].fit(VECTORS.astype(np.float64))
    for vectors in (VECTORS, NEW):
        wanted = oracle.transform(vectors.astype(np.float64)).astype(np.float32)
        np.testing.assert_allclose(scaled(vectors, name, VECTORS), wanted, rtol=3e-7, atol=1e-9)


FINITE = st.floats(-1e6, 1e6, width=32).map(lambda number: 0.0 if abs(number) < 1e-3 else number)
MATRICES = st.tuples(st.integers(1, 12), st.integers(1, 5)).flatmap(
    lambda shape: arrays(np.float32, shape, elements=FINITE)
)


@given(MATRICES, st.sampled_from(SCALINGS))
def test_any_vectors_become_what_the_name_says(vectors, name):
    """Means 0, lengths 1 or 0, deviations 1 or 0, as far as float32 tells, for constant columns and zero rows too."""
    found = scaled(vectors, name).astype(np.float64)
    assert np.isfinite(found).all()
    size = 1e-6 * max(1.0, float(np.abs(vectors).max()))
    if name in ("center", "standardize"):
        np.testing.assert_allclose(found.mean(axis=0), 0, atol=size if name == "center" else 1)
    if name.endswith("unit"):
        lengths = np.linalg.norm(found, axis=1)
        np.testing.assert_allclose(lengths, lengths.round(), atol=1e-6)
        from_origin = vectors if name == "unit" else scaled(vectors, "center")
        np.testing.assert_array_equal(lengths > 0.5, from_origin.any(axis=1))
    if name == "standardize":
        varies = np.ptp(vectors.astype(np.float64), axis=0) > 1e-5 * np.abs(vectors).max(axis=0)
        np.testing.assert_allclose(found.std(axis=0)[varies], 1, atol=1e-3)
        assert not found[:, np.ptp(vectors, axis=0) == 0].any()


@given(MATRICES, st.sampled_from(SCALINGS), st.data())
def test_what_a_vector_becomes_depends_on_the_scaling_and_on_itself_alone(vectors, name, data):
    rows = np.array(data.draw(st.lists(st.integers(0, len(vectors) - 1), min_size=1)))
    np.testing.assert_array_equal(scaled(vectors[rows], name, vectors), scaled(vectors, name)[rows])


@pytest.mark.parametrize("name", ["center", "center+unit", "standardize"])
@pytest.mark.parametrize("n", [1, 3, 7, 1000])
def test_items_that_are_all_the_same_become_zero_and_not_rounding_blown_up(name, n):
    assert not scaled(np.tile(np.float32([0.1, -3e7, 1 / 3]), (n, 1)), name).any()


def test_a_zero_vector_has_no_direction_and_stays_zero():
    found = scaled(np.array([[0, 0], [0, 5]], np.float32), "unit")
    assert found.tolist() == [[0, 0], [0, 1]]
    at_the_mean = np.array([[0.1, 0.7], [0.2, 0.8], [0.3, 0.9]], np.float32)
    lengths = np.linalg.norm(scaled(at_the_mean, "center+unit"), axis=1)
    np.testing.assert_allclose(lengths, [1, 0, 1], atol=1e-6)
    with pytest.raises(SpecError, match=r"1 of 3 vectors are all zero .*; use the euclidean metric, or leave those"):
        project(features_of(at_the_mean), Umap(n_neighbors=2, metric="cosine", preprocess="center+unit"))


def test_a_small_spread_far_from_the_origin_is_kept():
    found = scaled(np.array([[1e4], [1e4 + 0.25], [1e4 + 0.5]], np.float32), "standardize")
    np.testing.assert_allclose(found[:, 0], [-np.sqrt(1.5), 0, np.sqrt(1.5)], rtol=1e-6)


def test_vectors_are_copied_once(monkeypatch):
    """And in blocks besides."""
    monkeypatch.setattr(scaling_module, "BLOCK", 2**12)
    vectors = RNG.normal(size=(10_000, 50)).astype(np.float32)
    tracemalloc.start()
    try:
        for name in SCALINGS:
            tracemalloc.reset_peak()
            scaled(vectors, name)
            assert tracemalloc.get_traced_memory()[1] < 1.2 * vectors.nbytes
    finally:
        tracemalloc.stop()


SPECS = [
    Pca(3, axes=(1, 2, 4)),
    Directions(tuple(Direction(End(start, "class"), End(end, "class")) for start, end in ("ab", "ac"))),
    Tsne(perplexity=5, max_iter=260),
    Tsne(perplexity=5, max_iter=260, preprocess="pca-3"),
    Umap(n_neighbors=5, n_epochs=20, metric="cosine"),
    Umap(n_neighbors=5, n_epochs=20, init="pca", preprocess="pca-3"),
]


@EACH
@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: f"{spec.method} {spec.preprocess}")
def test_a_layout_is_that_of_vectors_scaled_before(name, spec):
    """To the last bit; and it says what it was made from, and what was done."""
    data = dataset_from_arrays(vectors=VECTORS, labels=LABELS)
    features, before = vector_features(data), dataset_from_arrays(vectors=scaled(VECTORS, name), labels=LABELS)
    found = project(features, replace(spec, preprocess=preprocess_of(name, spec.preprocess)), labels=data)
    assert np.array_equal(found.coords, project(vector_features(before), spec, labels=before).coords)
    assert found.source == features.fingerprint and found.items == data.items
    assert scaling_of(found.spec.preprocess) == name


@EACH
def test_pca_is_that_of_a_pipeline_of_scikit_learn(name):
    wanted = make_pipeline(ORACLES[name], PCA(2, svd_solver="full")).fit_transform(VECTORS.astype(np.float64))
    found = project(features_of(VECTORS), Pca(preprocess=name)).coords
    signs = np.sign((found * wanted).sum(axis=0))
    np.testing.assert_allclose(found, wanted * signs, atol=1e-5 * np.abs(wanted).max())


@EACH
@pytest.mark.parametrize("spec", [SPECS[0], *SPECS[3:5]], ids=lambda spec: f"{spec.method} {spec.preprocess}")
def test_new_items_are_scaled_as_the_laid_out_ones_were(name, spec):
    """By their means and deviations: not by those of the new items, which would be elsewhere."""
    laid_out, before = features_of(VECTORS), features_of(scaled(VECTORS, name))
    into = project(laid_out, replace(spec, preprocess=preprocess_of(name, spec.preprocess)))
    found = place(features_of(NEW), into, laid_out=laid_out)
    wanted = place(features_of(scaled(NEW, name, VECTORS)), project(before, spec), laid_out=before)
    for field in ("coords", "nearest_ids", "nearest_distances", "farther_shares"):
        np.testing.assert_array_equal(getattr(found, field), getattr(wanted, field))


@EACH
def test_edges_are_those_of_scaled_vectors(name):
    spec = SPECS[3]
    found = edges_of_features(features_of(VECTORS), replace(spec, preprocess=f"{name}+pca-3"))
    wanted = edges_of_features(features_of(scaled(VECTORS, name)), spec)
    assert np.array_equal(found.columns, wanted.columns) and np.array_equal(found.weights, wanted.weights)


def test_without_scaling_the_features_are_taken_as_they_are():
    features = features_of(VECTORS)
    assert scaled_features(features, None) is features is scaled_features(features, "pca-3")
    with pytest.raises(InputError, match="a scaling must be one of center, unit"):
        scaling(VECTORS, "spherize")


def test_scaled_features_are_made_once_while_somebody_holds_them_and_kept_no_longer():
    features = features_of(VECTORS)
    made = scaled_features(features, "unit+pca-3")
    assert scaled_features(features, "unit") is made is scaled_at_hand(features, "unit")
    assert scaled_features(features, "center+unit").fingerprint != made.fingerprint
    assert made.name == "vectors (unit)" and made.items == features.items
    fingerprint = made.fingerprint
    del made
    gc.collect()
    assert scaled_at_hand(features, "unit") is None
    assert scaled_features(features, "unit").fingerprint == fingerprint


def test_one_item_is_scaled_and_no_layout_is_made_of_it():
    one = Features(np.array([[3, 4]], np.float32), np.array([7]), Vectors(), "a test")
    found = np.vstack([scaled_features(one, name).vectors for name in SCALINGS])
    np.testing.assert_allclose(found, [[0, 0], [0.6, 0.8], [0, 0], [0, 0]], rtol=1e-7)
    with pytest.raises(SpecError, match="PCA needs at least 2 items, got 1"):
        project(one, Pca(preprocess="unit"))
