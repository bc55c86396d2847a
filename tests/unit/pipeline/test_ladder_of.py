"""Ladders come through the pipeline: stored equals computed, with the edges from which the layout was made."""

from dataclasses import replace

import numpy as np
import pytest

from embviz.datasets import load_dataset
from embviz.errors import Cancelled, SpecError
from embviz.faithfulness import overlap_ladder
from embviz.faithfulness.edges import edges_of_features
from embviz.features import pixel_features
from embviz.items.id_set import id_set
from embviz.overlap import class_overlap
from embviz.pipeline import ladder_of, projection_of, stored_ladder
from embviz.pipeline.isolating import isolated_parts
from embviz.projection import Pca, Tsne, Umap
from embviz.storage.store import Store

PAIR = (4, 9)


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


@pytest.fixture(scope="module")
def digits():
    return load_dataset("digits", "test")


@pytest.fixture(scope="module")
def pixels(digits):
    return pixel_features(digits)


@pytest.mark.parametrize("spec", [Pca(), Tsne(max_iter=251), Umap(n_epochs=5), Umap(n_epochs=5, preprocess="pca-20")])
def test_a_ladder_is_computed_once_and_stored_whole(digits, pixels, store, spec):
    layout = projection_of(pixels, spec, store=store)
    assert stored_ladder(pixels, layout, digits, PAIR, 10, store=store) is None
    computed = ladder_of(pixels, layout, digits, PAIR, 10, store=store)
    assert stored_ladder(pixels, layout, digits, PAIR, 10, store=store) == computed

    def fail(*progress):
        raise AssertionError("computed again")

    assert ladder_of(pixels, layout, digits, PAIR, 10, store=store, progress=fail) == computed
    assert stored_ladder(pixels, layout, digits, PAIR, 9, store=store) is None
    assert stored_ladder(pixels, layout, digits, PAIR[::-1], 10, store=store) == computed


def test_the_edges_are_those_of_the_features_that_neighbors_were_looked_up_in(digits, pixels, store):
    spec = Umap(n_epochs=5, preprocess="unit+pca-3")
    layout = projection_of(pixels, spec, store=store)
    expected = overlap_ladder(pixels, layout, digits, PAIR)
    of_all = overlap_ladder(pixels, layout, digits, PAIR, edges=edges_of_features(pixels, Umap()))
    assert ladder_of(pixels, layout, digits, PAIR, 10, store=store).indices == pytest.approx(expected.indices)
    assert of_all.indices[1] != expected.indices[1]


@pytest.mark.parametrize("spec", [Umap(n_epochs=5), Tsne(max_iter=251)], ids=["UMAP", "t-SNE"])
def test_labels_shape_the_edges_of_a_supervised_layout(digits, pixels, store, spec):
    free = projection_of(pixels, spec, store=store)
    shaped = projection_of(pixels, replace(spec, supervised=True), labels=digits, store=store)
    ladders = [ladder_of(pixels, layout, digits, PAIR, 10, store=store) for layout in (free, shaped)]
    assert ladders[0].indices[0] == ladders[1].indices[0]
    assert ladders[1].indices[1] < ladders[0].indices[1] / 2


def test_a_steered_layout_leaves_nothing_in_the_store(digits, pixels, store):
    steered = replace(projection_of(pixels, Umap(n_epochs=5), store=store), departure="steered")
    assert len(ladder_of(pixels, steered, digits, PAIR, 10, store=store).rungs) == 3
    assert stored_ladder(pixels, steered, digits, PAIR, 10, store=store) is None


def test_groups_are_those_of_the_column(digits, pixels, store):
    written = replace(digits, metadata={"writer": np.arange(len(digits)) // 7})
    layout = projection_of(pixels, Pca(), store=store)
    by_item = ladder_of(pixels, layout, written, PAIR, 10, store=store)
    by_writer = ladder_of(pixels, layout, written, PAIR, 10, group="writer", store=store)
    assert by_writer.group == "writer"
    assert by_writer.indices == by_item.indices
    assert by_writer.whole_error != by_item.whole_error


def test_it_can_be_stopped_and_says_what_it_lacks(digits, pixels, store):
    layout = projection_of(pixels, Pca(), store=store)

    def stop(stage, done, total):
        raise Cancelled("stopped as asked")

    with pytest.raises(Cancelled):
        ladder_of(pixels, layout, digits, PAIR, 10, store=store, progress=stop)
    with pytest.raises(SpecError, match="has no labels"):
        ladder_of(pixels, layout, replace(digits, labels=None, class_names=()), PAIR, 10, store=store)


@pytest.mark.parametrize("spec", [Tsne(max_iter=251), Umap(n_epochs=5)])
def test_isolated_items_have_the_ladder_of_their_places_without_edges(digits, pixels, store, spec):
    """The layout was made from edges among all items; for 40 of them there are none, nor a perplexity of 30."""
    both = np.flatnonzero(np.isin(digits.labels, PAIR))[:40]
    layout = projection_of(pixels, spec, store=store)
    part, vectors, places = isolated_parts(digits, pixels, layout, id_set(digits.ids[both]))
    ladder = ladder_of(vectors, places, part, PAIR, 3, store=store)
    assert ladder == overlap_ladder(vectors, places, part, PAIR, 3)
    assert ladder.rungs == ("features", "layout") and f"{len(digits)} items" in ladder.no_edges
    assert ladder.indices[1] == class_overlap(places, part, PAIR, 3, space="layout").index
