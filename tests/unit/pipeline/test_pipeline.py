"""The pipeline: stored equals computed, nothing is computed twice, and results of changed data are never used."""

import gc
import weakref
from dataclasses import fields, is_dataclass, replace

import numpy as np
import pytest

from embviz.dataset import subset
from embviz.datasets import Given, dataset_from_arrays, dataset_of, load_dataset
from embviz.datasets.sampling import stratified_sample
from embviz.errors import Cancelled, DatasetError, InputError, SpecError
from embviz.features import Activations, Pixels, Vectors, pixel_features
from embviz.neighbors import NeighborGraph, neighbor_graph
from embviz.overlap import class_overlap, closest_pairs, groups_of, overlap_matrix
from embviz.pipeline import (
    SHARED_NEIGHBORS,
    class_overlap_of,
    closest_pairs_of,
    error_bounds_of,
    features_of,
    graph_of,
    has_graph,
    overlap_matrix_of,
    projection_of,
    stored_class_overlap,
    stored_closest_pairs,
    stored_features,
    stored_projection,
)
from embviz.pipeline.components import components_of, shares_at_hand
from embviz.pipeline.neighbors import FEW_NEIGHBORS
from embviz.projection import project
from embviz.projection.pca import first_components, principal_components
from embviz.projection.specs import Pca, Tsne, Umap
from embviz.projection.titles import method_title
from embviz.storage.artifacts import Artifact
from embviz.storage.store import Store
from tests.unit.idx_files import write_split


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


@pytest.fixture(scope="module")
def digits():
    return load_dataset("digits", "test")


@pytest.fixture
def pixels(digits):
    """Made anew for each test, so that nothing is at hand that belongs to them."""
    return pixel_features(digits)


@pytest.fixture
def one_epoch(monkeypatch):
    monkeypatch.setattr("embviz.features.network.EPOCHS", 1)


@pytest.fixture
def nothing_computed(monkeypatch):
    """Function that makes every stage fail from then on whose result must come from the store."""

    def forbid():
        def must_not_run(*_, **__):
            raise AssertionError("computed although it is in the store")

        for stage in ("data.train_network", "neighbors.neighbor_graph"):
            monkeypatch.setattr(f"embviz.pipeline.{stage}", must_not_run)
        for measured in ("overlap_matrix", "class_overlap", "closest_pairs"):
            monkeypatch.setattr(f"embviz.pipeline.statistics.classes.{measured}", must_not_run)
        monkeypatch.setattr("embviz.pipeline.components.first_components", must_not_run)
        monkeypatch.setattr("embviz.projection.run.forming.start_layout", must_not_run)

    return forbid


def assert_same(found, expected):
    """Check that all fields are equal, arrays bit for bit; but not the seconds of a graph, 0 if it is stored."""
    assert type(found) is type(expected)
    for field in fields(expected):
        if field.name == "seconds" and isinstance(expected, NeighborGraph):
            continue
        one, other = getattr(found, field.name), getattr(expected, field.name)
        if isinstance(other, np.ndarray):
            assert one.dtype == other.dtype
            assert one.shape == other.shape
            assert one.tobytes() == other.tobytes()
        elif is_dataclass(other):
            assert_same(one, other)
        else:
            assert one == other
            assert type(one) is type(other)


@pytest.fixture
def idx_folder(tmp_path):
    """A folder of 60 training and 20 test items of two classes."""
    rng = np.random.default_rng(0)
    for prefix, n in (("train", 60), ("t10k", 20)):
        write_split(tmp_path / "data", prefix, rng.integers(0, 256, (n, 4, 4)), np.arange(n) % 2)
    return tmp_path / "data"


@pytest.mark.parametrize("layer", ["hidden", "logits"])
def test_stored_activations_equal_trained_ones(digits, store, one_epoch, nothing_computed, layer):
    spec = Activations(layer, seed=2)
    assert stored_features(digits, spec, store=store) is None
    trained = features_of(digits, spec, store=store)
    assert trained.spec == spec
    nothing_computed()
    assert_same(features_of(digits, spec, store=store), trained)
    assert_same(stored_features(digits, spec, store=store), trained)
    assert stored_features(digits, Activations(layer, seed=3), store=store) is None


