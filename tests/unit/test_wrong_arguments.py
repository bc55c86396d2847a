"""Whatever is given for any argument of any public function: it is taken, or refused by one of our own sentences."""

import datetime
import warnings
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas
import pytest
import scipy.sparse

import embviz
from embviz.checks.arguments import check_fields, checked
from embviz.checks.wording import described
from embviz.errors import DatasetError, EmbvizError, InputError, SpecError
from embviz.features import feature_spec
from embviz.items.id_set import IdSet
from embviz.projection.specs import ProjectionSpec

RNG = np.random.default_rng(0)
DATASET = embviz.dataset_from_arrays(
    vectors=RNG.normal(size=(20, 4)), images=RNG.integers(0, 256, (20, 3, 3)), labels=list("ab") * 10
)
FEATURES = embviz.vector_features(DATASET)
GROUPS = embviz.groups_of(DATASET, None)
GRAPH = embviz.neighbor_graph(FEATURES, 6)
CHECK = embviz.check_labels(FEATURES, DATASET)
UMAP = embviz.Umap(n_neighbors=5, n_epochs=2)
LAYOUT = embviz.project(FEATURES, embviz.Pca())
NETWORK = embviz.train_network(DATASET, DATASET)
PLACED = embviz.place(FEATURES, LAYOUT, laid_out=FEATURES)
START = LAYOUT.coords

ZOO = {
    "None": None,
    "a text": "text",
    "an empty text": "",
    "a number in a text": "5",
    "a lone surrogate": "\ud800",
    "bytes": b"bytes",
    "a whole number": 5,
    "a negative number": -1,
    "a huge number": 10**5000,
    "a fraction": 5.5,
    "not a number": float("nan"),
    "infinity": float("inf"),
    "a complex number": 1j,
    "a decimal number": Decimal("2.5"),
    "true": True,
    "a date": datetime.date(2026, 1, 1),
    "numpy's whole number": np.int64(5),
    "numpy's number": np.float32(5.5),
    "numpy's date": np.datetime64("2026-01-01"),
    "an empty list": [],
    "a list of numbers": [1, 2],
    "a ragged list": [[1, 2], [3]],
    "a dict": {"a": 1},
    "a set": {1, 2},
    "an object": object(),
    "a class": embviz.Dataset,
    "a function": len,
    "an iterator": iter([1, 2]),
    "an array without axes": np.array(5),
    "an empty array": np.zeros((0, 4), np.float32),
    "an array of texts": np.array(["a", "b"]),
    "an array of objects": np.array([None, {}], object),
    "a masked array": np.ma.array(np.eye(3, dtype=np.float32), mask=np.eye(3)),
    "an array of float64": np.eye(20),
    "an array of float32": np.eye(20, dtype=np.float32),
    "an array of dates": np.array(["2026-01-01"] * 20, "datetime64[s]"),
    "an array of three axes": np.zeros((20, 2, 2), np.float32),
    "an array far too large": np.broadcast_to(np.float32(1), (10**6, 10**7)),
    "labels that fit": np.zeros(20, np.int64),
    "a sparse matrix": scipy.sparse.eye_array(20).tocsr(),
    "a data frame": pandas.DataFrame({"a": [1, 2]}),
    "a dataset": DATASET,
    "features": FEATURES,
    "a graph": GRAPH,
    "a layout": LAYOUT,
    "a spec": UMAP,
}


TO_ALL = embviz.Direction(embviz.End("1", "class"), embviz.End())


