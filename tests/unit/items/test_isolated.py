"""Some items on their own: what comes along, what is said of it, and what is refused."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, strategies as st

from embviz.dataset import subset
from embviz.datasets import source_named
from embviz.errors import InputError, SpecError
from embviz.features.features import Activations, Pixels
from embviz.items.id_set import IdSet, id_set
from embviz.items.isolated import Isolated, isolated_dataset
from embviz.pipeline.isolating import isolated_parts
from embviz.projection.specs import Pca, Tsne
from embviz.projection.titles import projection_title
from embviz.storage.store import Store
from embviz.view import ViewSpec, isolated_view, view_of
from tests.unit.toy import digits, hidden_features, layout

TOY = digits(20)


@given(st.sets(st.integers(0, 300)))
def test_a_set_of_ids_is_the_same_however_it_was_given(ids):
    made = id_set(list(ids))
    assert made.ids.tolist() == sorted(ids) and len(made) == len(ids)
    again = id_set(np.array([*ids, *ids], np.int64))
    assert made == again and hash(made) == hash(again) and repr(made) == repr(again)
    others = np.arange(0, 300, 7)
    assert others[made.rows_in(others)].tolist() == [item for item in others.tolist() if item in ids]


def test_different_sets_differ_also_in_their_text():
    assert repr(id_set([1, 2])) != repr(id_set([1, 3]))
    with pytest.raises(InputError, match="zero byte"):
        IdSet(b"\1\0")


def test_what_is_isolated_keeps_vectors_places_and_predictions():
    features = hidden_features(TOY)
    projection = layout(features)
    some = id_set(TOY.ids[[7, 2, 11]])
    part, vectors, places = isolated_parts(TOY, features, projection, some)
    rows = [row for row in range(20) if TOY.ids[row] in some.ids]
    assert part.ids.tolist() == TOY.ids[rows].tolist()
    assert np.array_equal(vectors.vectors, features.vectors[rows])
    assert vectors.predictions.tolist() == features.predictions[rows].tolist()
    assert np.array_equal(places.coords, projection.coords[rows])
    assert places.source == vectors.fingerprint and places.items == vectors.items == part.items
    assert "isolated from 20 items" in projection_title(places)


def test_parts_of_other_items_are_refused():
    features = hidden_features(TOY)
    with pytest.raises(InputError, match="other items"):
        isolated_parts(subset(TOY, np.arange(5)), features, layout(features), id_set(TOY.ids[:3]))


@pytest.mark.parametrize("ids", [[], TOY.ids[:1].tolist(), [59, 58]])
def test_fewer_than_two_items_are_refused_in_one_sentence(ids):
    few = id_set([item for item in ids if ids != [59, 58] or item not in TOY.ids])
    with pytest.raises(SpecError, match="at least 2 items can be isolated"):
        isolated_dataset(TOY, few)


SPEC = ViewSpec(source_named("digits"), "all", None, Pixels(), Pca())


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path)


def test_a_view_of_isolated_items_is_laid_out_anew_or_keeps_places(store):
    whole = view_of(SPEC, compute=False, store=store)
    some = id_set(whole.dataset.ids[::3])
    anew = view_of(replace(SPEC, isolated=Isolated(some)), compute=False, store=store)
    kept = view_of(replace(SPEC, isolated=Isolated(some, keeps_places=True)), compute=False, store=store)
    assert anew.dataset.ids.tolist() == kept.dataset.ids.tolist() == some.ids.tolist()
    assert np.array_equal(kept.projection.coords, whole.projection.coords[::3])
    assert np.abs(anew.projection.coords.mean(axis=0, dtype=np.float64)).max() < 1e-4
    assert kept.spec == replace(SPEC, isolated=Isolated(some, keeps_places=True))
    assert anew.projection.departure == "" and not np.array_equal(anew.projection.coords, kept.projection.coords)


def test_activations_of_isolated_items_are_those_that_they_have_among_all(store):
    spec = replace(SPEC, features=Activations("hidden"))
    whole = view_of(spec, compute=True, store=store)
    some = id_set(whole.dataset.ids[:50])
    part = view_of(replace(spec, isolated=Isolated(some)), compute=False, store=store)
    assert part.features.vectors == pytest.approx(whole.features.vectors[:50], abs=1e-4)
    assert part.features.network == whole.features.network


def test_what_does_not_fit_the_isolated_items_is_said(store):
    few = replace(SPEC, projection=Tsne(), isolated=Isolated(id_set([1, 2, 3, 4])))
    with pytest.raises(SpecError, match="perplexity 30 needs at least 91 items, got 4"):
        view_of(few, compute=False, store=store)


def test_isolated_twice_is_isolated_from_those_before(store):
    whole = view_of(SPEC, compute=False, store=store)
    first = isolated_view(whole, id_set(whole.dataset.ids[:10]))
    second = isolated_view(first, id_set(whole.dataset.ids[5:30]))
    assert second.dataset.ids.tolist() == whole.dataset.ids[5:10].tolist()