def test_deeper_classifiers_have_all_their_layers_and_are_never_taken_for_each_other(
    digits, store, one_epoch, nothing_computed
):
    deep, other = (20, 10), (10, 20)
    made = [
        features_of(digits, Activations("logits", hidden_layer_sizes=sizes), store=store) for sizes in (deep, other)
    ]
    nothing_computed()
    widths = [
        features_of(digits, Activations(layer, hidden_layer_sizes=deep), store=store).vectors.shape[1]
        for layer in ("hidden-1", "hidden-2", "logits")
    ]
    assert widths == [20, 10, 10]
    assert_same(features_of(digits, Activations("logits", hidden_layer_sizes=deep), store=store), made[0])
    assert made[0].fingerprint != made[1].fingerprint
    assert stored_features(digits, Activations("logits"), store=store) is None


def test_one_network_serves_both_layers_every_split_and_every_sample(digits, store, one_epoch, nothing_computed):
    hidden = features_of(digits, Activations("hidden"), store=store)
    nothing_computed()
    logits = features_of(stratified_sample(digits, 100), Activations("logits"), store=store)
    everything = features_of(load_dataset("digits", "all"), Activations("hidden"), store=store)
    assert logits.test_accuracy == everything.test_accuracy == hidden.test_accuracy


def test_changed_training_items_in_the_same_folder_train_another_network(idx_folder, store, one_epoch):
    spec = Activations("logits")
    before = load_dataset(idx_folder, "all")
    first = features_of(before, spec, store=store)
    write_split(idx_folder, "train", 255 - before.images[:60], before.labels[:60])
    after = load_dataset(idx_folder, "all")
    assert stored_features(after, spec, store=store) is None
    second = features_of(after, spec, store=store)
    assert not np.array_equal(first.vectors[60:], second.vectors[60:])
    assert first.fingerprint != second.fingerprint


def test_pixels_and_vectors_are_made_at_once_and_not_stored(digits, pixels, store):
    assert_same(features_of(digits, Pixels(), store=store), pixels)
    assert_same(stored_features(digits, Pixels(), store=store), pixels)
    dataset = dataset_from_arrays(vectors=[[1, 2], [3, 4]])
    assert stored_features(dataset, Vectors(), store=store).vectors is dataset.vectors
    assert not store.root.exists()


def test_a_dataset_without_a_train_split_is_told_what_else_works(store):
    dataset = dataset_from_arrays(images=np.zeros((4, 8, 8), np.uint8), labels=[0, 1, 0, 1])
    with pytest.raises(DatasetError, match=r"no train split.*pixels or vectors"):
        features_of(dataset, Activations(), store=store)
    assert stored_features(dataset, Activations(), store=store) is None


def test_a_folder_without_training_files_says_so_only_when_asked_to_train(idx_folder, store):
    for file in idx_folder.glob("train-*"):
        file.unlink()
    dataset = load_dataset(idx_folder, "test")
    assert stored_features(dataset, Activations(), store=store) is None
    with pytest.raises(DatasetError, match="train"):
        features_of(dataset, Activations(), store=store)


def test_cancelled_training_stores_nothing(digits, store):
    def stop(stage, done, total):
        if stage.startswith("training the classifier") and done == 1:
            raise Cancelled("enough")

    with pytest.raises(Cancelled):
        features_of(digits, Activations(), store=store, progress=stop)
    assert not store.root.exists()


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
@pytest.mark.parametrize("k", [1, 10, SHARED_NEIGHBORS, 120])
def test_the_graph_equals_the_one_computed_for_that_k(pixels, store, nothing_computed, metric, k):
    expected = neighbor_graph(pixels, max(k, SHARED_NEIGHBORS), metric=metric, ties="even").first(k)
    np.testing.assert_array_equal(expected.distances, neighbor_graph(pixels, k, metric=metric).distances)
    assert_same(graph_of(pixels, k, metric=metric, store=store), expected)
    nothing_computed()
    assert_same(graph_of(pixels, k, metric=metric, store=store), expected)


