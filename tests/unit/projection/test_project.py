"""`project` for every method: layouts show the classes, say how they were made, and refuse what does not fit."""

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.model_selection import cross_val_score
from sklearn.neighbors import KNeighborsClassifier

from embviz.errors import InputError, SpecError
from embviz.features.features import Features, Vectors
from embviz.neighbors import neighbor_graph
from embviz.overlap import class_overlap
from embviz.projection import Pca, Tsne, Umap, project
from embviz.projection.pca import principal_components
from embviz.projection.run.steering import Steering
from embviz.projection.start import starting_layout, turned_layout
from tests.unit.compass import compass_of


def features_of(vectors):
    return Features(vectors, np.arange(len(vectors)) + 100, Vectors(), "a test")


def some_features(n=60, d=5):
    return features_of(np.random.default_rng(0).random((n, d), dtype=np.float32))


def label_accuracy(coords, labels):
    return cross_val_score(KNeighborsClassifier(5), coords, labels, cv=5).mean()


@pytest.fixture(scope="module")
def digits():
    images, labels = load_digits(return_X_y=True)
    return features_of(images[:400].astype(np.float32)), labels[:400]


@pytest.mark.parametrize(
    "spec",
    [Tsne(max_iter=500), Umap(n_components=3, metric="cosine", n_epochs=200)],
    ids=["t-SNE in 2-D", "UMAP in 3-D by cosine"],
)
def test_neighbors_in_a_layout_of_digits_share_their_label(digits, spec):
    features, labels = digits
    projection = project(features, spec)
    noise = np.random.default_rng(0).normal(size=projection.coords.shape)
    assert label_accuracy(projection.coords, labels) > 0.9 > 0.25 > label_accuracy(noise, labels)


def test_a_layout_knows_its_items_its_spec_and_its_source():
    features = some_features()
    spec = Pca(axes=(2, 3))
    projection = project(features, spec)
    assert np.array_equal(projection.ids, features.ids)
    assert projection.spec == spec and projection.source == features.fingerprint
    assert projection.kl_divergence is None and projection.seconds > 0
    found = principal_components(features.vectors, (2, 3))
    np.testing.assert_array_equal(projection.coords, found.scores)
    np.testing.assert_array_equal(projection.explained_variance_ratio, found.explained_variance_ratio)


@pytest.mark.parametrize("spec", [Tsne(perplexity=5, max_iter=260), Umap(n_neighbors=5, n_epochs=30)])
def test_a_layout_says_how_far_it_came(spec):
    projection = project(some_features(), spec)
    assert projection.iterations == (260 if isinstance(spec, Tsne) else 30)
    assert (projection.kl_divergence is None) == isinstance(spec, Umap)


def test_a_layout_lies_like_the_principal_components_but_a_given_start_is_kept():
    features, spec = some_features(), Umap(n_neighbors=5, n_epochs=1)
    start = np.random.default_rng(1).uniform(size=(60, 2)).astype(np.float32)
    for each in (start, start * np.array([-1, 1], np.float32)):
        assert correlation(project(features, spec, start=each).coords, each) > 0.8
    free = project(features, spec).coords
    compass = principal_components(features.vectors, (1, 2)).scores
    best = np.linalg.norm(centered(free).T @ centered(compass), "nuc")  # the largest correlation of all rotations
    assert correlation(free, compass) > 0.98 * best


def centered(coords):
    moved = coords - coords.mean(axis=0)
    return moved / np.linalg.norm(moved)


def correlation(one, other):
    return float((centered(one) * centered(other)).sum())


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "supervised UMAP needs labels"),
        ({"labels": np.arange(59)}, "labels"),
        ({"labels": np.arange(60.0)}, "labels"),
        (
            {"labels": np.arange(60), "start": np.ones((60, 2), np.float32)},
            "start must not have all items in one place",
        ),
        ({"labels": np.arange(60), "start": np.ones((60, 3), np.float32)}, "start"),
        ({"labels": np.arange(60), "start": np.full((60, 2), np.nan, np.float32)}, "start"),
    ],
)
def test_labels_and_starts_that_do_not_fit_are_refused_by_name(given, message):
    with pytest.raises(InputError, match=message):
        project(some_features(), Umap(n_neighbors=5, supervised=True), **given)


