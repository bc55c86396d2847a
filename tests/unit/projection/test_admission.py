"""A spec that does not fit is refused in one place, in one sentence, before anything is computed, by whichever door."""

import ast
import re
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import embviz.datasets
from embviz.datasets import Given, load_dataset
from embviz.datasets.arrays import dataset_from_arrays
from embviz.errors import InputError, SpecError
from embviz.features.features import Activations, Pixels
from embviz.features.vectors import vector_features
from embviz.neighbors import neighbor_graph
from embviz.pipeline import projection_of
from embviz.projection import Pca, Tsne, Umap, neighbors_needed, project
from embviz.projection.admission import admission
from embviz.projection.run.forming import start_layout
from embviz.projection.supervision import UNLABELED
from embviz.run import started_run
from embviz.storage.store import Store
from embviz.view import ViewSpec, view_of

PACKAGE = Path(embviz.__file__).parent
ENOUGH = 60.0
"""Seconds nothing here takes."""


@pytest.mark.parametrize(
    ("spec", "n_items", "needed"),
    [
        (Pca(), 2, 0),
        (Tsne(), 91, 90),
        (Tsne(perplexity=33.5), 102, 101),
        (Umap(), 16, 14),
        (Umap(n_components=3, n_neighbors=2), 3, 1),
    ],
)
def test_the_fewest_items_that_do(spec, n_items, needed):
    assert neighbors_needed(spec, n_items) == needed
    with pytest.raises(SpecError, match=f"got {n_items - 1}; "):
        neighbors_needed(spec, n_items - 1)


@pytest.mark.parametrize(
    ("spec", "n_items", "advice"),
    [
        (Tsne(), 50, "perplexity 30 needs at least 91 items, got 50; use perplexity <= 16 or more items"),
        (Tsne(), 4, "perplexity 30 needs at least 91 items, got 4; show more items"),
        (Umap(), 10, "n_neighbors 15 needs at least 16 items, got 10; use n_neighbors <= 9 or more items"),
        (Umap(), 2, "n_neighbors 15 needs at least 16 items, got 2; show more items"),
        (Pca(), 1, "PCA needs at least 2 items, got 1; show more items"),
    ],
)
def test_too_few_items_get_advice(spec, n_items, advice):
    with pytest.raises(SpecError, match=advice):
        neighbors_needed(spec, n_items)


@pytest.mark.parametrize("n_items", [7, 8, 50, 100])
def test_advice_works(n_items):
    with pytest.raises(SpecError, match="use perplexity") as refusal:
        neighbors_needed(Tsne(perplexity=100), n_items)
    advised = int(str(refusal.value).split("<= ")[1].split()[0])
    assert neighbors_needed(Tsne(perplexity=advised), n_items) < n_items


def test_what_a_spec_needs_are_its_neighbors_and_the_labels_that_shape_it():
    labels = np.arange(100) % 3
    assert admission(Pca(), 100, 5).n_neighbors == 0
    plain = admission(Umap(), 100, 5, labels=labels)
    assert plain.n_neighbors == neighbors_needed(Umap(), 100) and plain.labels is None
    assert admission(Umap(supervised=True), 100, 5, labels=labels).labels is labels
    dataset = dataset_from_arrays(vectors=np.eye(100, 5), labels=labels)
    np.testing.assert_array_equal(admission(Umap(supervised=True), 100, 5, labels=dataset).labels, dataset.labels)
    assert admission(Umap(), 100, 5, labels=replace(dataset, labels=None, class_names=())).labels is None


@pytest.mark.parametrize(
    ("spec", "n_features", "labels", "message"),
    [
        (Pca(axes=(1, 6)), 5, None, "100 items with vectors of 5 have 5 principal components, got axes 1, 6"),
        (Tsne(preprocess="pca-50"), 50, None, "preprocess pca-50 needs more than 50 features per item, got 50"),
        (Umap(preprocess="pca-99"), 784, None, None),
        (Umap(preprocess="pca-100"), 784, None, "preprocess pca-100 needs more than 100 items, got 100"),
        (Umap(supervised=True), 5, None, "supervised UMAP needs labels; give labels, or leave supervised off"),
        (Tsne(perplexity=4, supervised=True), 5, None, "supervised t-SNE needs labels; give labels, or leave superv"),
        (Umap(supervised=True), 5, np.arange(99), "labels"),
        (Umap(supervised=True), 5, np.arange(100.0), "labels"),
        (Umap(supervised=True), 5, np.arange(100) - 2, "from 0 up, or -1 without one, got -2"),
        (Umap(supervised=True), 5, np.full(100, UNLABELED), None),
        (Umap(), 5, np.arange(100) - 2, None),
    ],
)
def test_what_does_not_fit_items_or_vectors_is_refused(spec, n_features, labels, message):
    if message is None:
        assert admission(spec, 100, n_features, labels=labels).n_neighbors == 14
    else:
        with pytest.raises(InputError, match=message):
            admission(spec, 100, n_features, labels=labels)