def test_one_graph_serves_every_k_up_to_the_shared_one(pixels, store, nothing_computed):
    graph_of(pixels, 1, store=store)
    nothing_computed()
    for k in (5, 14, SHARED_NEIGHBORS):
        assert graph_of(pixels, k, store=store).k == k
    with pytest.raises(AssertionError, match="computed"):
        graph_of(pixels, 5, metric="cosine", store=store)


def test_among_very_many_items_few_neighbors_have_a_graph_of_their_own(pixels, store, nothing_computed, monkeypatch):
    monkeypatch.setattr("embviz.pipeline.neighbors.MANY_ITEMS", 100)
    expected = neighbor_graph(pixels, FEW_NEIGHBORS, ties="even")
    assert_same(graph_of(pixels, 10, store=store), expected.first(10))
    nothing_computed()
    assert_same(graph_of(pixels, FEW_NEIGHBORS, store=store), expected)
    with pytest.raises(AssertionError, match="computed"):
        graph_of(pixels, FEW_NEIGHBORS + 1, store=store)


def test_few_items_have_a_graph_of_all_others(store):
    features = features_of(dataset_from_arrays(vectors=[[0], [1], [3]]), Vectors(), store=store)
    assert graph_of(features, 2, store=store).indices.tolist() == [[1, 2], [0, 2], [1, 0]]


@pytest.mark.parametrize("k", [0, -1, 539])
def test_a_k_out_of_range_is_refused(pixels, store, k):
    with pytest.raises(SpecError, match=r"k must be in 1\.\."):
        graph_of(pixels, k, store=store)


@pytest.mark.parametrize(
    "spec", [Umap(3, n_neighbors=5, n_epochs=20, preprocess="pca-10"), Tsne(perplexity=5, max_iter=260, seed=4)]
)
def test_a_stored_layout_equals_the_computed_one(digits, store, nothing_computed, spec):
    features = pixel_features(stratified_sample(digits, 60))
    assert stored_projection(features, spec, store=store) is None
    computed = projection_of(features, spec, store=store)
    assert computed.spec == spec
    assert computed.source == features.fingerprint
    nothing_computed()
    assert_same(projection_of(features, spec, store=store), computed)
    assert_same(stored_projection(features, spec, store=store), computed)


@pytest.mark.parametrize("anew", [False, True], ids=["at hand", "from the store"])
def test_after_the_first_pca_every_choice_of_axes_is_there(pixels, store, nothing_computed, anew):
    projection_of(pixels, Pca(), store=store)
    assert len(kept_files(store)) == 1
    nothing_computed()
    if anew:
        pixels = replace(pixels)
    for spec in (Pca(3), Pca(axes=(20, 3)), Pca(3, axes=(7, 1, 50))):
        found = projection_of(pixels, spec, store=store)
        assert_same(stored_projection(pixels, spec, store=store), found)
        expected = principal_components(pixels.vectors, spec.axes)
        np.testing.assert_array_equal(found.coords, expected.scores)
        np.testing.assert_array_equal(found.explained_variance_ratio, expected.explained_variance_ratio)
        assert found.seconds == 0
    with pytest.raises(AssertionError, match="computed"):
        projection_of(pixels, Pca(axes=(1, 51)), store=store)


def test_components_are_at_hand_as_long_as_the_features_are(digits, store):
    features = pixel_features(digits)
    assert shares_at_hand(features) is None
    assert components_of(features, 2, store=store).seconds > 0
    found = components_of(features, 2, store=store)
    assert found is components_of(features, 50, store=store)
    assert components_of(features, 2, metric="cosine", store=store).metric == "cosine"
    assert shares_at_hand(features).sum() == pytest.approx(1)
    gone = weakref.ref(found.scores)
    del found
    gc.collect()
    assert gone() is not None
    del features
    gc.collect()
    assert gone() is None


