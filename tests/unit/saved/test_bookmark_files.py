"""Bookmark files: our own and TensorBoard's, partial ones, and what is neither."""

import json

import pytest

from embviz.coloring import ColorBy
from embviz.errors import InputError
from embviz.projection.specs import Pca, Tsne, Umap
from embviz.saved.bookmark_files import read_bookmarks
from embviz.saved.bookmarks import bookmarks_json, new_bookmark
from embviz.saved.view_state import ViewState

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


def test_what_was_selected_among_some_of_the_items_is_found_among_all():
    found = read({"filteredPoints": [10, 20, 30], "selectedPoints": [2, 0, 7]})
    assert found.bookmarks[0].state.selected == (10, 30)
    assert any("some of the items" in note for note in found.notes)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[1, 2]",
        b"[]",
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
        {"label": 7, "selectedColorOptionName": ["x"]},
    ],
)
def test_odd_values_are_as_if_they_were_missing(odd):
    (bookmark,) = read(odd).bookmarks
    assert bookmark.state.selected == ()
    assert bookmark.state.color is None
