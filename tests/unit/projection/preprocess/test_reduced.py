"""Reduced vectors have the distances and angles of vectors rebuilt from components, and never meet other features."""

import numpy as np
import pytest
from sklearn.decomposition import PCA

from embviz.errors import InputError, SpecError
from embviz.features.features import Features, Vectors
from embviz.neighbors import neighbor_graph
from embviz.projection import Tsne, Umap, project
from embviz.projection.pca import first_components, principal_components
from embviz.projection.preprocess.reduced import reduced_features
from embviz.projection.preprocess.steps import LARGE, can_reduce, check_preprocess, usual_reduction


def features_of(vectors):
    return Features(vectors, np.arange(len(vectors)) + 100, Vectors(), "a test")


def some_features(n=80, d=12, seed=0):
    random = np.random.default_rng(seed)
    return features_of((random.normal(size=(n, d)) * random.uniform(0.2, 3, d) + 2).astype(np.float32))


def rebuilt(vectors, n_components):
    """The vectors rebuilt from their first components by scikit-learn, an independent implementation."""
    model = PCA(n_components, svd_solver="full")
    return model.inverse_transform(model.fit_transform(vectors.astype(np.float64)))


def units(vectors):
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def distances(vectors):
    return np.linalg.norm(vectors[:, None] - vectors, axis=2)


def reduced(features, spec, n=50):
    return reduced_features(features, spec, first_components(features, n, metric=spec.metric))


@pytest.mark.parametrize("shape", [(80, 12), (10, 300)])
@pytest.mark.parametrize("kept", [2, 5])
def test_distances_are_those_of_the_rebuilt_vectors(shape, kept):
    features = some_features(*shape)
    found = reduced(features, Tsne(preprocess=f"pca-{kept}"))
    assert found.vectors.shape == (len(features), kept)
    np.testing.assert_allclose(
        distances(found.vectors), distances(rebuilt(features.vectors, kept)), rtol=1e-4, atol=1e-4
    )


@pytest.mark.parametrize("shape", [(80, 12), (10, 300)])
@pytest.mark.parametrize("kept", [2, 5])
def test_angles_are_those_of_the_rebuilt_unit_vectors(shape, kept):
    features = some_features(*shape)
    found = reduced(features, Umap(preprocess=f"pca-{kept}", metric="cosine"))
    expected = units(rebuilt(units(features.vectors), kept))
    np.testing.assert_allclose(units(found.vectors) @ units(found.vectors).T, expected @ expected.T, atol=1e-5)


def test_no_reduction_takes_the_features_themselves():
    features = some_features()
    assert reduced(features, Tsne()) is features


def test_components_of_others_too_few_and_of_another_metric_are_refused():
    features, spec = some_features(), Tsne(perplexity=5, preprocess="pca-5")
    for given, message in (
        (first_components(some_features(seed=1), 5), "not those of the features by the euclidean metric"),
        (first_components(features, 5, metric="cosine"), "not those of the features by the euclidean metric"),
        (principal_components(features.vectors, (1, 2, 3, 4, 5)), "not those of the features"),
        (first_components(features, 4), "5 principal components are needed, got 4"),
    ):
        with pytest.raises(InputError, match=message):
            reduced_features(features, spec, given)
        with pytest.raises(InputError, match=message):
            project(features, spec, components=given)


def test_what_leaves_nothing_out_is_refused():
    assert can_reduce(51, 51) and not can_reduce(50, 51) and not can_reduce(51, 50)
    check_preprocess("pca-50", 51, 51)
    with pytest.raises(SpecError, match="needs more than 50 items, got 40; leave pca-50 out"):
        check_preprocess("pca-50", 40, 784)
    with pytest.raises(SpecError, match="needs more than 12 features per item, got 12"):
        project(some_features(), Tsne(perplexity=5, preprocess="pca-12"))


def test_only_large_sets_of_long_vectors_are_usually_reduced():
    assert usual_reduction(LARGE, 784) is None
    assert usual_reduction(LARGE + 1, 784) == "pca-50"
    assert usual_reduction(LARGE + 1, 50) is None


@pytest.mark.parametrize("engine", ["embviz", "reference"])
def test_a_given_graph_is_that_of_the_reduced_vectors(engine):
    features, spec = some_features(), Tsne(perplexity=5, max_iter=260, preprocess="pca-4", engine=engine)
    graph = neighbor_graph(reduced(features, spec), 15, ties="even")
    given = project(features, spec, graph=graph)
    assert np.array_equal(given.coords, project(features, spec).coords)
    assert given.source == features.fingerprint and given.neighbor_seconds == graph.seconds > 0
    plain = Tsne(perplexity=5, max_iter=260, engine=engine)
    for other, wrong in ((spec, neighbor_graph(features, 15)), (plain, graph)):
        with pytest.raises(InputError, match="made from other vectors"):
            project(features, other, graph=wrong)


def test_given_components_change_nothing():
    features = some_features()
    for spec in (Tsne(perplexity=5, max_iter=260, preprocess="pca-4"), Umap(n_neighbors=5, n_epochs=20)):
        components = first_components(features, 7)
        given = project(features, spec, components=components)
        assert np.array_equal(given.coords, project(features, spec).coords)


def test_groups_that_lie_apart_in_many_dimensions_lie_apart_in_a_layout_of_few():
    random = np.random.default_rng(0)
    labels = np.repeat([0, 1, 2], 40)
    centers = random.normal(size=(3, 100)) * 3
    features = features_of((centers[labels] + random.normal(size=(120, 100))).astype(np.float32))
    for spec in (Tsne(perplexity=10, preprocess="pca-50"), Umap(preprocess="pca-50", metric="cosine", n_epochs=100)):
        coords = project(features, spec).coords
        nearest = neighbor_graph(coords, 5).indices
        assert (labels[nearest] == labels[:, None]).mean() > 0.95