@pytest.mark.parametrize(
    "spec",
    [
        Tsne(perplexity=5, max_iter=260, preprocess="pca-10"),
        Umap(3, n_neighbors=5, n_epochs=20, preprocess="pca-50", metric="cosine", init="pca"),
        Umap(n_neighbors=5, n_epochs=20, preprocess="pca-50", supervised=True),
        Tsne(perplexity=5, max_iter=260, supervised=True, label_strength=80, ignored_label="3"),
        Umap(n_neighbors=5, n_epochs=20, metric="cosine"),
        Umap(n_neighbors=5, n_epochs=20, preprocess="unit+pca-20"),
        Tsne(perplexity=5, max_iter=260, preprocess="standardize"),
        Pca(axes=(2, 3), preprocess="unit"),
    ],
    ids=repr,
)
def test_a_layout_is_the_same_with_and_without_the_store(digits, store, spec):
    dataset = stratified_sample(digits, 100)
    features = pixel_features(dataset)
    expected = project(features, spec, labels=dataset).coords
    np.testing.assert_array_equal(projection_of(features, spec, store=store, labels=dataset).coords, expected)


def test_neighbors_among_components_are_kept_apart_from_those_among_the_features(pixels, digits, store, monkeypatch):
    looked_up = []

    def counted(features, *arguments, **options):
        looked_up.append(features.vectors.shape[1])
        return neighbor_graph(features, *arguments, **options)

    monkeypatch.setattr("embviz.pipeline.neighbors.neighbor_graph", counted)
    reduced = Tsne(perplexity=5, max_iter=251, preprocess="pca-10")
    for spec in (reduced, replace(reduced, seed=1), Umap(n_neighbors=5, n_epochs=5, preprocess="pca-10")):
        projection_of(pixels, spec, store=store)
    assert looked_up == [10]
    overlap_matrix_of(pixels, digits, 7, store=store)
    projection_of(pixels, replace(reduced, preprocess=None), store=store)
    assert looked_up == [10, 64]
    projection_of(pixels, replace(reduced, preprocess="pca-11"), store=store)
    projection_of(pixels, replace(reduced, metric="cosine"), store=store)
    assert looked_up == [10, 64, 11, 11]  # by cosine, ten components give eleven dimensions


def test_scaled_features_have_components_and_neighbors_of_their_own(pixels, store, monkeypatch):
    made = []

    def components(features, *arguments, **options):
        made.append(features.name)
        return first_components(features, *arguments, **options)

    monkeypatch.setattr("embviz.pipeline.components.first_components", components)
    specs = [Pca(preprocess="unit"), Umap(n_neighbors=5, n_epochs=5, preprocess="unit+pca-10")]
    specs += [replace(spec, seed=1) for spec in specs] + [Pca(), Pca(preprocess="center+unit")]
    for spec in specs:
        assert spec.method == "pca" or has_graph(pixels, spec, store=store) == bool(spec.seed)
        projection_of(pixels, spec, store=store)
    assert made == ["pixels (unit)", "pixels", "pixels (center+unit)"]


def test_neighbors_that_were_there_already_cost_a_layout_no_time(pixels, store):
    first, second = (projection_of(pixels, replace(SMALL, seed=seed), store=store) for seed in (0, 1))
    assert first.neighbor_seconds > 0 == second.neighbor_seconds
    assert stored_projection(pixels, first.spec, store=store).neighbor_seconds == first.neighbor_seconds


def test_a_reduction_that_leaves_nothing_out_is_refused_at_once(pixels, store, nothing_computed):
    nothing_computed()
    with pytest.raises(SpecError, match="preprocess pca-64 needs more than 64 features per item, got 64; leave"):
        projection_of(pixels, Tsne(preprocess="pca-64"), store=store)


def test_layouts_of_other_specs_and_other_items_are_not_mistaken(digits, store):
    features = pixel_features(digits)
    spec = Tsne(perplexity=5, max_iter=251)
    projection_of(features, spec, store=store)
    for other in (
        replace(spec, seed=1),
        replace(spec, n_components=3),
        replace(spec, preprocess="pca-50"),
        Umap(n_neighbors=5),
    ):
        assert stored_projection(features, other, store=store) is None
    assert stored_projection(pixel_features(subset(digits, np.arange(100))), spec, store=store) is None


