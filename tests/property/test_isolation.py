"""Any sequence of sampling, searching, selecting, undoing and isolating: id, image, label, vector and place agree."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings, strategies as st

from embviz.datasets import load_dataset, source_named
from embviz.features.features import Pixels
from embviz.items.id_set import id_set
from embviz.items.isolated import Isolated
from embviz.projection.specs import Pca
from embviz.search import CHANGES, Query, changed_selection, found_ids, search_columns
from embviz.storage.store import Store
from embviz.view import ViewSpec, isolated_view, view_of

DIGITS = load_dataset("digits", "all")
STORE = Store(None)
NO_IDS = np.zeros(0, np.int64)

STEPS = st.one_of(
    st.tuples(st.just("sample"), st.sampled_from([None, 900, 300, 40])),
    st.tuples(st.just("search"), st.sampled_from(["label < 5", "label == 7", "id > 400", "not label in (1, 2)"])),
    st.tuples(st.just("change"), st.sampled_from(CHANGES)),
    st.tuples(st.sampled_from(["keep", "anew", "back", "undo"]), st.none()),
)


def check(view, whole_places):
    dataset, ids = view.dataset, view.dataset.ids
    rows = np.searchsorted(DIGITS.ids, ids)
    assert DIGITS.ids[rows].tolist() == ids.tolist() and len(np.unique(ids)) == len(ids)
    assert np.array_equal(dataset.images, DIGITS.images[rows])
    assert dataset.labels.tolist() == DIGITS.labels[rows].tolist()
    assert np.array_equal(view.features.vectors, DIGITS.images[rows].reshape(len(ids), -1) / np.float32(255))
    assert view.features.ids.tolist() == view.projection.ids.tolist() == ids.tolist()
    if whole_places is not None:
        assert all(
            np.array_equal(whole_places[item], at)
            for item, at in zip(ids.tolist(), view.projection.coords, strict=True)
        )


@settings(deadline=None, max_examples=40)
@given(st.lists(STEPS, max_size=12))
def test_ids_images_and_places_stay_together_whatever_is_done(steps):
    spec = ViewSpec(source_named("digits"), "all", None, Pixels(), Pca())
    views, found, selected, before = [view_of(spec, compute=False, store=STORE)], NO_IDS, NO_IDS, []
    for step, choice in steps:
        view = views[-1]
        items = id_set(selected)
        match step:
            case "sample":
                views = [view_of(replace(spec, limit=choice), compute=False, store=STORE)]
            case "search":
                found = found_ids(Query(choice, "expression"), search_columns(view.dataset, view.features))
                assert set(found.tolist()) <= set(view.dataset.ids.tolist())
            case "change":
                before.append(selected)
                selected = changed_selection(selected, found, choice)
            case "undo" if before:
                selected = before.pop()
            case "back" if len(views) > 1:
                views.pop()
            case "keep" | "anew" if len(items.rows_in(view.dataset.ids)) >= 2:
                whole = dict(zip(view.dataset.ids.tolist(), view.projection.coords, strict=True))
                if step == "keep":
                    views.append(isolated_view(view, items))
                else:
                    shown = id_set(view.dataset.ids[items.rows_in(view.dataset.ids)])
                    asked = replace(view.spec, isolated=Isolated(shown))
                    views.append(view_of(asked, compute=False, store=STORE))
                expected = [item for item in view.dataset.ids.tolist() if item in set(selected.tolist())]
                assert views[-1].dataset.ids.tolist() == expected
                assert views[-1].dataset.n_split == view.dataset.n_split
                check(views[-1], whole if step == "keep" else None)
        check(views[-1], None)
        assert set(items.rows_in(views[-1].dataset.ids)) <= set(range(len(views[-1].dataset)))
