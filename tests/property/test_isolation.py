"""Any sequence of what one can do: id, image, label, vector, place, tag and color of an item always agree."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings, strategies as st

from embviz.annotations import Annotations, Tag, annotated
from embviz.coloring import ColorBy, coloring_of
from embviz.datasets import load_dataset, source_named
from embviz.features.features import Pixels
from embviz.items.id_set import id_set
from embviz.items.isolated import Isolated
from embviz.projection.specs import Pca, Tsne
from embviz.search import CHANGES, Query, changed_selection, found_ids, search_columns
from embviz.storage.store import Store
from embviz.view import ViewSpec, isolated_view, view_of

DIGITS = load_dataset("digits", "all")
STORE = Store(None)
NO_IDS = np.zeros(0, np.int64)

MOST_FORMED = 60
"""Most items for which t-SNE is computed; more would take too long here."""

STEPS = st.one_of(
    st.tuples(st.just("sample"), st.sampled_from([None, 300, MOST_FORMED, MOST_FORMED])),
    st.tuples(st.just("search"), st.sampled_from(["label < 5", "label == 7", "id > 400", "not label in (1, 2)"])),
    st.tuples(st.just("change"), st.sampled_from(CHANGES)),
    st.tuples(st.sampled_from(["keep", "anew", "back", "undo", "recolor"]), st.none()),
    st.tuples(st.just("split"), st.sampled_from(["all", "train", "test"])),
    st.tuples(st.just("layout"), st.sampled_from(["others", "three", "scaled", "reduced", "formed"])),
    st.tuples(st.just("tag"), st.sampled_from(["odd", "smudged", ""])),
)

LAYOUTS = {
    "others": Pca(axes=(2, 3)),
    "three": Pca(n_components=3),
    "scaled": Pca(preprocess="center+unit"),
    "reduced": Tsne(perplexity=3, max_iter=251, preprocess="pca-50"),
    "formed": Tsne(perplexity=3, max_iter=251),
}


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


def check_colors(view, tags):
    """Tags and colors of the items, by their ids, are those of whatever they were given for."""
    given_to = {item: tag.value for tag in tags for item in tag.ids}
    tagged = annotated(view.dataset, Annotations(tuple(tags)))
    ids = tagged.ids.tolist()
    has_column = any(given_to.values())
    assert ("mark" in tagged.metadata) == has_column
    if has_column:
        assert tagged.metadata["mark"].tolist() == [given_to.get(item, "") for item in ids]
    texts = {
        "label": [DIGITS.class_names[code] for code in DIGITS.labels[np.searchsorted(DIGITS.ids, ids)]],
        "column": [given_to.get(item, "") for item in ids],
    }
    for what, expected in texts.items():
        coloring = coloring_of(ColorBy(what, "mark" if what == "column" else ""), tagged, view.features)
        if coloring is None:
            assert what == "column" and not has_column
            continue
        assert [coloring.names[code] if code >= 0 else "" for code in coloring.codes] == expected
        assert dict(zip(coloring.names, coloring.counts.tolist(), strict=True)) == {
            name: expected.count(name) for name in coloring.names
        }


@settings(deadline=None, max_examples=120)
@given(st.lists(STEPS, min_size=2, max_size=14))
def test_ids_images_and_places_stay_together_whatever_is_done(steps):
    spec = ViewSpec(source_named("digits"), "all", None, Pixels(), Pca())
    views, found, selected, before, tags = [view_of(spec, compute=False, store=STORE)], NO_IDS, NO_IDS, [], []
    for step, choice in steps:
        view = views[-1]
        items = id_set(selected)
        match step:
            case "sample":
                spec = replace(spec, limit=choice)
                views = [view_of(spec, compute=False, store=STORE)]
            case "split":
                spec = replace(spec, split=choice)
                views = [view_of(spec, compute=False, store=STORE)]
            case "layout" if isinstance(LAYOUTS[choice], Pca) or 50 < len(view.dataset) <= MOST_FORMED:
                views[-1] = view_of(replace(view.spec, projection=LAYOUTS[choice]), compute=True, store=STORE)
                assert views[-1].dataset.ids.tolist() == view.dataset.ids.tolist()
                assert views[-1].projection.spec == LAYOUTS[choice]
            case "tag" if len(selected):
                tags.append(Tag("mark", choice, tuple(sorted(selected.tolist()))))
            case "recolor":
                check_colors(view, tags)
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
        check_colors(views[-1], tags)
        assert set(items.rows_in(views[-1].dataset.ids)) <= set(range(len(views[-1].dataset)))