def calls(folder):
    """Each public function with arguments that it takes."""
    return {
        "activation_features": {"dataset": DATASET, "network": NETWORK, "layer": "hidden"},
        "class_overlap": {"vectors": FEATURES, "labels": DATASET, "classes": (0, 1), "k": 3, "space": "x"},
        "error_bounds": {"vectors": FEATURES, "labels": DATASET, "classes": (0, 1), "space": "x", "groups": GROUPS},
        "groups_of": {"dataset": DATASET, "column": None},
        "class_separation": {
            "features": FEATURES,
            "dataset": DATASET,
            "classes": (0, 1),
            "k": 3,
            "groups": embviz.groups_of(DATASET),
            "others_only": False,
            "overlap": embviz.class_overlap(FEATURES, DATASET, (0, 1), 3, space=FEATURES.name),
        },
        "layer_lens": {"spaces": [embviz.class_separation(FEATURES, DATASET, (0, 1), 3)], "is_seen": True},
        "pair_axis": {"features": FEATURES, "dataset": DATASET, "classes": (0, 1), "groups": embviz.groups_of(DATASET)},
        "closest_pairs": {"vectors": FEATURES, "labels": DATASET.labels, "classes": (0, 1), "count": 3},
        "dataset_from_arrays": {
            "vectors": [[1, 2], [3, 4]],
            "labels": [1, 2],
            "metadata": [{}, {}],
            "images": np.zeros((2, 2, 2), np.uint8),
            "name": "toy",
        },
        "dataset_from_table": {
            "table": pandas.DataFrame({"a": [1.0, 2.0], "b": [3.0, 4.0], "c": ["x", "y"], "v": [[1.0] * 4] * 2}),
            "vectors": ["a", "b"],
            "labels": "c",
            "images": None,
            "group": "a",
            "name": "toy",
        },
        "export_projector": {
            "path": folder / "out",
            "dataset": DATASET,
            "features": [FEATURES],
            "projections": [LAYOUT],
            "base_url": "",
            "overwrite": False,
        },
        "export_zip": {
            "path": folder / "out.zip",
            "dataset": DATASET,
            "features": [FEATURES],
            "projections": [LAYOUT],
        },
        "confusion": {"labels": DATASET.labels, "predicted": DATASET.labels, "n_classes": 2},
        "check_labels": {"features": FEATURES, "dataset": DATASET, "group": None, "graph": GRAPH},
        "load_dataset": {
            "name_or_path": "digits",
            "split": "test",
            "limit": 10,
            "seed": 0,
            "vectors": None,
            "labels": None,
            "images": None,
            "metadata": None,
            "group": None,
        },
        "interop_parquet": {
            "path": folder / "out.parquet",
            "dataset": DATASET,
            "features": FEATURES,
            "projection": LAYOUT,
            "neighbors": GRAPH,
        },
        "layout_faithfulness": {
            "vectors": FEATURES,
            "layout": LAYOUT,
            "labels": DATASET,
            "k": 3,
            "graph": embviz.neighbor_graph(FEATURES, 6),
        },
        "layout_stability": {"layouts": [LAYOUT, replace(LAYOUT, spec=embviz.Pca(seed=1))], "k": 3},
        "overlap_change": {
            "in_features": embviz.overlap_matrix(FEATURES, DATASET, 2, 3, space="x"),
            "in_layout": embviz.overlap_matrix(LAYOUT, DATASET, 2, 3, space="y"),
        },
        "overlap_ladder": {
            "features": FEATURES,
            "layout": LAYOUT,
            "dataset": DATASET,
            "classes": (0, 1),
            "k": 3,
            "groups": embviz.groups_of(DATASET, None),
        },
        "neighbor_graph": {"vectors": FEATURES, "k": 3, "metric": "cosine", "ties": "even", "exact_up_to": 100},
        "overlap_matrix": {
            "vectors": LAYOUT,
            "labels": DATASET,
            "n_classes": 2,
            "k": 3,
            "space": "x",
            "graph": embviz.neighbor_graph(LAYOUT.coords, 6),
            "groups": GROUPS,
        },
        "pixel_features": {"dataset": DATASET},
        "place": {"features": FEATURES, "into": LAYOUT, "laid_out": FEATURES, "graph": GRAPH, "components": None},
        "project": {
            "features": FEATURES,
            "spec": UMAP,
            "graph": GRAPH,
            "labels": DATASET,
            "start": START,
            "steering": embviz.Steering(),
        },
        "read_coordinates": {"path": folder / "read.csv"},
        "start_layout": {"graph": GRAPH, "spec": UMAP, "start": START, "labels": DATASET.labels},
        "step_layout": {"layout": embviz.start_layout(GRAPH, UMAP, START), "n": 2},
        "suspicious_groups": {"check": CHECK, "dataset": DATASET, "most": 5, "column": None},
        "train_network": {"train": DATASET, "test": DATASET, "seed": 0, "hidden_layer_sizes": (5, 4)},
        "vector_features": {"dataset": DATASET, "name": ""},
        "write_coordinates": {"path": folder / "layout.csv", "dataset": DATASET, "projection": LAYOUT},
        "write_placed": {
            "path": folder / "placed.csv",
            "laid_out": DATASET,
            "projection": LAYOUT,
            "new": DATASET,
            "placed": PLACED,
        },
        "write_picture": {
            "path": folder / "layout.png",
            "projection": LAYOUT,
            "coloring": None,
            "dataset": DATASET,
            "width": 300,
            "height": 200,
            "dark": False,
            "title": "",
        },
        "write_page": {
            "path": folder / "layout.html",
            "dataset": DATASET,
            "features": FEATURES,
            "projection": LAYOUT,
            "coloring": None,
            "title": "",
        },
        "annotated": {"dataset": DATASET, "annotations": embviz.Annotations()},
        "Annotations": {"tags": (embviz.Tag("kind", "odd", (0,)),)},
        "Tag": {"column": "kind", "value": "odd", "ids": (0, 1)},
        "write_images": {"path": folder / "images.zip", "dataset": DATASET, "rows": np.arange(2)},
        "Pca": {"n_components": 2, "axes": (1, 2), "preprocess": "unit", "seed": 0},
        "End": {"name": "1", "kind": "class", "ids": IdSet()},
        "Direction": {"start": embviz.End("1", "class"), "end": embviz.End()},
        "Directions": {"directions": (TO_ALL, TO_ALL), "preprocess": "unit", "seed": 0},
        "Columns": {"columns": ("size", 1), "preprocess": "center", "seed": 0},
        "Tsne": {
            "n_components": 2,
            "perplexity": 3,
            "early_exaggeration": 12,
            "learning_rate": 5.0,
            "max_iter": 300,
            "metric": "euclidean",
            "init": "pca",
            "engine": "embviz",
            "seed": 0,
            "supervised": True,
            "label_strength": 80,
            "ignored_label": "a",
        },
        "Umap": {
            "n_components": 2,
            "n_neighbors": 5,
            "min_dist": 0.1,
            "spread": 1,
            "n_epochs": 2,
            "metric": "cosine",
            "supervised": True,
            "init": "random",
            "engine": "embviz",
            "seed": 0,
        },
        "Dataset": {
            "name": "toy",
            "split": "",
            "ids": np.arange(3),
            "n_source": 3,
            "n_split": 3,
            "source": None,
            "images": np.zeros((3, 2, 2), np.uint8),
            "vectors": np.ones((3, 2), np.float32),
            "labels": np.arange(3),
            "class_names": ("a", "b", "c"),
            "metadata": {"x": np.arange(3)},
            "more_vectors": {"clip": np.ones((3, 2), np.float32)},
            "group": "x",
            "splits": (("train", 0), ("test", 2)),
        },
        "Features": {
            "vectors": np.ones((3, 2), np.float32),
            "ids": np.arange(3),
            "spec": FEATURES.spec,
            "items": "",
            "predictions": np.arange(3),
            "test_accuracy": 0.5,
            "network": "",
            "class_names": ("a", "b", "c"),
        },
        "NeighborGraph": {
            "indices": np.array([[1], [0]], np.int32),
            "distances": np.ones((2, 1), np.float32),
            "metric": "euclidean",
            "recall": 1.0,
            "ties": "row",
            "source": "",
        },
        "Placed": {
            "coords": np.ones((3, 2), np.float32),
            "ids": np.arange(3),
            "nearest_ids": np.arange(3),
            "nearest_distances": np.ones(3, np.float32),
            "farther_shares": np.ones(3),
            "usual_distances": np.ones(5, np.float32),
            "spec": UMAP,
            "source": "",
            "items": "",
            "layout": "",
            "laid_out": "",
            "seconds": 1.0,
        },
        "Projection": {
            "coords": np.ones((3, 2), np.float32),
            "ids": np.arange(3),
            "spec": UMAP,
            "source": "",
            "items": "",
            "seconds": 1.0,
            "explained_variance_ratio": np.ones(2),
            "kl_divergence": 1.0,
            "iterations": 5,
            "equal_items": 0,
        },
    }