GRAPH = neighbor_graph(np.random.default_rng(0).normal(size=(60, 4)).astype(np.float32), 12)


@pytest.mark.parametrize(
    ("spec", "n", "message"),
    [
        (Tsne(perplexity=4), 60, None),
        (Tsne(perplexity=3), 60, None),
        (Tsne(perplexity=5), 60, "t-SNE needs 15 euclidean neighbors of each of 60 items, got 12 euclidean ones of"),
        (Tsne(perplexity=4, metric="cosine"), 60, "t-SNE needs 12 cosine neighbors of each of 60 items, got 12 euclid"),
        (Umap(n_neighbors=9), 61, "UMAP needs 8 euclidean neighbors of each of 61 items, got .* of each of 60; make"),
    ],
)
def test_a_graph_that_does_not_fit_is_refused(spec, n, message):
    if message is None:
        assert admission(spec, n, 4, graph=GRAPH).n_neighbors <= GRAPH.k
    else:
        with pytest.raises(SpecError, match=message):
            admission(spec, n, 4, graph=GRAPH)


@pytest.fixture
def unlabeled(monkeypatch, tmp_path):
    """Twenty digits without labels, whichever dataset is asked for; a store of their own."""
    digits = replace(load_dataset("digits", limit=20), labels=None, class_names=())
    monkeypatch.setattr(embviz.datasets, "load_dataset", lambda *asked, **how: digits)
    return digits, Store(tmp_path)


MISFITS = {
    "too few items": (Tsne(), "--method tsne", "perplexity 30 needs at least 91 items, got 20"),
    "no labels": (Umap(n_neighbors=5, supervised=True), "--method umap --n-neighbors 5 --supervised", "needs labels"),
}


@pytest.mark.parametrize("misfit", MISFITS)
@pytest.mark.parametrize("features", [Pixels(), Activations("hidden")], ids=["pixels", "classifier"])
def test_page_command_line_and_python_refuse_alike_and_compute_nothing(unlabeled, cli, monkeypatch, misfit, features):
    spec, options, message = MISFITS[misfit]
    dataset, store = unlabeled
    asked = ViewSpec(Given(dataset), "all", None, features, spec)

    def computed(*given, **how):
        raise AssertionError("nothing is to be computed for what does not fit")

    for place in ("embviz.pipeline.layouts.graph_of", "embviz.pipeline.data.train_network"):
        monkeypatch.setattr(place, computed)
    monkeypatch.setattr(sys.modules["embviz.projection.project"], "neighbor_graph", computed)
    vectors = vector_features(dataset_from_arrays(vectors=dataset.images.reshape(20, -1)))
    said = []
    for door in (
        lambda: view_of(asked, compute=False, store=store),
        lambda: view_of(asked, compute=True, store=store),
        lambda: projection_of(vectors, spec, store=store),
        lambda: project(vectors, spec),
        lambda: start_layout(neighbor_graph(vectors, 14), spec, np.eye(20, 2, dtype=np.float32)),
    ):
        with pytest.raises(SpecError, match=message) as refusal:
            door()
        said.append(str(refusal.value))
    run = started_run(asked, store=store)
    run.job.wait(ENOUGH)
    said.append(str(run.job.error))
    out = str(store.root / "out.csv")
    code, _, errors = cli(
        "project", "digits", *options.split(), "--features", features.name, "--limit", "20", "--out", out
    )
    said.append(errors.strip().splitlines()[-1].removeprefix("embviz: "))
    assert code == 2 and set(said) == {said[0]}, said


def test_no_other_module_decides_what_fits():
    """Whoever counts neighbors may ask how many; whoever reduces vectors or turns them may check what it is given."""
    allowed = {
        "neighbors_needed": {
            "projection/__init__.py",
            "projection/tiny_layout.py",
            "projection/placing/place.py",
            "pipeline/neighbors.py",
            "pipeline/placing.py",
        },
        "check_preprocess": {"projection/admission.py", "projection/preprocess/reduced.py"},
        "check_axes": {"projection/admission.py"},
        "check_columns": {"projection/admission.py"},
    }
    importing: dict[str, set[str]] = {name: set() for name in allowed}
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                for name in importing.keys() & {alias.name for alias in node.names}:
                    importing[name].add(path.relative_to(PACKAGE).as_posix())
    assert importing == allowed
    said = [path for path in PACKAGE.rglob("*.py") if re.search(r"needs .*neighbors|needs labels", path.read_text())]
    assert {path.relative_to(PACKAGE).as_posix() for path in said} == {
        "projection/admission.py",
        "projection/supervision.py",  # which labels; admission asks it
    }
