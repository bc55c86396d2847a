"""A layout in words: two that differ are never called the same, and what came of a hand in it is said."""

import ast
from dataclasses import fields, replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

import embviz
from embviz.datasets.arrays import dataset_from_arrays
from embviz.features.vectors import vector_features
from embviz.projection import Pca, Tsne, Umap, project
from embviz.projection.preprocess.steps import SCALINGS
from embviz.projection.run.steering import Steering
from embviz.projection.titles import (
    LIBRARIES,
    METHODS,
    PARAMETERS,
    STARTS,
    axis_titles,
    outcome_titles,
    planned_exaggeration_title,
    planned_rate_title,
    projection_title,
    spec_title,
)
from embviz.projection.umap.umap import LEARNING_RATE

OTHER = {
    "n_components": 3,
    "axes": (2, 1),
    "perplexity": 30.0000001,
    "early_exaggeration": 4.0,
    "learning_rate": 100.0,
    "max_iter": 751,
    "metric": "cosine",
    "init": "random",
    "engine": "reference",
    "seed": 1,
    "n_neighbors": 16,
    "min_dist": 0.10000001,
    "spread": 2.0,
    "n_epochs": 200,
    "supervised": True,
}


@pytest.mark.parametrize("spec", [Pca(), Tsne(), Umap()], ids=lambda spec: spec.method)
def test_every_field_of_a_spec_shows_in_its_title(spec):
    changes = [{field.name: OTHER[field.name]} for field in fields(spec) if field.name in OTHER]
    assert len(changes) == len(fields(spec)) - (1 if spec.method == "pca" else 3)  # these follow
    changes += [{"preprocess": scaling} for scaling in SCALINGS]
    if spec.method == "pca":
        changes[0]["axes"] = ()  # stands for the first three components
    else:
        changes += [{"supervised": True, **more} for more in ({"label_strength": 80.5}, {"ignored_label": "none"})]
        changes += [{"preprocess": steps} for steps in ("pca-50", "pca-51", "unit+pca-50", "center+unit+pca-50")]
    others = [replace(spec, **change) for change in changes]
    titles = [spec_title(each) for each in (spec, *others)]
    assert len(titles) == len(changes) + 1
    assert all(one != another for one, another in combinations(titles, 2))


def test_a_layout_that_somebody_steered_is_not_called_what_was_asked_for():
    vectors = np.random.default_rng(0).normal(size=(40, 3))
    features = vector_features(dataset_from_arrays(vectors=vectors))
    spec = Umap(n_neighbors=5, n_epochs=30)
    plain = project(features, spec)
    assert projection_title(plain) == spec_title(spec) and plain.departure == ""
    steering = Steering()
    steering.wish(more=5)
    steered = project(features, spec, steering=steering)
    assert projection_title(steered) == f"{spec_title(spec)}, steered (35 epochs)"
    watched = project(features, spec, steering=Steering())
    assert projection_title(watched) == spec_title(spec)
    started = project(features, spec, start=plain.coords)
    assert projection_title(started) == f"{spec_title(spec)}, from a given start (30 epochs)"


PACKAGE = Path(embviz.__file__).parent
SAY_IT_THEMSELVES = {
    "projection/titles.py": "it is the place",
    "cli/main.py": "--help imports no numpy, as titles do; a test of it compares its numbers with the specs",
    "export/tensorboard/manifest.py": "names packages",
    "datasets/named/digits.py": "names the package that has the data",
    "datasets/files/projector/bookmarks.py": "TensorBoard's methods; readers of files take nothing from later stages",
    "datasets/files/partitioned.py": "what a cluster has written; readers of files take nothing from later stages",
}


def words_of(path):
    """Texts of a module that are no docstrings, f-strings by their parts."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.value


def test_no_other_module_words_a_method_or_a_library():
    names = (METHODS["tsne"], METHODS["umap"], *LIBRARIES.values())
    wording = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        for text in words_of(path)
        if any(name in text for name in names)
    }
    assert wording == set(SAY_IT_THEMSELVES)


def test_no_other_module_words_a_parameter():
    """What a control is called is taken from here, where it is the name of a parameter."""
    sidebar = [text for path in (PACKAGE / "ui" / "sidebar").rglob("*.py") for text in words_of(path)]
    assert not set(sidebar) & (set(PARAMETERS.values()) | set(METHODS.values()) | set(STARTS.values()) - {"pca"})


def test_every_field_of_every_spec_has_a_control_that_is_called_something():
    named = {field.name for kind in (Pca, Tsne, Umap) for field in fields(kind)}
    assert named - set(PARAMETERS) == {"axes"}, "which say what they are by their values"


def test_what_comes_of_a_layout_is_said_of_each_method():
    vectors = np.random.default_rng(0).normal(size=(40, 3))
    vectors[1] = vectors[0]
    features = vector_features(dataset_from_arrays(vectors=vectors))
    pca = project(features, Pca())
    share = 100 * pca.explained_variance_ratio[:2].sum()
    assert outcome_titles(pca) == [f"{share:.1f} % of the variance"]
    assert [title.split(" (")[0] for title in axis_titles(pca)] == ["PC 1", "PC 2"]
    tsne = project(features, Tsne(perplexity=5, max_iter=260))
    equal = "2 items at distance 0 from others, drawn apart by chance"
    assert outcome_titles(tsne) == ["260 iterations", f"KL {tsne.kl_divergence:.2f}", equal]
    umap = project(features, Umap(n_neighbors=5, n_epochs=1))
    assert outcome_titles(umap) == ["1 epoch", equal] and axis_titles(umap) == []


def test_planned_numbers_are_said_as_the_spec_has_them():
    assert planned_rate_title(Tsne()) == "automatic" and planned_rate_title(Tsne(learning_rate=50.5)) == "50.5"
    assert planned_exaggeration_title(Tsne(early_exaggeration=4)) == "4, then 1"
    assert planned_rate_title(Umap()).startswith(f"{LEARNING_RATE:g}, ")
