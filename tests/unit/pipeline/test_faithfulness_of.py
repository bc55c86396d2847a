"""What is said of a layout comes through the pipeline: stored equals computed, and a steered layout leaves nothing."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.manifold import trustworthiness

from embviz.datasets import dataset_from_arrays, load_dataset
from embviz.errors import Cancelled, InputError, SpecError
from embviz.faithfulness import layout_faithfulness
from embviz.features import pixel_features, vector_features
from embviz.items.id_set import id_set
from embviz.neighbors import neighbor_graph
from embviz.pipeline import faithfulness_of, projection_of, stored_faithfulness
from embviz.pipeline.isolating import isolated_parts
from embviz.projection import Pca, Tsne
from embviz.storage.store import Store


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


@pytest.fixture(scope="module")
def digits():
    return load_dataset("digits", "test")


@pytest.fixture(scope="module")
def pixels(digits):
    return pixel_features(digits)


def test_faithfulness_is_computed_once_and_stored_whole(digits, pixels, store):
    layout = projection_of(pixels, Pca(), store=store)
    assert stored_faithfulness(pixels, layout, digits, 10, store=store) is None
    computed = faithfulness_of(pixels, layout, digits, 10, store=store)
    stored = stored_faithfulness(pixels, layout, digits, 10, store=store)
    alone = layout_faithfulness(pixels, layout, digits, 10, graph=neighbor_graph(pixels, 10, ties="even"))
    for found in (stored, alone):
        assert found.means == computed.means
        for name, values in computed.columns.items():
            np.testing.assert_array_equal(found.columns[name], values)

    def fail(*progress):
        raise AssertionError("computed again")

    assert faithfulness_of(pixels, layout, digits, 10, store=store, progress=fail).means == computed.means
    assert stored_faithfulness(pixels, layout, digits, 9, store=store) is None


def test_other_labels_have_other_class_scores(digits, pixels, store):
    layout = projection_of(pixels, Pca(), store=store)
    one_class = replace(digits, labels=np.zeros_like(digits.labels), class_names=("all",))
    assert faithfulness_of(pixels, layout, digits, 10, store=store).means["class_trustworthiness"] < 1
    assert faithfulness_of(pixels, layout, one_class, 10, store=store).means["class_trustworthiness"] == 1


def test_what_has_no_labels_is_stored_too(store):
    dataset = dataset_from_arrays(vectors=np.random.default_rng(0).normal(size=(30, 4)))
    features = vector_features(dataset)
    layout = projection_of(features, Pca(), store=store)
    faithfulness_of(features, layout, dataset, 3, store=store)
    assert stored_faithfulness(features, layout, dataset, 3, store=store).class_continuity is None


def test_a_steered_layout_leaves_nothing_in_the_store(digits, pixels, store):
    steered = replace(projection_of(pixels, Pca(), store=store), departure="steered")
    assert faithfulness_of(pixels, steered, digits, 10, store=store).k == 10
    assert stored_faithfulness(pixels, steered, digits, 10, store=store) is None


@pytest.mark.parametrize("k", [0, 360, 10_000])
def test_too_many_neighbors_are_refused_before_any_are_searched(digits, pixels, store, k):
    layout = projection_of(pixels, Pca(), store=store)

    def fail(*progress):
        raise AssertionError("searched")

    with pytest.raises(SpecError, match=r"below half of the 539 items, got k .*; choose k in 1..269"):
        faithfulness_of(pixels, layout, digits, k, store=store, progress=fail)


def test_a_layout_of_other_features_is_refused(digits, pixels, store):
    other = replace(pixels, vectors=pixels.vectors[:, ::-1].copy())
    layout = projection_of(other, Pca(), store=store)
    with pytest.raises(InputError, match="not made from these features"):
        faithfulness_of(pixels, layout, digits, 10, store=store)


def test_it_can_be_stopped(digits, pixels, store):
    layout = projection_of(pixels, Pca(), store=store)

    def stop(stage, done, total):
        if stage == "ranks":
            raise Cancelled("stopped as asked")

    with pytest.raises(Cancelled):
        faithfulness_of(pixels, layout, digits, 10, store=store, progress=stop)
    assert stored_faithfulness(pixels, layout, digits, 10, store=store) is None


def test_isolated_items_have_the_scores_of_their_places_without_those_of_edges(digits, pixels, store):
    layout = projection_of(pixels, Tsne(max_iter=251), store=store)
    assert faithfulness_of(pixels, layout, digits, 10, store=store).singularity is not None
    part, vectors, places = isolated_parts(digits, pixels, layout, id_set(digits.ids[:50]))
    found = faithfulness_of(vectors, places, part, 10, store=store)
    expected = trustworthiness(vectors.vectors, places.coords, n_neighbors=10)
    assert found.singularity is None and found.means["trustworthiness"] == pytest.approx(expected)