def test_what_does_not_fit_is_said_before_neighbors_are_looked_up(digits, store, nothing_computed):
    nothing_computed()
    with pytest.raises(SpecError, match="perplexity 30 needs at least 91 items, got 50"):
        projection_of(pixel_features(stratified_sample(digits, 50)), Tsne(), store=store)


def test_the_stored_overlap_equals_the_computed_one(digits, pixels, store, nothing_computed):
    graph = graph_of(pixels, 90, store=store)
    expected = overlap_matrix(pixels, digits, 10, 7, space="pixels", graph=graph, groups=groups_of(digits))
    assert_same(overlap_matrix_of(pixels, digits, 7, store=store), expected)
    assert overlap_matrix_of(pixels, digits, 8, store=store).k == 8
    nothing_computed()
    assert_same(overlap_matrix_of(pixels, digits, 7, store=store), expected)


@pytest.mark.parametrize("spec", [None, Pca(3), Tsne(perplexity=5, max_iter=251)], ids=["features", "pca", "tsne"])
def test_the_stored_overlap_of_two_classes_equals_the_computed_one(digits, pixels, store, nothing_computed, spec):
    measured = pixels if spec is None else projection_of(pixels, spec, store=store)
    space = "pixels" if spec is None else method_title(spec)
    expected = class_overlap(measured, digits, (1, 7), 5, space=space)
    assert stored_class_overlap(measured, digits, (1, 7), 5, store=store) is None
    assert_same(class_overlap_of(measured, digits, (1, 7), 5, store=store), expected)
    nothing_computed()
    assert_same(class_overlap_of(measured, digits, (1, 7), 5, store=store), expected)
    assert_same(stored_class_overlap(measured, digits, (1, 7), 5, store=store), expected)


def test_the_stored_closest_pairs_equal_the_computed_ones(digits, pixels, store, nothing_computed):
    expected = closest_pairs(pixels, digits, (1, 7), 5)
    assert stored_closest_pairs(pixels, digits, (1, 7), 5, store=store) is None
    assert_same(closest_pairs_of(pixels, digits, (1, 7), 5, store=store), expected)
    nothing_computed()
    assert_same(closest_pairs_of(pixels, digits, (1, 7), 5, store=store), expected)
    assert_same(stored_closest_pairs(pixels, digits, (1, 7), 5, store=store), expected)


def test_what_is_said_of_a_pair_is_computed_and_stored_once_whichever_class_comes_first(
    digits, pixels, store, nothing_computed
):
    overlap = class_overlap_of(pixels, digits, (7, 1), 5, store=store)
    closest = closest_pairs_of(pixels, digits, (7, 1), 5, store=store)
    assert overlap.classes == closest.classes == (1, 7)
    nothing_computed()
    for pair in ((1, 7), (7, 1)):
        assert_same(class_overlap_of(pixels, digits, pair, 5, store=store), overlap)
        assert_same(stored_class_overlap(pixels, digits, pair, 5, store=store), overlap)
        assert_same(closest_pairs_of(pixels, digits, pair, 5, store=store), closest)
        assert_same(stored_closest_pairs(pixels, digits, pair, 5, store=store), closest)


def test_fewer_pairs_than_asked_for_are_stored_too(store, nothing_computed):
    dataset = dataset_from_arrays(vectors=[[0], [1], [3]], labels=[0, 0, 1])
    features = features_of(dataset, Vectors(), store=store)
    expected = closest_pairs_of(features, dataset, (0, 1), 12, store=store)
    assert len(expected) == 2
    nothing_computed()
    assert_same(closest_pairs_of(features, dataset, (0, 1), 12, store=store), expected)


