"""A layout in words: two that differ are never called the same, and what came of a hand in it is said."""

from dataclasses import fields, replace
from itertools import combinations

import numpy as np
import pytest

from embviz.datasets.arrays import dataset_from_arrays
from embviz.features.vectors import vector_features
from embviz.projection import Pca, Tsne, Umap, project
from embviz.projection.run.steering import Steering
from embviz.projection.titles import projection_title, spec_title

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
    "preprocess": "pca-50",
    "seed": 1,
    "n_neighbors": 16,
    "min_dist": 0.10000001,
    "spread": 2.0,
    "n_epochs": 200,
    "supervised": True,
}


@pytest.mark.parametrize("spec", [Pca(), Tsne(), Umap()], ids=lambda spec: spec.method)
def test_every_field_of_a_spec_shows_in_its_title(spec):
    changes = [{field.name: OTHER[field.name]} for field in fields(spec)]
    if spec.method == "pca":
        changes[0]["axes"] = ()  # stands for the first three components
    others = [replace(spec, **change) for change in changes]
    titles = [spec_title(each) for each in (spec, *others)]
    assert len(titles) == len(fields(spec)) + 1
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
