"""Values of two datasets never meet: every function that takes two of them knows whose they are, not how many."""

from dataclasses import replace

import numpy as np
import pytest

import embviz
from embviz.dataset import Dataset, subset
from embviz.errors import DatasetError, InputError
from embviz.export.coordinates import selection_csv
from embviz.features import Pixels, train_network
from embviz.neighbors import with_even_ties
from embviz.pipeline import (
    class_overlap_of,
    closest_pairs_of,
    overlap_matrix_of,
    projection_of,
    stored_class_overlap,
    stored_closest_pairs,
    stored_projection,
)
from embviz.projection import Pca, Tsne, Umap, project
from embviz.projection.run.steering import Steering
from embviz.storage.store import default_store
from embviz.view import Forming, View, ViewSpec

N = 40
RNG = np.random.default_rng(0)
VECTORS = RNG.normal(size=(N, 4))
LABELS = RNG.integers(0, 2, N)
IMAGES = RNG.integers(0, 256, (N, 4, 4))
UMAP = Umap(n_neighbors=5, n_epochs=3)
SUPERVISED = replace(UMAP, supervised=True)


def made(order: np.ndarray | None = None) -> Dataset:
    """The dataset, its items in another order if one is given; ids are 0 .. N - 1 all the same."""
    order = np.arange(N) if order is None else order
    return embviz.dataset_from_arrays(vectors=VECTORS[order], images=IMAGES[order], labels=LABELS[order])


def with_a_zero(array: np.ndarray) -> np.ndarray:
    changed = array.copy()
    changed[np.unravel_index(np.flatnonzero(array)[7], array.shape)] = 0
    return changed


MINE = made()
OTHERS = {
    "turned round": made(np.arange(N)[::-1]),
    "two items exchanged": made(np.r_[1, 0, 2:N]),
    "one number changed": replace(MINE, vectors=with_a_zero(MINE.vectors)),
    "one pixel changed": replace(MINE, images=with_a_zero(MINE.images)),
    "other ids": replace(MINE, ids=np.arange(N) + 1, n_source=N + 1),
    "a part": subset(MINE, np.arange(N - 1)),
}
EACH_OTHER = pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
FEATURES = embviz.vector_features(MINE)
LAYOUT = project(FEATURES, Pca())