def test_every_public_function_is_tried(tmp_path):
    errors = {name for name in embviz.__all__ if isinstance(getattr(embviz, name), type)} & set(dir(embviz.errors))
    made_by_us = {"ErrorBounds", "ExportReport", "Faithfulness", "Groups", "Interval", "Ladder", "Layout", "Overlap"}
    made_by_us |= {"OverlapChange", "OverlapMatrix", "Ranks", "Stability", "Steering"}
    made_by_us |= {"Accuracy", "LayerLens", "LayerStep", "PairAxis", "Separation"}
    made_by_us |= {"__version__", "known_datasets", "Confusion", "LabelCheck"}
    starts_a_server = {"show", "PageSession"}  # tried in tests/unit/showing
    assert set(calls(tmp_path)) == set(embviz.__all__) - errors - made_by_us - starts_a_server


@pytest.mark.parametrize("name", calls(Path()))
def test_what_fits_is_taken(name, tmp_path):
    embviz.write_coordinates(tmp_path / "read.csv", DATASET, LAYOUT)
    getattr(embviz, name)(**calls(tmp_path)[name])


@pytest.mark.parametrize("name", calls(Path()))
def test_what_does_not_fit_is_refused_in_our_words(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # for what is taken as a path
    fitting = calls(tmp_path)[name]
    for argument in fitting:
        for given in ZOO:
            value = iter([1, 2]) if given == "an iterator" else ZOO[given]
            refused = refusal(getattr(embviz, name), fitting | {argument: value}, f"{name}({argument}={given})")
            assert refused is None or 0 < len(refused) < 600, f"{name}({argument}={given}) is no sentence: {refused}"


def refusal(function, arguments, call):
    """What the function says against its arguments; None if it takes them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        try:
            function(**arguments)
        except EmbvizError as error:
            return str(error)
        except Exception as error:
            raise AssertionError(f"{call} ends with {error!r:.200}") from error
    return None


class TestWholeNumbers:
    """Wherever a whole number comes in, numpy's is one, and what comes out is Python's own."""

    FIVE = (np.int64(5), np.int8(5), np.uint16(5), np.array(5), np.arange(5, 6)[0])

    @pytest.mark.parametrize("five", FIVE, ids=repr)
    def test_numpys_are_taken(self, five):
        vectors = RNG.normal(size=(60, 6)).astype(np.float32)
        graph = embviz.neighbor_graph(vectors, five, exact_up_to=five)
        assert graph.k == 5 and graph.first(np.int64(2)).k == 2
        labels = np.arange(60) % 6
        overlap = embviz.class_overlap(vectors, labels, (np.int64(0), five), five, space="x")
        assert overlap == embviz.class_overlap(vectors, labels, (0, 5), 5, space="x")
        assert {type(overlap.k), *map(type, overlap.classes)} == {int}
        assert len(embviz.closest_pairs(vectors, labels, (0, five), five)) == 5
        assert embviz.overlap_matrix(vectors, labels, np.int64(6), five, space="x").k == 5
        assert len(embviz.load_dataset("digits", limit=five, seed=five)) == 5

    @pytest.mark.parametrize("five", FIVE, ids=repr)
    def test_specs_are_the_same_whoever_made_the_number(self, five):
        for numpys, own in (
            (embviz.Umap(n_neighbors=five, n_epochs=five, seed=five), embviz.Umap(n_neighbors=5, n_epochs=5, seed=5)),
            (embviz.Tsne(perplexity=five, seed=five), embviz.Tsne(perplexity=5, seed=5)),
            (embviz.Pca(axes=(five, np.int64(2))), embviz.Pca(axes=(5, 2))),
            (embviz.Pca(axes=np.array([5, 2])), embviz.Pca(axes=(5, 2))),
            (feature_spec(np.str_("hidden"), five), feature_spec("hidden", 5)),
            (embviz.Umap(metric=np.str_("cosine"), supervised=np.True_), embviz.Umap(metric="cosine", supervised=True)),
        ):
            assert numpys == own and repr(numpys) == repr(own)  # the second is the key in the store

    @pytest.mark.parametrize("value", [5.0, np.float64(5), "5", True, np.True_, None, [5], np.array([5, 6])])
    def test_what_is_none_is_said_to_be(self, value):
        with pytest.raises(SpecError, match="k must be a whole number, got "):
            embviz.neighbor_graph(FEATURES, value)
        with pytest.raises(SpecError, match="n_neighbors must be a whole number, got "):
            embviz.Umap(n_neighbors=value)


def test_a_message_names_what_is_allowed_and_what_was_given():
    @checked(DatasetError)
    def function(text: str, pair: tuple[int, int], spec: ProjectionSpec | None = None, *, share: float = 0.5) -> None:
        """Nothing."""

    for arguments, message in (
        ((5, (1, 2)), "text must be a text, got 5"),
        (("a", (1, 2, 3)), "pair must be a list of 2 whole numbers, got a tuple of 3"),
        (("a", (1, 2.5)), "pair must be a list of 2 whole numbers, got one with 2.5 in it"),
        (
            ("a", (1, 2), "pca"),
            "spec must be of class Pca or of class Directions or .* or None, got 'pca'",
        ),
    ):
        with pytest.raises(DatasetError, match=message):
            function(*arguments)
    with pytest.raises(DatasetError, match="share must be a number, got True"):
        function("a", (1, 2), share=True)
    with pytest.raises(TypeError, match="missing"):  # a call that no value could mend is Python's to refuse
        function("a")


def test_fields_become_pythons_own_or_are_refused():
    spec = embviz.Tsne(perplexity=np.float32(0.1) * 100)
    check_fields(spec)
    assert type(spec.perplexity) is float
    with pytest.raises(InputError, match="learning_rate must be a number or None, got 'fast'"):
        embviz.Tsne(learning_rate="fast")


@pytest.mark.parametrize("value", ZOO.values(), ids=ZOO)
def test_everything_can_be_described_on_a_short_line(value):
    text = described(value)
    assert text and len(text) < 100 and "\n" not in text


@pytest.mark.parametrize("path", ["~nobody-of-this-name/x", "", "a\0b", b"bytes", 5, None])
def test_paths_that_lead_nowhere_are_refused(path, tmp_path):
    for write in (
        lambda: embviz.export_projector(path, DATASET, [FEATURES]),
        lambda: embviz.export_zip(path, DATASET, [FEATURES]),
        lambda: embviz.write_coordinates(path, DATASET, LAYOUT),
        lambda: embviz.interop_parquet(path, DATASET, FEATURES, LAYOUT),
        lambda: embviz.write_images(path, DATASET),
        lambda: embviz.load_dataset(path),
    ):
        with pytest.raises(InputError):
            write()


def test_a_tilde_is_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert embviz.export_projector("~/out", DATASET, [FEATURES]).path == tmp_path / "out"
    assert embviz.export_zip("~/out.zip", DATASET, [FEATURES]).path == tmp_path / "out.zip"
    assert embviz.write_coordinates("~/layout.csv", DATASET, LAYOUT) == tmp_path / "layout.csv"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["layout.csv", "layout.csv.json", "out", "out.zip"]
