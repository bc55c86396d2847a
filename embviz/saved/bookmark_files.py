"""Reader of bookmark files: embviz's own, and TensorBoard's lists of States, which may lack any of their fields."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from embviz.coloring import ColorBy
from embviz.errors import InputError
from embviz.projection.specs import Pca, ProjectionSpec, Tsne, Umap
from embviz.saved.bookmarks import MOST_BOOKMARKS, Bookmark, bookmarks_in
from embviz.saved.view_state import ViewState

MOST_BYTES = 300_000_000
_COORDINATES = ("pca-", "tsne-", "umap-", "linear-")
_NO_COLOR = "No color map"


@dataclass(frozen=True, slots=True)
class ReadBookmarks:
    """Bookmarks that were read from a file.

    Attributes
    ----------
    bookmarks
        The bookmarks, in the order of the file.
    notes
        What of the file is not restored, in words.
    """

    bookmarks: tuple[Bookmark, ...]
    notes: tuple[str, ...] = ()


def read_bookmarks(content: bytes) -> ReadBookmarks:
    """Bookmarks in the content of a file, embviz's own or TensorBoard's.

    Raises
    ------
    InputError
        If it is neither, too large, or holds too many bookmarks.

    Examples
    --------
    >>> found = read_bookmarks(b'[{"label": "Far", "selectedProjection": "tsne", "tSNEPerplexity": 5}]')
    >>> found.bookmarks[0].name, found.bookmarks[0].state.projection.perplexity
    ('Far', 5.0)
    """
    if len(content) > MOST_BYTES:
        raise InputError(f"the file has more than {MOST_BYTES:,} bytes; keep fewer bookmarks in one file")
    try:
        said = json.loads(content, object_pairs_hook=_without_coordinates)
    except (ValueError, RecursionError) as error:
        raise InputError(f"the file is not JSON ({error!s:.60}); save the bookmarks again") from error
    if isinstance(said, dict) and "projections" not in said:
        return ReadBookmarks(bookmarks_in(said))
    states = [said] if isinstance(said, dict) else said
    if not isinstance(states, list) or not states or not all(isinstance(state, dict) for state in states):
        raise InputError("the file holds no bookmarks: expected those of embviz, or a list of TensorBoard's States")
    if len(states) > MOST_BOOKMARKS:
        raise InputError(f"the file holds {len(states):,} bookmarks, and {MOST_BOOKMARKS} at most can be kept")
    notes = [
        "TensorBoard's layouts are computed anew with these parameters and may look different: it has no seed. "
        "Their coordinates are read with the log folder that they belong to."
    ]
    found = [_bookmark(state, number, notes) for number, state in enumerate(states)]
    return ReadBookmarks(tuple(found), tuple(dict.fromkeys(notes)))


def _without_coordinates(pairs: list[tuple[str, Any]]) -> Any:
    """A JSON object as dict; None for coordinates, which would take most of the memory and are not used."""
    return None if pairs and pairs[0][0].startswith(_COORDINATES) else dict(pairs)


def _bookmark(state: Mapping[str, Any], number: int, notes: list[str]) -> Bookmark:
    label = state.get("label")
    name = label if isinstance(label, str) and label.strip() else f"State {number}"
    color = state.get("selectedColorOptionName")
    column = color if isinstance(color, str) and color and color != _NO_COLOR else None
    as_categories = state.get("forceCategoricalColoring") is True
    kind = "categories" if as_categories else None
    view = ViewState(
        projection=_spec(state, name, notes),
        color=None if column is None else ColorBy("column", column, kind),  # type: ignore[arg-type]
        selected=_selected(state, name, notes),
    )
    return Bookmark(name, view)


def _spec(state: Mapping[str, Any], name: str, notes: list[str]) -> ProjectionSpec:
    """Spec of the layout; a parameter that is missing or not allowed has its default."""
    method = state.get("selectedProjection")
    match method:
        case "tsne":
            dims = 2 if state.get("tSNEis3d") is False else 3
            return Tsne(n_components=dims, perplexity=_number(state, "tSNEPerplexity", 30.0, 2, 100))
        case "umap":
            dims = 2 if state.get("umapIs3d") is False else 3
            return Umap(
                n_components=dims,
                n_neighbors=round(_number(state, "umapNeighbors", 15, 2, 100)),
                min_dist=_number(state, "umapMinDist", 0.1, 0, 0.99),
            )
        case "custom":
            notes.append(f"{name!r:.60} shows a custom projection; here it shows principal components")
    shown: Any = state.get("pcaComponentDimensions")
    axes = tuple(axis + 1 for axis in shown) if _are_axes(shown) else ()
    return Pca(n_components=len(axes) or 3, axes=axes)


def _are_axes(shown: object) -> bool:
    are_counts = isinstance(shown, list) and all(type(axis) is int and 0 <= axis < 10 for axis in shown)
    return are_counts and isinstance(shown, list) and len(shown) in (2, 3) and len(set(shown)) == len(shown)


def _number(state: Mapping[str, Any], name: str, usual: float, least: float, most: float) -> float:
    value = state.get(name)
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most
    return float(value) if is_number and value is not None else float(usual)


def _selected(state: Mapping[str, Any], name: str, notes: list[str]) -> tuple[int, ...]:
    """Ids of what was selected: TensorBoard counts among the items that were not filtered out."""
    rows: Any = state.get("selectedPoints") or []
    filtered = state.get("filteredPoints")
    if filtered:
        notes.append(f"{name!r:.60} showed some of the items; here all are shown")
    are_rows = isinstance(rows, list) and all(type(row) is int and row >= 0 for row in rows)
    if not are_rows:
        return ()
    if isinstance(filtered, list) and filtered:
        rows = [filtered[row] for row in rows if row < len(filtered)]
    return tuple(sorted({row for row in rows if type(row) is int and row >= 0}))
