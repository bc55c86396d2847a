"""Specs refuse parameters with which no layout can be made, and say what would work."""

import math

import pytest

from embviz.errors import SpecError
from embviz.projection import Pca, Tsne, Umap


@pytest.mark.parametrize(
    ("spec", "fields", "message"),
    [
        (Pca, {"n_components": 4}, "n_components must be 2 or 3, got 4"),
        (Tsne, {"n_components": 1}, "n_components must be 2 or 3, got 1"),
        (Pca, {"axes": (1, 1)}, "axes must be 2 different components counted from 1"),
        (Pca, {"axes": (0, 1)}, "axes must be 2 different components counted from 1"),
        (Pca, {"axes": (1, 2, 3)}, "axes must be 2 different components counted from 1"),
        (Pca, {"seed": -1}, "seed must be in 0..4294967295, got -1"),
        (Tsne, {"seed": 2**32}, "seed must be in 0..4294967295, got 4294967296"),
        (Tsne, {"perplexity": 1.5}, "perplexity must be at least 2, got 1.5"),
        (Tsne, {"perplexity": math.nan}, "perplexity must be at least 2, got nan"),
        (Tsne, {"early_exaggeration": 0.5}, "early_exaggeration must be in 1..1000, got 0.5"),
        (Tsne, {"early_exaggeration": math.inf}, "early_exaggeration must be in 1..1000, got inf"),
        (Tsne, {"max_iter": 250}, "max_iter must be at least 251, got 250"),
        (Tsne, {"learning_rate": 0.0}, "learning_rate must be above 0 and at most 1e6, got 0; leave it out"),
        (Tsne, {"learning_rate": 1e300}, r"learning_rate must be .* at most 1e6, got 1e\+300; leave it out"),
        (Tsne, {"metric": "manhattan"}, "metric must be one of euclidean, cosine, got 'manhattan'"),
        (Umap, {"n_neighbors": 1}, "n_neighbors must be at least 2, got 1"),
        (Umap, {"spread": 0.0}, r"spread must be in 0.001..1000, got 0"),
        (Umap, {"min_dist": 1.5}, r"min_dist must be in 0..1 \(the spread\), got 1.5"),
        (Umap, {"min_dist": math.nan}, "min_dist must be in 0..1"),
        (Tsne, {"preprocess": "pca"}, "preprocess must be None, .* 'pca-' and a number of at least 2 .* got 'pca'"),
        (Tsne, {"preprocess": "spherize"}, r"one of center, unit, center\+unit, standardize, .* got 'spherize'"),
        (Umap, {"preprocess": "unit+center"}, r"preprocess must be None, .* got 'unit\+center'"),
        (Umap, {"preprocess": "pca-50+unit"}, r"both as in 'unit\+pca-50', got 'pca-50\+unit'"),
        (Umap, {"preprocess": "unit+pca-50\n"}, "preprocess must be None, .*"),
        (
            Pca,
            {"preprocess": "unit+pca-50"},
            r"PCA does not search neighbors, .* or one of center, .* got 'unit\+pca-50'",
        ),
        (Pca, {"preprocess": "none"}, "preprocess must be None, .* got 'none'"),
        (Tsne, {"preprocess": "none"}, "preprocess must be None, .* got 'none'"),
        (Umap, {"preprocess": "pca-1"}, "preprocess must be None, .* got 'pca-1'"),
        (Umap, {"preprocess": "pca-050"}, "preprocess must be None, .* got 'pca-050'"),
        (Tsne, {"supervised": True, "label_strength": 0}, "label_strength must be in 1..100 .*, got 0; for none leave"),
        (Umap, {"supervised": True, "label_strength": 101}, "label_strength must be in 1..100 percent, got 101"),
        (Umap, {"supervised": True, "label_strength": math.nan}, "label_strength must be in 1..100 percent, got nan"),
        (Tsne, {"label_strength": 80}, "label_strength and ignored_label are for supervised layouts; give supervised"),
        (Umap, {"ignored_label": "7"}, "label_strength and ignored_label are for supervised layouts; give supervised"),
        (
            Tsne,
            {"supervised": True, "engine": "reference"},
            "supervised is for engine 'embviz' only; use that, or le",
        ),
        (Umap, {"n_epochs": 0}, "n_epochs must be at least 1, got 0"),
        (Umap, {"metric": ""}, "metric must be one of euclidean, cosine, got ''"),
    ],
)
def test_a_value_out_of_range_is_named_with_the_range(spec, fields, message):
    with pytest.raises(SpecError, match=message):
        spec(**fields)


def test_axes_left_out_are_the_first_ones():
    assert Pca() == Pca(axes=(1, 2)) and Pca(n_components=3) == Pca(n_components=3, axes=(1, 2, 3))


def test_equal_specs_have_equal_hashes_even_with_axes_in_a_list():
    assert hash(Pca(axes=[2, 1])) == hash(Pca(axes=(2, 1)))
    assert len({Tsne(), Tsne(perplexity=30), Umap(), Umap(seed=1)}) == 3
