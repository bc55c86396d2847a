"""Places of new items are stored, and taken from the store only for the same items and the same layout."""

from dataclasses import fields, replace

import numpy as np
import pytest

import embviz
from embviz.errors import Cancelled, InputError
from embviz.pipeline import placed_of, projection_of, stored_placed
from embviz.projection import Pca, Tsne, Umap
from embviz.projection.placing.place import place
from embviz.storage.store import Store

RNG = np.random.default_rng(0)
LAID_OUT, NEW = (
    embviz.vector_features(embviz.dataset_from_arrays(vectors=RNG.standard_normal((n, 5)))) for n in (80, 30)
)
SPECS = [
    Pca(preprocess="center+unit"),
    Tsne(perplexity=5, max_iter=251),
    Umap(n_neighbors=6, n_epochs=20),
    Umap(n_neighbors=6, n_epochs=20, preprocess="standardize+pca-2", metric="cosine"),
]
EACH_SPEC = pytest.mark.parametrize("spec", SPECS)


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


def assert_same(found, expected, but=()):
    for field in fields(expected):
        if field.name not in but:
            np.testing.assert_array_equal(getattr(found, field.name), getattr(expected, field.name))


@EACH_SPEC
def test_stored_places_equal_computed_ones_and_those_of_python(spec, store, monkeypatch):
    into = projection_of(LAID_OUT, spec, store=store)
    assert stored_placed(NEW, into, LAID_OUT, store=store) is None
    computed = placed_of(NEW, into, LAID_OUT, store=store)
    assert_same(place(NEW, into, laid_out=LAID_OUT), computed, but=["seconds"])
    monkeypatch.setattr("embviz.pipeline.placing.place", lambda *_, **__: pytest.fail("computed again"))
    assert_same(placed_of(NEW, into, LAID_OUT, store=store), computed)
    assert_same(stored_placed(NEW, into, LAID_OUT, store=store), computed)


def test_other_items_and_other_layouts_have_other_places(store):
    into = projection_of(LAID_OUT, SPECS[2], store=store)
    placed_of(NEW, into, LAID_OUT, store=store)
    fewer = replace(NEW, vectors=NEW.vectors[:9].copy(), ids=NEW.ids[:9])
    assert stored_placed(fewer, into, LAID_OUT, store=store) is None
    turned = replace(into, coords=into.coords[:, ::-1].copy())
    assert stored_placed(NEW, turned, LAID_OUT, store=store) is None
    other = projection_of(LAID_OUT, replace(SPECS[2], seed=1), store=store)
    assert stored_placed(NEW, other, LAID_OUT, store=store) is None


def test_places_in_a_steered_layout_are_not_stored(store):
    into = replace(projection_of(LAID_OUT, SPECS[2], store=store), departure="steered")
    assert len(placed_of(NEW, into, LAID_OUT, store=store)) == len(NEW)
    assert stored_placed(NEW, into, LAID_OUT, store=store) is None


def test_cancelling_stores_nothing(store):
    into = projection_of(LAID_OUT, SPECS[1], store=store)

    def cancel(stage, done, total):
        if stage == "placing":
            raise Cancelled

    with pytest.raises(Cancelled):
        placed_of(NEW, into, LAID_OUT, store=store, progress=cancel)
    assert stored_placed(NEW, into, LAID_OUT, store=store) is None


def test_a_layout_of_other_features_is_refused_even_if_places_are_stored(store):
    into = projection_of(LAID_OUT, SPECS[2], store=store)
    placed_of(NEW, into, LAID_OUT, store=store)
    with pytest.raises(InputError, match="not made from these features"):
        placed_of(NEW, into, NEW, store=store)
