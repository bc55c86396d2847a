"""The `ViewState` value: what a page shows, by names and ids only, and the text of an address that restores it."""

import math
import types
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Union, get_args, get_origin, get_type_hints
from urllib.parse import parse_qsl, quote, urlencode

import numpy as np

from embviz.coloring import ColorBy
from embviz.errors import InputError
from embviz.items.id_ranges import check_ascending, id_ranges, ids_in_ranges
from embviz.projection.specs import Columns, Directions, Pca, ProjectionSpec, Tsne, Umap
from embviz.saved.axis_parts import column_parts, columns_of_parts, direction_parts, directions_of_parts

MOST_CHARACTERS = 2_000
"""Most characters of a selection in an address: browsers, mail programs and servers allow somewhat more."""
_MOST_TEXT = 20_000_000
_MOST_PARTS = 64
_ALWAYS = ("n_components", "seed")
_SPECS: dict[str, type[Pca | Tsne | Umap]] = {"pca": Pca, "tsne": Tsne, "umap": Umap}


@dataclass(frozen=True, slots=True)
class ViewState:
    """State of a page, in words that mean the same on another day and another machine: it holds no path.

    Attributes
    ----------
    projection
        The layout with all its parameters, and the seed.
    data
        Name of a dataset, or what `data_name` calls the file that the page was started on; empty for the data that
        the page has already.
    split
        As in `ViewSpec`; empty for the default.
    limit
        Most items, or None for all of the split; if `split` is empty too, None stands for the default number.
    features
        Name of the features; empty for the default.
    color
        What the points are colored by; None for the default.
    pair
        Names of the two classes that are compared; None for the default.
    tab
        Title of the tab that is open; empty for the default.
    pinned
        Id of the pinned item, or None.
    selected
        Ids of the selected items, ascending.
    """

    projection: ProjectionSpec
    data: str = ""
    split: str = ""
    limit: int | None = None
    features: str = ""
    color: ColorBy | None = None
    pair: tuple[str, str] | None = None
    tab: str = ""
    pinned: int | None = None
    selected: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.limit is not None and self.limit < 1:
            raise InputError(f"a view has one item at least, got {self.limit}")
        if self.pinned is not None and self.pinned < 0:
            raise InputError("ids must not be negative")
        check_ascending("selected ids", self.selected)


def view_state_text(state: ViewState, most_characters: int | None = None) -> str:
    """The state as the query of an address, without the question mark.

    Parameters
    ----------
    state
        What to write.
    most_characters
        A longer selection is left out, and so is a layout along directions whose ends take more; None writes all.

    Examples
    --------
    >>> view_state_text(ViewState(Tsne(perplexity=50), data="digits", split="all", pinned=7))
    'data=digits&split=all&method=tsne&dims=2&perplexity=50&seed=0&pinned=7'
    """
    told = [("data", state.data), ("split", state.split), ("items", "" if state.limit is None else str(state.limit))]
    told += [("features", state.features)]
    if most_characters is None or _ends_length(state) <= most_characters:
        told += _spec_parts(state.projection)
    if state.color is not None:
        told += [("color", state.color.what)]
        told += [("column", state.color.column)] * (state.color.what in ("column", "score"))
        told += [("as", state.color.kind or "")]
    told += [("pair", name) for name in state.pair or ()]
    told += [("tab", state.tab), ("pinned", "" if state.pinned is None else str(state.pinned))]
    if most_characters is None or _selection_length(state) <= most_characters:
        told.append(("selected", id_ranges(np.array(state.selected, np.int64))))
    kept = [(name, text) for name, text in told if text or name in ("pair", "column")]  # names may be empty
    return urlencode(kept, quote_via=quote, safe=" :,/", errors="surrogatepass").replace(" ", "+")


def is_short(state: ViewState, most_characters: int = MOST_CHARACTERS) -> bool:
    """Whether `view_state_text` leaves nothing out with this limit."""
    return max(_selection_length(state), _ends_length(state)) <= most_characters


def _selection_length(state: ViewState) -> int:
    return len(id_ranges(np.array(state.selected, np.int64)))


def _ends_length(state: ViewState) -> int:
    spec = state.projection
    return sum(len(text) for _, text in direction_parts(spec)) if isinstance(spec, Directions) else 0


def view_state_from_text(text: str) -> ViewState | None:
    """State that `view_state_text` wrote; None if the text has no parameter of a view. Other parameters are ignored.

    Raises
    ------
    InputError
        If a parameter cannot be read: an unknown method, or a text where a number must be.

    Examples
    --------
    >>> view_state_from_text("method=umap&neighbors=40").projection.n_neighbors
    40
    >>> view_state_from_text("embed=true")
    """
    parts = _parts(text)
    if not parts.keys() & {*_NAMES, "method"}:
        return None
    return ViewState(
        projection=_spec(parts),
        data=_one(parts, "data"),
        split=_one(parts, "split"),
        limit=None if not _one(parts, "items") else _value("items", int, _one(parts, "items")),
        features=_one(parts, "features"),
        color=_color(parts),
        pair=_pair(parts),
        tab=_one(parts, "tab"),
        pinned=None if not _one(parts, "pinned") else _value("pinned", int, _one(parts, "pinned")),
        selected=ids_in_ranges(_one(parts, "selected")),
    )