def test_what_is_stored_of_other_classes_items_numbers_and_layouts_is_not_taken(digits, pixels, store):
    layout = projection_of(pixels, Pca(), store=store)
    for measured in (pixels, layout):
        class_overlap_of(measured, digits, (1, 7), 5, store=store)
    closest_pairs_of(pixels, digits, (1, 7), 5, store=store)
    sample = stratified_sample(digits, 100)
    relabeled = replace(digits, labels=np.where(digits.labels == 1, 7, np.where(digits.labels == 7, 1, digits.labels)))
    for measured, dataset, classes, number in (
        (pixels, digits, (1, 8), 5),
        (pixels, digits, (1, 7), 6),
        (pixels, relabeled, (1, 7), 5),
        (pixel_features(sample), sample, (1, 7), 5),
    ):
        assert stored_class_overlap(measured, dataset, classes, number, store=store) is None
        assert stored_closest_pairs(measured, dataset, classes, number, store=store) is None
    assert stored_class_overlap(projection_of(pixels, Pca(3), store=store), digits, (1, 7), 5, store=store) is None


def test_what_is_measured_in_a_steered_layout_is_not_stored(digits, pixels, store):
    layout = replace(projection_of(pixels, Pca(), store=store), departure="steered")
    found = class_overlap_of(layout, digits, (1, 7), 5, store=store)
    assert found == class_overlap(layout, digits, (1, 7), 5, space="PCA 2D")
    assert stored_class_overlap(layout, digits, (1, 7), 5, store=store) is None
    assert set(kept_files(store)) == {"components"}


@pytest.mark.parametrize(
    ("classes", "number", "message"),
    [((1, 1), 5, "two different"), ((1, 12), 5, "12 has no items"), ((1, 7), 0, "must be (in 1|at least 1)")],
)
def test_what_cannot_be_measured_is_refused_and_not_stored(digits, pixels, store, classes, number, message):
    for measure in (class_overlap_of, closest_pairs_of):
        with pytest.raises(SpecError, match=message):
            measure(pixels, digits, classes, number, store=store)
    assert not store.root.exists()


def test_overlap_needs_labels_and_features_of_the_same_items(digits, pixels, store):
    with pytest.raises(InputError, match="of other items than dataset 'digits test'"):
        overlap_matrix_of(pixels, stratified_sample(digits, 100), 10, store=store)
    unlabeled = dataset_from_arrays(vectors=[[0], [1]])
    vectors = features_of(unlabeled, Vectors(), store=store)
    with pytest.raises(SpecError, match="no labels"):
        overlap_matrix_of(vectors, unlabeled, 1, store=store)
    for measure in (class_overlap_of, closest_pairs_of):
        with pytest.raises(SpecError, match="no labels"):
            measure(vectors, unlabeled, (0, 1), 1, store=store)