def test_a_cosine_layout_sees_neither_lengths_nor_neighbors_beyond_those_needed():
    directions = np.repeat(np.eye(4, dtype=np.float32), 10, axis=0)  # four unconnected groups of equal items
    lengths = np.float32(2) ** (np.arange(40) % 8)
    plain, longer = features_of(directions), features_of(directions * lengths[:, None].astype(np.float32))
    spec = Umap(n_neighbors=4, n_epochs=30, metric="cosine")
    coords = project(plain, spec).coords
    given = project(longer, spec, graph=neighbor_graph(longer, 20, metric="cosine"))
    assert np.array_equal(given.coords, coords)
    assert np.isfinite(coords).all() and len(np.unique(coords, axis=0)) == 40


@pytest.mark.parametrize(
    ("graph", "given"),
    [
        (neighbor_graph(some_features(), 11), "11 euclidean ones of each of 60"),
        (neighbor_graph(some_features(), 12, metric="cosine"), "12 cosine ones of each of 60"),
        (neighbor_graph(some_features(61), 12), "12 euclidean ones of each of 61"),
    ],
    ids=["too few", "another metric", "other items"],
)
def test_a_graph_that_does_not_fit_is_refused(graph, given):
    with pytest.raises(SpecError, match=f"t-SNE needs 12 euclidean neighbors of each of 60 items, got {given}; make"):
        project(some_features(), Tsne(perplexity=4), graph=graph)


N_TIED = 300
TIED = {
    "equal": np.zeros((N_TIED, 4), np.float32),
    "all as far from each other": np.eye(N_TIED, dtype=np.float32),
    "three places, mixed": np.eye(3, dtype=np.float32)[np.random.default_rng(0).integers(0, 3, N_TIED)],
}


@pytest.mark.parametrize("vectors", TIED.values(), ids=TIED)
@pytest.mark.parametrize("spec", [Tsne(max_iter=400), Umap(n_epochs=200), Umap(n_neighbors=90, n_epochs=200)], ids=repr)
@pytest.mark.parametrize("given", [False, True], ids=["own graph", "graph given"])
def test_the_order_of_the_rows_shows_nowhere_in_a_layout(vectors, spec, given):
    """All items are alike, so labels given by the order of the rows must be mixed in the layout."""
    graph = neighbor_graph(vectors, 90) if given else None
    coords = project(features_of(vectors), spec, graph=graph).coords
    labels = np.repeat([0, 1], N_TIED // 2)
    assert class_overlap(coords, labels, (0, 1), space="layout").index > 0.85


def test_a_layout_says_how_many_items_it_draws_apart_that_are_equal():
    vectors = np.random.default_rng(0).normal(size=(60, 3)).astype(np.float32)
    vectors[10:15] = vectors[10]
    features = features_of(vectors)
    assert project(features, Umap(n_epochs=5)).equal_items == 5
    assert project(features, Pca()).equal_items is None


@pytest.mark.parametrize("init", ["pca", "spectral", "random"])
@pytest.mark.parametrize("dims", [2, 3])
@pytest.mark.parametrize("method", ["t-SNE", "UMAP"])
def test_what_was_watched_last_is_the_result(digits, method, dims, init):
    """The finished layout of UMAP was once a mirror image of the last frame that was watched."""
    spec = (
        Tsne(dims, perplexity=5, max_iter=260, init=init) if method == "t-SNE" else Umap(dims, n_epochs=20, init=init)
    )
    steering = Steering()
    result = project(digits[0], spec, steering=steering)
    np.testing.assert_array_equal(result.coords, steering.newest.coords)


@pytest.mark.parametrize("dims", [2, 3])
def test_a_spectral_start_lies_as_the_principal_components_do(digits, dims):
    """No rotation or reflection of the start must bring it nearer to the principal components."""
    vectors = digits[0].vectors
    compass = compass_of(vectors, dims)
    start = starting_layout("spectral", compass, neighbor_graph(vectors, 20), 0)
    turned = turned_layout(start, compass)
    moved = np.sqrt(((turned - (start - start.mean(axis=0))) ** 2).sum(axis=1).mean())
    assert moved < 0.05 * np.sqrt((start**2).sum(axis=1).mean())
