"""Bookmark files: our own and TensorBoard's, partial ones, and what is neither."""

import json

import numpy as np
import pytest

import embviz
from embviz.coloring import ColorBy
from embviz.errors import InputError
from embviz.projection.specs import Directions, Pca, Tsne, Umap
from embviz.saved.bookmark_files import read_bookmarks
from embviz.saved.bookmarks import bookmarks_json, new_bookmark
from embviz.saved.view_state import ViewState
from embviz.search import found_ids, search_columns

WHOLE = {
    "label": "A view",
    "selectedProjection": "umap",
    "umapIs3d": False,
    "umapNeighbors": 40,
    "umapMinDist": 0.5,
    "selectedPoints": [5, 0],
    "filteredPoints": None,
    "selectedColorOptionName": "writer",
    "forceCategoricalColoring": True,
    "projections": [{"umap-0": 1.5, "umap-1": 2}, {}],
}


def read(*states):
    return read_bookmarks(json.dumps(states).encode())


def test_our_own_come_back_with_selections_of_any_length():
    states = [ViewState(Tsne(seed=7), data="digits", selected=tuple(range(0, 9000, 2))), ViewState(Pca())]
    made = [new_bookmark(name, state) for name, state in zip("ab", states, strict=True)]
    found = read_bookmarks(bookmarks_json(made).encode())
    assert [(each.name, each.state) for each in found.bookmarks] == list(zip("ab", states, strict=True))
    assert found.notes == ()


def test_a_file_of_before_isolation_labels_and_cameras_were_kept_is_read():
    view = "data=digits&split=all&features=pixels&method=pca&dims=2&seed=0&tab=Inspect&pinned=5&selected=3-4.9"
    file = {"format": "embviz bookmarks 1", "made_by": "embviz 0", "bookmarks": [{"name": "old", "view": view}]}
    (bookmark,) = read_bookmarks(json.dumps(file).encode()).bookmarks
    assert bookmark.state == ViewState(
        Pca(), data="digits", split="all", features="pixels", tab="Inspect", pinned=5, selected=(3, 4, 9)
    )


def test_a_whole_state_of_tensorboard():
    (bookmark,) = read(WHOLE).bookmarks
    assert bookmark.name == "A view"
    assert bookmark.state == ViewState(
        Umap(n_neighbors=40, min_dist=0.5), color=ColorBy("column", "writer", "categories"), selected=(0, 5)
    )


@pytest.mark.parametrize("missing", [*WHOLE, "everything"])
def test_a_state_that_lacks_a_part_has_the_usual_one(missing):
    partial = {} if missing == "everything" else {name: value for name, value in WHOLE.items() if name != missing}
    (bookmark,) = read(partial).bookmarks
    assert bookmark.name == ("A view" if "label" in partial else "State 0")
    assert isinstance(bookmark.state.projection, Umap if "selectedProjection" in partial else Pca)


def test_methods_and_axes_are_those_that_were_shown():
    found = read(
        {"selectedProjection": "tsne", "tSNEPerplexity": 5, "tSNEis3d": True},
        {"selectedProjection": "pca", "pcaComponentDimensions": [2, 0]},
        {"selectedProjection": "pca", "pcaComponentDimensions": [2, 2, "x"]},
        {"selectedProjection": "custom", "label": "Politics"},
    )
    specs = [each.state.projection for each in found.bookmarks]
    assert specs == [Tsne(n_components=3, perplexity=5), Pca(axes=(3, 1)), Pca(n_components=3), Pca(n_components=3)]
    assert any("Politics" in note and "custom projection" in note for note in found.notes)


def test_what_was_isolated_is_laid_out_alone_and_what_was_selected_is_found_among_it():
    (bookmark,) = read({"filteredPoints": [30, 10, 20], "selectedPoints": [2, 0, 7]}).bookmarks
    assert bookmark.state.alone == (10, 20, 30)
    assert bookmark.state.selected == (20, 30)


@pytest.mark.parametrize(
    ("option", "label"), [("writer", "column:writer"), ("label", "class"), ("", ""), (None, ""), (["x"], "")]
)
def test_labels_are_those_of_the_column_that_was_chosen(option, label):
    assert read({"selectedLabelOption": option}).bookmarks[0].state.label == label


WORDS = embviz.dataset_from_arrays(
    vectors=np.arange(12).reshape(6, 2),
    metadata=[{"word": word} for word in ("King", "queen", "kingdom", "man", "woman", "MAN")],
)
CUSTOM = {
    "label": "Royal",
    "selectedProjection": "custom",
    "customSelectedSearchByMetadataOption": "word",
    "customXLeftText": "KING",
    "customXRightText": "^Qu|^Wo",
    "customXRightRegex": True,
    "customYDownText": "woman",
    "customYUpText": "^man$",
    "customYUpRegex": True,
}


def found_in_words(query):
    return found_ids(query, search_columns(WORDS))


def ends_of(state):
    spec = read_bookmarks(json.dumps([state]).encode(), found_in_words).bookmarks[0].state.projection
    assert isinstance(spec, Directions)
    return [end.ids.ids.tolist() for each in spec.directions for end in (each.start, each.end)]


def test_a_custom_projection_leads_from_left_to_right_and_from_down_to_up_whatever_the_case():
    left, right, down, up = [0, 2], [1, 4], [4], [3, 5]
    assert ends_of(CUSTOM) == [left, right, down, up]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"customXLeftText": ""}, "has no search"),
        ({"customYUpText": None}, "has no search"),
        ({"customYUpText": "nobody", "customYUpRegex": False}, "no item has 'nobody' in 'word'"),
        ({"customXRightText": "("}, "not a regular expression"),
        ({"customSelectedSearchByMetadataOption": "age"}, "there is no column 'age'"),
        ({"customYUpText": "woman", "customYUpRegex": False}, "leads nowhere"),
    ],
)
def test_a_custom_projection_whose_ends_cannot_be_found_is_shown_as_principal_components_and_why(change, said):
    found = read_bookmarks(json.dumps([CUSTOM | change]).encode(), found_in_words)
    assert found.bookmarks[0].state.projection == Pca(n_components=3)
    assert any("'Royal' shows a custom projection" in note and said in note for note in found.notes)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[1, 2]",
        b"[]",
        bookmarks_json(()).encode(),
        b'"text"',
        b'{"format": "other"}',
        b"[" * 100_000,
        b'{"format": "embviz bookmarks 1", "bookmarks": [{"name": "a", "view": "method=magic"}]}',
        b'{"format": "embviz bookmarks 1", "bookmarks": [7]}',
        json.dumps([{}] * 501).encode(),
    ],
)
def test_what_holds_no_bookmarks_is_refused_in_one_sentence(content):
    with pytest.raises(InputError) as refused:
        read_bookmarks(content)
    assert "\n" not in str(refused.value) and len(str(refused.value)) < 200


@pytest.mark.parametrize(
    "odd",
    [
        {"selectedPoints": [True, -1]},
        {"selectedPoints": "all"},
        {"umapNeighbors": 1e99, "selectedProjection": "umap"},
        {"tSNEPerplexity": None, "selectedProjection": "tsne"},
        {"filteredPoints": ["a"], "selectedPoints": [0]},
        {"filteredPoints": [10**12, 3], "selectedPoints": [1]},
        {"label": 7, "selectedColorOptionName": ["x"]},
    ],
)
def test_odd_values_are_as_if_they_were_missing(odd):
    (bookmark,) = read(odd).bookmarks
    assert bookmark.state.selected == ()
    assert bookmark.state.alone == ()
    assert bookmark.state.color is None