def test_a_store_that_cannot_be_written_changes_no_result(pixels, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    store = Store(tmp_path / "file" / "store")
    expected = neighbor_graph(pixels, SHARED_NEIGHBORS, ties="even").first(5)
    assert_same(graph_of(pixels, 5, store=store), expected)


def test_a_damaged_file_is_computed_again(pixels, store):
    expected = graph_of(pixels, 5, store=store)
    (path,) = (path for path in store.root.rglob("*") if path.is_file())
    path.write_bytes(path.read_bytes()[:1000])
    assert_same(graph_of(pixels, 5, store=store), expected)
    assert path.stat().st_size > 1000


def kept_files(store):
    return {path.parent.name: path for path in store.root.rglob("*.npz")}


def changed(artifact, **changes):
    """The artifact with some arrays or scalars replaced, or removed where None is given."""
    arrays = {**artifact.arrays, **{name: value for name, value in changes.items() if isinstance(value, np.ndarray)}}
    scalars = {**artifact.scalars, **{name: value for name, value in changes.items() if name not in arrays}}
    gone = {name for name, value in changes.items() if value is None}
    return Artifact(*({name: part[name] for name in part if name not in gone} for part in (arrays, scalars)))


SMALL = Tsne(perplexity=5, max_iter=251)


KINDS = {
    "graph": lambda dataset, features, store: graph_of(features, 5, store=store),
    "components": lambda dataset, features, store: components_of(replace(features), 5, store=store),
    "projection": lambda dataset, features, store: projection_of(features, SMALL, store=store),
    "overlap": lambda dataset, features, store: overlap_matrix_of(features, dataset, 5, store=store),
    "class-overlap": lambda dataset, features, store: class_overlap_of(features, dataset, (1, 7), 5, store=store),
    "error-bounds": lambda dataset, features, store: error_bounds_of(features, dataset, (1, 7), store=store),
    "closest-pairs": lambda dataset, features, store: closest_pairs_of(features, dataset, (1, 7), 3, store=store),
    "network": lambda dataset, features, store: features_of(dataset, Activations(), store=store),
}
DAMAGES = {
    "graph": [
        {"indices": None},
        {"surplus": 1.0},
        {"metric": "cosine"},
        {"ties": "row"},
        {"source": "another"},
        {"recall": "high"},
        {"recall": -1.0},
        {"recall": float("nan")},
        {"indices": np.zeros((3, 2), np.int32), "distances": np.zeros((3, 2), np.float32)},
        {"distances": np.full((100, 90), np.nan, np.float32)},
    ],
    "components": [
        {"scores": None},
        {"surplus": 1.0},
        {"metric": "cosine"},
        {"metric": "manhattan"},
        {"source": "another"},
        {"scores": np.zeros((3, 50), np.float32)},
        {"scores": np.zeros((100, 2), np.float32), "center": np.zeros(3)},
        {"scores": np.full((100, 50), np.inf, np.float32)},
        {"center": np.zeros(3)},
        {"explained_variance_ratio": np.array([0.5])},
        {"explained_variance_ratio": np.full(64, -1.0)},
        {"explained_variance_ratio": np.full(63, 0.01)},
    ],
    "projection": [
        {"coords": None},
        {"surplus": np.zeros(3)},
        {"coords": np.zeros((3, 2), np.float32), "ids": np.arange(3)},
        {"coords": np.zeros((100, 3), np.float32)},
        {"ids": np.arange(100) + 7},
        {"coords": np.full((100, 2), np.inf, np.float32)},
        {"seconds": "long"},
        {"departure": "steered"},
        {"explained_variance_ratio": 0.01},
        {"kl_divergence": None},
        {"kl_divergence": -1.0},
        {"iterations": -5},
        {"seconds": -1.0},
        {"neighbor_seconds": -1.0},
    ],
    "overlap": [
        {"crossing": None},
        {"k": 6},
        {"k": "5"},
        {"space": "hidden"},
        {"n_per_class": np.zeros(10, np.int64)},
        {"crossing": np.zeros((3, 3))},
        {"crossing": np.full((10, 10), 1e6)},
        {"crossing": np.full((10, 10), -1.0)},
        {"spreads.group": "writer"},
        {"spreads.rate_error": np.zeros((3, 3))},
        {"spreads.n_units": np.zeros((10, 10))},
        {"ranks.is_apart": np.triu(np.ones((45, 45), np.bool_), 1)},
        {"ranks.is_apart": np.ones((45, 45), np.bool_)},
        {"ranks.pairs": None},
    ],
    "class-overlap": [
        {"crossing": None},
        {"surplus": 1.0},
        {"classes": [7, 1]},
        {"classes": 1},
        {"space": "hidden"},
        {"k": 6},
        {"k": "5"},
        {"n_per_class": [3, 3]},
        {"n_per_class": [10]},
        {"crossing": [0.0]},
        {"crossing": ["none", 0.0]},
        {"crossing": [-1.0, 0.0]},
        {"crossing": [0.0, 1e6]},
        {"crossing": [0.0, float("nan")]},
    ],
    "error-bounds": [
        {"n2.value": None},
        {"surplus": 1.0},
        {"classes": [7, 1]},
        {"space": "hidden"},
        {"n_per_class": [3, 3]},
        {"group": "writer"},
        {"n2.value": -1.0},
        {"n2.low": "none"},
        {"nearest_neighbor.low": 0.4},
        {"henze_penrose.high": 0.6},
        {"henze_penrose.n_permutations": 0.5},
    ],
    "closest-pairs": [
        {"rows_a": None},
        {"surplus": np.zeros(3)},
        {"classes": [7, 1]},
        {"rows_a": np.full(3, 10**6)},
        {"rows_b": np.full(3, -1)},
        {"rows_b": np.arange(3, dtype=np.int32)},
        {"rows_a": np.arange(2)},
        {"distances": np.zeros(2, np.float32), "rows_a": np.zeros(2, np.int64), "rows_b": np.zeros(2, np.int64)},
        {"distances": np.zeros(3)},
        {"distances": np.array([3, 2, 1], np.float32)},
        {"distances": np.full(3, -1, np.float32)},
        {"distances": np.full(3, np.nan, np.float32)},
    ],
    "network": [
        {"weights.0": None},
        {"weights.1": None},
        {"biases.2": np.zeros(3, np.float32)},
        {"seed": 5},
        {"test_accuracy": 1.5},
        {"epochs": 0},
        {"weights.1": np.zeros(3, np.float32)},
        {"weights.0": np.zeros((9, 200), np.float32)},
    ],
}


def assert_equal_parts(found, expected, damage):
    """Check that all fields but durations are equal, those of fields that are dataclasses, too."""
    for field in fields(expected):
        one, other = getattr(found, field.name), getattr(expected, field.name)
        if is_dataclass(other) and type(one) is type(other):
            assert_equal_parts(one, other, damage)
        else:
            assert field.name.endswith("seconds") or np.array_equal(one, other), (damage, field.name)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_exactly_what_was_kept_is_computed_again(kind, digits, store, one_epoch, caplog):
    dataset = stratified_sample(digits, 100)
    features = pixel_features(dataset)
    expected = KINDS[kind](dataset, features, store)
    path = kept_files(store)[kind]
    key = path.name.split(".")[0]
    artifact = store.load(kind, key)
    for damage in DAMAGES[kind]:
        store.save(kind, key, changed(artifact, **damage))
        caplog.clear()
        found = KINDS[kind](dataset, features, store)
        assert caplog.records, damage
        assert_equal_parts(found, expected, damage)


def test_a_layout_kept_under_the_name_of_another_is_not_taken_for_it(digits, store):
    """A bug once showed the coordinates of one layout as those of another."""
    features, others = pixel_features(stratified_sample(digits, 100)), pixel_features(stratified_sample(digits, 100, 1))
    first = projection_of(features, SMALL, store=store)
    path = kept_files(store)["projection"]
    content = path.read_bytes()
    path.unlink()
    second = projection_of(others, SMALL, store=store)
    kept_files(store)["projection"].write_bytes(content)
    assert_same_but_seconds(projection_of(others, SMALL, store=store), second)
    assert not np.array_equal(first.coords, second.coords)


def test_closest_pairs_of_items_of_other_classes_are_computed_again(digits, pixels, store, caplog):
    expected = closest_pairs_of(pixels, digits, (1, 7), 3, store=store)
    path = kept_files(store)["closest-pairs"]
    key = path.name.split(".")[0]
    artifact = store.load("closest-pairs", key)
    store.save("closest-pairs", key, changed(artifact, rows_a=expected.rows_b, rows_b=expected.rows_a))
    assert_same(closest_pairs_of(pixels, digits, (1, 7), 3, store=store), expected)
    assert "made from other inputs" in caplog.text


def assert_same_but_seconds(found, expected):
    assert np.array_equal(found.coords, expected.coords) and np.array_equal(found.ids, expected.ids)


def test_a_classifier_for_data_from_python_is_tested_on_items_that_it_has_not_seen(store):
    rng = np.random.default_rng(0)
    codes = np.arange(100) % 2
    made = dataset_from_arrays(images=rng.integers(0, 40, (100, 4, 4)) + 200 * codes[:, None, None], labels=codes)
    moved = replace(made, ids=made.ids + 900, n_source=1000, splits=(("train", 0), ("test", 900)))  # a part of others
    features = features_of(dataset_of(Given(moved), "all"), Activations(), store=store)
    assert features.test_accuracy == 1.0 and features.vectors.shape == (100, 200)
    alike = replace(moved, labels=rng.integers(0, 2, 100))
    guessed = features_of(dataset_of(Given(alike), "all"), Activations(), store=store)
    assert guessed.test_accuracy < 0.9, "labels that nothing in the images tells cannot be learned by heart"