_NAMES = ("data", "split", "items", "features", "color", "pair", "tab", "pinned", "selected")
_SHORT = {"n_components": "dims", "n_neighbors": "neighbors", "max_iter": "iterations", "n_epochs": "epochs"}
"""Names of parameters in an address where they differ from those in Python."""


def _parts(text: str) -> dict[str, list[str]]:
    if len(text) > _MOST_TEXT:
        raise InputError(f"an address of a view has {_MOST_TEXT:,} characters at most, got {len(text):,}")
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_PARTS, errors="surrogatepass")
    except ValueError as error:
        raise InputError(f"an address of a view has {_MOST_PARTS} parts at most ({error!s:.60})") from error
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def _one(parts: dict[str, list[str]], name: str) -> str:
    values = parts.get(name, [""])
    if len(values) > 1:
        raise InputError(f"{name} is in the address {len(values)} times; once is enough")
    return values[0]


def _spec_parts(spec: ProjectionSpec) -> list[tuple[str, str]]:
    """The method, and each parameter that is not the default; the number of dimensions and the seed in any case."""
    if isinstance(spec, Directions | Columns):
        axes = direction_parts(spec) if isinstance(spec, Directions) else column_parts(spec)
        scaled = [] if spec.preprocess is None else [("preprocess", spec.preprocess)]
        return [("method", spec.method), *axes, *scaled, ("seed", str(spec.seed))]
    usual = type(spec)(n_components=spec.n_components)
    named = [(field.name, getattr(spec, field.name)) for field in fields(spec)]
    kept = [(name, value) for name, value in named if name in _ALWAYS or value != getattr(usual, name)]
    return [("method", spec.method), *((_SHORT.get(name, name), _written(value)) for name, value in kept)]


def _spec(parts: dict[str, list[str]]) -> ProjectionSpec:
    method = _one(parts, "method") or "tsne"
    if method in ("directions", "columns"):
        seed, preprocess = _value("seed", int, _one(parts, "seed") or "0"), _one(parts, "preprocess") or None
        if method == "columns":
            return Columns(columns_of_parts(parts.get("axis", [])), preprocess, seed)
        return directions_of_parts(parts.get("from", []), parts.get("to", []), preprocess, seed)
    if method not in _SPECS:
        raise InputError(f"method must be one of {', '.join(_SPECS)}, directions, columns, got {method!r:.60}")
    kind = _SPECS[method]
    hints = get_type_hints(kind)
    given = {field.name: _one(parts, _SHORT.get(field.name, field.name)) for field in fields(kind)}
    return kind(**{name: _value(name, hints[name], text) for name, text in given.items() if text})


def _written(value: object) -> str:
    """A parameter as text.

    Examples
    --------
    >>> [_written(value) for value in (30.0, 0.25, True, None, (2, 1), "cosine")]
    ['30', '0.25', 'yes', 'none', '2,1', 'cosine']
    """
    match value:
        case bool():
            return "yes" if value else "no"
        case None:
            return "none"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case tuple():
            return ",".join(map(_written, value))
        case _:
            return str(value)


def _value(name: str, hint: Any, text: str) -> Any:
    """A parameter of this type, from its text."""
    kinds: Sequence[Any] = get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)
    if text == "none" and type(None) in kinds:
        return None
    for kind in kinds:
        try:
            if kind is bool and text in ("yes", "no"):
                return text == "yes"
            if kind is int and len(text) <= 16:
                return int(text)
            if kind is float and math.isfinite(float(text)):
                return float(text)
            if get_origin(kind) is tuple and len(text) <= 60:
                return tuple(int(part) for part in text.split(","))
        except ValueError:
            continue
        if kind is str:
            return text
    raise InputError(f"{name} cannot be {text!r:.60}")


def _color(parts: dict[str, list[str]]) -> ColorBy | None:
    what, column, kind = (_one(parts, name) for name in ("color", "column", "as"))
    if not what:
        return None
    if what not in get_args(get_type_hints(ColorBy)["what"]) or kind not in ("", "categories", "values"):
        said = f"{what} {kind}".strip()
        raise InputError(f"color must be {', '.join(get_args(get_type_hints(ColorBy)['what']))}, got {said!r:.60}")
    if (what in ("column", "score")) != ("column" in parts):
        raise InputError("color=column and color=score need the name in column=, and other colors have none")
    return ColorBy(what, column, kind or None)  # type: ignore[arg-type]  # looked at above


def _pair(parts: dict[str, list[str]]) -> tuple[str, str] | None:
    names = parts.get("pair", [])
    if not names:
        return None
    if len(names) != 2 or names[0] == names[1]:
        raise InputError(f"a pair has two different classes, got {', '.join(names)!r:.60}")
    return names[0], names[1]
