"""The States of a bookmark file of TensorBoard as bookmarks; any of their parts may be missing."""

from collections.abc import Callable, Mapping
from typing import Any

from embviz.arrays import Int64Array
from embviz.coloring import ColorBy
from embviz.errors import InputError
from embviz.items.id_set import id_set
from embviz.projection.directions.spec import Direction, Directions, End
from embviz.projection.specs import Pca, ProjectionSpec, Tsne, Umap
from embviz.saved.bookmarks import Bookmark
from embviz.saved.view_state import ViewState
from embviz.search import Query

Find = Callable[[Query], Int64Array]
"""Function that returns the ids of the items that a query finds."""

_NO_COLOR = "No color map"
_MOST_ROWS = 100_000_000


def bookmark_of_state(state: Mapping[str, Any], number: int, notes: list[str], find: Find | None = None) -> Bookmark:
    """The view that a State describes; what is missing or not valid in it gets its default.

    Parameters
    ----------
    state
        The State as TensorBoard writes it.
    number
        Position of the State in the file; it is part of the bookmark's name if the State has none.
    notes
        List to which a sentence is added on each thing that is not restored as it was.
    find
        Function that finds the items at the ends of a custom projection. If it is None, this projection is replaced by
        principal components.
    """
    label = state.get("label")
    name = label if isinstance(label, str) and label.strip() else f"State {number}"
    color = state.get("selectedColorOptionName")
    column = color if isinstance(color, str) and color and color != _NO_COLOR else None
    as_categories = state.get("forceCategoricalColoring") is True
    kind = "categories" if as_categories else None
    filtered, selected = _rows(state.get("filteredPoints")), _rows(state.get("selectedPoints"))
    if state.get("filteredPoints"):  # then selected rows are positions among these
        selected = [filtered[row] for row in selected if row < len(filtered)]
    view = ViewState(
        projection=_spec(state, name, notes, find),
        color=None if column is None else ColorBy("column", column, kind),  # type: ignore[arg-type]
        selected=tuple(sorted(set(selected))),
        alone=tuple(sorted(set(filtered))),
        label=_label(state.get("selectedLabelOption")),
    )
    return Bookmark(name, view)


def _spec(state: Mapping[str, Any], name: str, notes: list[str], find: Find | None) -> ProjectionSpec:
    """Spec of the State's layout; parameters that are missing or not valid get their defaults."""
    match state.get("selectedProjection"):
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
            try:
                found = _directions(state, find)
            except InputError as error:
                said = f"{name!r:.60} shows a custom projection; here it shows principal components: {error}"
                notes.append(said)
            else:
                notes.append(f"What {name!r:.60} searches for was looked up among the items that are shown now")
                return found
    shown: Any = state.get("pcaComponentDimensions")
    axes = tuple(axis + 1 for axis in shown) if _are_axes(shown) else ()
    return Pca(n_components=len(axes) or 3, axes=axes)


def _directions(state: Mapping[str, Any], find: Find | None) -> Directions:
    """TensorBoard's custom projection: each axis leads from the mean of one search's items to the mean of another's."""
    if find is None:
        raise InputError("no items are shown in which its searches could be made")
    left, right, down, up = (_end(state, end, find) for end in ("XLeft", "XRight", "YDown", "YUp"))
    return Directions((Direction(left, right), Direction(down, up)))


def _end(state: Mapping[str, Any], end: str, find: Find) -> End:
    """The items of a search, which ignores case; InputError if there are none: TensorBoard takes a random direction."""
    text, column = state.get(f"custom{end}Text"), state.get("customSelectedSearchByMetadataOption")
    if not isinstance(text, str) or not text.strip():
        raise InputError(f"one of its four ends ({end}) has no search, for which TensorBoard takes a random direction")
    is_regex = state.get(f"custom{end}Regex") is True
    sought = f"(?i){text}" if is_regex else text.lower()
    column = column if isinstance(column, str) and column else "label"
    ids = find(Query(sought, "regex" if is_regex else "text", column))
    if not len(ids):
        raise InputError(f"no item has {text!r:.60} in {column!r:.60}")
    return End(f"{column}: /{text}/" if is_regex else f"{column}: {text}", "chosen", id_set(ids))


def _label(by: object) -> str:
    """What points are labeled by; where no column has a name, TensorBoard calls the only one ``label``."""
    if not isinstance(by, str) or not by:
        return ""
    return "class" if by == "label" else f"column:{by}"


def _are_axes(shown: object) -> bool:
    are_counts = isinstance(shown, list) and all(type(axis) is int and 0 <= axis < 10 for axis in shown)
    return are_counts and isinstance(shown, list) and len(shown) in (2, 3) and len(set(shown)) == len(shown)


def _number(state: Mapping[str, Any], name: str, usual: float, least: float, most: float) -> float:
    value = state.get(name)
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most
    return float(value) if is_number and value is not None else float(usual)


def _rows(given: object) -> list[int]:
    """Rows of the tensor, which are the ids of its items; empty if the list holds anything else."""
    are_rows = isinstance(given, list) and all(type(row) is int and 0 <= row < _MOST_ROWS for row in given)
    return list(given) if isinstance(given, list) and are_rows else []