@EACH_OTHER
@pytest.mark.parametrize(
    "meet",
    [
        lambda other, folder: embviz.export_projector(folder / "out", other, [FEATURES]),
        lambda other, folder: embviz.export_zip(folder / "out.zip", other, [FEATURES]),
        lambda other, folder: embviz.export_projector(
            folder / "out", other, [embviz.vector_features(other)], projections=[LAYOUT]
        ),
        lambda other, folder: embviz.write_coordinates(folder / "layout.csv", other, LAYOUT),
        lambda other, folder: selection_csv(other, LAYOUT, np.array([0])),
        lambda other, folder: embviz.class_overlap(FEATURES, other, (0, 1), space="vectors"),
        lambda other, folder: embviz.class_overlap(LAYOUT, other, (0, 1), space="layout"),
        lambda other, folder: embviz.overlap_matrix(FEATURES, other, 2, space="vectors"),
        lambda other, folder: embviz.closest_pairs(LAYOUT, other, (0, 1)),
        lambda other, folder: overlap_matrix_of(FEATURES, other, 5, store=default_store()),
        lambda other, folder: class_overlap_of(FEATURES, other, (0, 1), 5, store=default_store()),
        lambda other, folder: class_overlap_of(LAYOUT, other, (0, 1), 5, store=default_store()),
        lambda other, folder: closest_pairs_of(FEATURES, other, (0, 1), 5, store=default_store()),
        lambda other, folder: stored_class_overlap(LAYOUT, other, (0, 1), 5, store=default_store()),
        lambda other, folder: stored_closest_pairs(FEATURES, other, (0, 1), 5, store=default_store()),
        lambda other, folder: project(FEATURES, SUPERVISED, labels=other),
        lambda other, folder: projection_of(FEATURES, SUPERVISED, labels=other, store=default_store()),
        lambda other, folder: stored_projection(FEATURES, UMAP, labels=other, store=default_store()),
        lambda other, folder: View(ViewSpec("toy", "", None, Pixels(), Pca()), other, FEATURES, LAYOUT),
        lambda other, folder: View(
            ViewSpec("toy", "", None, Pixels(), Pca()), other, embviz.vector_features(other), LAYOUT
        ),
    ],
)
def test_a_dataset_and_values_of_another_are_refused(other, meet, tmp_path):
    with pytest.raises(InputError, match=r"other items than dataset|not made from the features given"):
        meet(other, tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", [name for name in OTHERS if name not in ("a part", "one pixel changed")])
@pytest.mark.parametrize("from_array", [False, True])
def test_a_graph_of_other_vectors_is_refused(name, from_array):
    features = embviz.vector_features(OTHERS[name])
    graph = embviz.neighbor_graph(features.vectors if from_array else features, 10)
    if from_array and name == "other ids":  # of equal vectors
        assert project(FEATURES, UMAP, graph=graph).items == MINE.items
        return
    with pytest.raises(InputError, match="made from other vectors than these 40, or from them in another order"):
        project(FEATURES, UMAP, graph=graph)
    with pytest.raises(InputError, match="made from other vectors"):
        embviz.overlap_matrix(FEATURES, MINE, 2, space="vectors", graph=graph)


def test_a_graph_of_unknown_origin_is_refused_where_it_cannot_be_known_to_fit():
    graph = embviz.neighbor_graph(FEATURES, 10)
    by_hand = embviz.NeighborGraph(graph.indices, graph.distances, "euclidean")
    with pytest.raises(InputError, match="it is not known which vectors"):
        project(FEATURES, UMAP, graph=by_hand)


def test_a_graph_of_features_fits_their_array_too():
    graph = embviz.neighbor_graph(FEATURES, 10)
    of_array = embviz.overlap_matrix(FEATURES.vectors, MINE.labels, 2, 5, space="x", graph=graph)
    np.testing.assert_array_equal(of_array.crossing, embviz.overlap_matrix(FEATURES, MINE, 2, 5, space="x").crossing)
    with pytest.raises(InputError, match="made from other vectors"):
        embviz.overlap_matrix(FEATURES.vectors[::-1].copy(), MINE.labels, 2, 5, space="x", graph=graph)


def test_a_run_does_not_go_on_with_other_features_or_another_spec():
    steering = Steering()
    project(FEATURES, UMAP, steering=steering)
    steering.end()
    steering.go_on(more=5)
    for features, spec in ((embviz.vector_features(OTHERS["turned round"]), UMAP), (FEATURES, replace(UMAP, seed=1))):
        with pytest.raises(InputError, match="a run of other features or labels, or of another spec"):
            project(features, spec, steering=steering)


def test_a_network_gives_its_names_to_no_other_classes():
    network = train_network(MINE, MINE)
    others = replace(MINE, class_names=("shirt", "shoe"))
    with pytest.raises(DatasetError, match="has the classes shirt, shoe, but the network predicts 0, 1"):
        embviz.activation_features(others, network, "hidden")
    unlabeled = replace(MINE, labels=None, class_names=())
    assert len(embviz.activation_features(unlabeled, network, "hidden")) == N


def test_equal_data_made_twice_are_the_same_items(tmp_path):
    again = made()
    assert again.items == MINE.items and again.fingerprint == MINE.fingerprint
    embviz.export_projector(tmp_path / "out", again, [FEATURES], projections=[LAYOUT])
    graph = embviz.neighbor_graph(VECTORS.astype(np.float32), 10)
    assert project(FEATURES, UMAP, graph=graph, labels=again).items == again.items


def test_what_is_said_of_items_does_not_make_them_others(tmp_path):
    """Corrected labels, another name, more metadata: features and layouts made before still belong to them."""
    for changes in (
        {"labels": 1 - LABELS, "name": "corrected"},
        {"class_names": ("no", "yes")},
        {"metadata": {"writer": np.arange(N)}},
        {"split": "test", "n_split": N},
        {"origin": "/elsewhere"},
    ):
        said = replace(MINE, **changes)
        assert said.items == MINE.items
        assert embviz.class_overlap(LAYOUT, said, (0, 1), space="layout").n == N
        embviz.write_coordinates(tmp_path / "layout.csv", said, LAYOUT)


@pytest.mark.parametrize("kind", ["features", "array", "coords"])
def test_arrays_and_values_measure_the_same(kind):
    vectors = {"features": FEATURES, "array": FEATURES.vectors, "coords": LAYOUT}[kind]
    plain = LAYOUT.coords if kind == "coords" else FEATURES.vectors
    assert embviz.class_overlap(vectors, MINE, (0, 1), space="x") == embviz.class_overlap(
        plain, MINE.labels, (0, 1), space="x"
    )


def test_labels_that_are_missing_are_said_to_be():
    unlabeled = embviz.dataset_from_arrays(vectors=VECTORS)
    with pytest.raises(InputError, match="has no labels"):
        embviz.class_overlap(embviz.vector_features(unlabeled), unlabeled, (0, 1), space="vectors")


def test_a_spec_that_uses_no_labels_takes_a_dataset_all_the_same():
    coords = project(FEATURES, Tsne(perplexity=3, max_iter=251), labels=MINE).coords
    np.testing.assert_array_equal(project(FEATURES, Tsne(perplexity=3, max_iter=251)).coords, coords)


def test_a_run_does_not_go_on_with_other_labels_or_from_another_start():
    steering = Steering()
    project(FEATURES, SUPERVISED, labels=MINE, steering=steering)
    steering.end()
    steering.go_on(more=5)
    with pytest.raises(InputError, match="other features or labels"):
        project(FEATURES, SUPERVISED, labels=np.arange(N) // 20, steering=steering)
    with pytest.raises(InputError, match="starts where it ended"):
        project(FEATURES, SUPERVISED, labels=MINE, steering=steering, start=LAYOUT.coords)
    assert project(FEATURES, SUPERVISED, labels=MINE, steering=steering).departure == "steered"


def test_neighbors_by_another_metric_start_no_layout():
    with pytest.raises(InputError, match="needs 4 cosine neighbors of each of 40 items, got 20 euclidean ones"):
        embviz.start_layout(embviz.neighbor_graph(FEATURES, 20), replace(UMAP, metric="cosine"), LAYOUT.coords)


def test_ties_are_not_looked_up_in_other_vectors():
    others = embviz.vector_features(OTHERS["turned round"])
    with pytest.raises(InputError, match="made from other vectors"):
        with_even_ties(embviz.neighbor_graph(FEATURES, 20), 10, others)


def test_a_view_holds_no_layout_of_other_features_and_a_forming_one_no_other_items():
    features = replace(FEATURES, vectors=np.ascontiguousarray(FEATURES.vectors[:, ::-1]))
    spec = ViewSpec("toy", "", None, Pixels(), Pca())
    with pytest.raises(InputError, match="not made from these features"):
        View(spec, MINE, features, LAYOUT)
    with pytest.raises(InputError, match="of other items"):
        Forming(spec, OTHERS["turned round"], FEATURES)


@pytest.mark.parametrize("spec", [SUPERVISED, replace(SUPERVISED, n_components=3)])
def test_a_class_called_minus_one_shapes_no_layout_in_silence(spec):
    """Among labels -1 is no class; a dataset made of such labels has one of that name."""
    labels = np.where(np.arange(N) % 3 == 0, -1, np.arange(N) % 3)
    dataset = embviz.dataset_from_arrays(vectors=VECTORS, labels=labels)
    with pytest.raises(InputError, match="has a class called -1, which among labels means an item without one"):
        project(embviz.vector_features(dataset), spec, labels=dataset)
    assert len(project(embviz.vector_features(dataset), spec, labels=labels)) == N
    assert len(project(embviz.vector_features(dataset), UMAP, labels=dataset)) == N


def test_pca_has_no_start():
    with pytest.raises(InputError, match="PCA has no start"):
        project(FEATURES, Pca(), start=LAYOUT.coords)
