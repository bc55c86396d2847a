"""The `ViewState` value: what a page shows, by names and ids only, and the text of an address that restores it."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode

import numpy as np

from embviz.coloring import ColorBy
from embviz.errors import InputError
from embviz.features.features import HIDDEN_LAYER_SIZES, check_hidden_layer_sizes
from embviz.items.id_ranges import check_ascending, id_ranges, ids_in_ranges
from embviz.projection.specs import Directions, ProjectionSpec
from embviz.saved.axis_parts import direction_parts
from embviz.saved.camera import camera_in, camera_text, check_camera
from embviz.saved.spec_parts import Parts, one_of, spec_of_parts, spec_parts, value_of, written

MOST_CHARACTERS = 2_000
"""Most characters of a selection in an address, and of isolated items; browsers, mail programs and servers allow it."""
_MOST_TEXT = 20_000_000
_MOST_PARTS = 64
_ID_SETS = ("selected", "alone", "isolated")
_NAMES = ("data", "split", "items", "features", "hidden", "color", "pair", "label", "tab", "pinned", *_ID_SETS)


@dataclass(frozen=True, slots=True)
class ViewState:
    """State of a page, in words that mean the same on another day and another machine: it holds no path.

    Attributes
    ----------
    projection
        The layout with all its parameters, and the seed.
    data
        Name of a dataset, or name that `data_name` gives to the file that the page was started with; empty for the
        data that the page has already.
    split
        As in `ViewSpec`; empty for the default.
    limit
        Most items, or None for all of the split; if `split` is empty too, None stands for the default number.
    features
        Name of the features; empty for the default.
    hidden_layers
        Units of each hidden layer of the classifier, if the features are one of its layers: its logits have one name
        whatever the hidden layers. Without meaning for other features.
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
    alone
        Ids of the items that are laid out without the others, ascending; empty if all items are laid out.
    isolated
        Ids of those laid-out items that are shown, ascending; they keep their places in the layout. Empty if all
        laid-out items are shown.
    label
        What points are labeled by: ``class``, ``prediction``, ``id``, or ``column:`` and its name; empty for nothing.
    camera
        The camera, see `check_camera`; empty for the usual view.
    """

    projection: ProjectionSpec
    data: str = ""
    split: str = ""
    limit: int | None = None
    features: str = ""
    hidden_layers: tuple[int, ...] = HIDDEN_LAYER_SIZES
    color: ColorBy | None = None
    pair: tuple[str, str] | None = None
    tab: str = ""
    pinned: int | None = None
    selected: tuple[int, ...] = ()
    alone: tuple[int, ...] = ()
    isolated: tuple[int, ...] = ()
    label: str = ""
    camera: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if self.limit is not None and self.limit < 1:
            raise InputError(f"a view has one item at least, got {self.limit}")
        check_hidden_layer_sizes(self.hidden_layers)
        if self.pinned is not None and self.pinned < 0:
            raise InputError("ids must not be negative")
        for name in _ID_SETS:
            check_ascending(f"{name} ids", getattr(self, name))
        check_camera(self.camera, self.projection.n_components)

    @property
    def layout(self) -> tuple[object, ...]:
        """Everything on which the points' positions depend: a camera shows the same in states that agree in it."""
        of_items = self.data, self.split, self.limit, self.alone, self.isolated
        return *of_items, self.features, self.hidden_layers, self.projection


def view_state_text(state: ViewState, most_characters: int | None = None) -> str:
    """The state as the query of an address, without the question mark.

    Parameters
    ----------
    state
        What to write.
    most_characters
        A selection, isolated items, or ends of directions that take more characters are left out; None writes all.

    Examples
    --------
    >>> from embviz.projection.specs import Tsne
    >>> view_state_text(ViewState(Tsne(perplexity=50), data="digits", split="all", pinned=7))
    'data=digits&split=all&method=tsne&dims=2&perplexity=50&seed=0&pinned=7'
    """
    told = [("data", state.data), ("split", state.split), ("items", "" if state.limit is None else str(state.limit))]
    hidden = "" if state.hidden_layers == HIDDEN_LAYER_SIZES else written(state.hidden_layers)
    told += [("features", state.features), ("hidden", hidden)]
    if most_characters is None or _ends_length(state) <= most_characters:
        told += spec_parts(state.projection)
    if state.color is not None:
        told += [("color", state.color.what)]
        told += [("column", state.color.column)] * (state.color.what in ("column", "score"))
        told += [("as", state.color.kind or "")]
    told += [("pair", name) for name in state.pair or ()]
    told += [("label", state.label), ("tab", state.tab), ("pinned", "" if state.pinned is None else str(state.pinned))]
    for parts in (_id_parts(state, "selected"), _id_parts(state, "alone", "isolated")):
        told += parts if most_characters is None or _length(parts) <= most_characters else []
    told.append(("camera", camera_text(state.camera)))
    kept = [(name, text) for name, text in told if text or name in ("pair", "column", "ignored")]  # may be empty
    return urlencode(kept, quote_via=quote, safe=" :,/", errors="surrogatepass").replace(" ", "+")


def is_short(state: ViewState, most_characters: int = MOST_CHARACTERS) -> bool:
    """Whether `view_state_text` leaves nothing out of a state with this value of `most_characters`."""
    ids = _id_parts(state, "selected"), _id_parts(state, "alone", "isolated")
    return max(_length(ids[0]), _length(ids[1]), _ends_length(state)) <= most_characters


def _id_parts(state: ViewState, *names: str) -> list[tuple[str, str]]:
    return [(name, id_ranges(np.array(getattr(state, name), np.int64))) for name in names]


def _ends_length(state: ViewState) -> int:
    spec = state.projection
    return _length(direction_parts(spec)) if isinstance(spec, Directions) else 0


def _length(parts: list[tuple[str, str]]) -> int:
    return sum(len(text) for _, text in parts)


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
    spec, hidden = spec_of_parts(parts), one_of(parts, "hidden")
    return ViewState(
        projection=spec,
        data=one_of(parts, "data"),
        split=one_of(parts, "split"),
        limit=None if not one_of(parts, "items") else value_of("items", int, one_of(parts, "items")),
        features=one_of(parts, "features"),
        hidden_layers=value_of("hidden", tuple[int, ...], hidden) if hidden else HIDDEN_LAYER_SIZES,
        color=_color(parts),
        pair=_pair(parts),
        tab=one_of(parts, "tab"),
        pinned=None if not one_of(parts, "pinned") else value_of("pinned", int, one_of(parts, "pinned")),
        selected=ids_in_ranges(one_of(parts, "selected")),
        alone=ids_in_ranges(one_of(parts, "alone")),
        isolated=ids_in_ranges(one_of(parts, "isolated")),
        label=one_of(parts, "label"),
        camera=camera_in(one_of(parts, "camera"), spec.n_components),
    )


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


def _color(parts: Parts) -> ColorBy | None:
    what, column, kind = (one_of(parts, name) for name in ("color", "column", "as"))
    if not what:
        return None
    if kind not in ("", "categories", "values"):
        raise InputError(f"colors are drawn as categories or as values, got as={kind!r:.60}")
    if (what in ("column", "score")) != ("column" in parts):
        raise InputError("color=column and color=score need the name in column=, and other colors have none")
    return ColorBy(what, column, kind or None)  # type: ignore[arg-type]  # looked at above


def _pair(parts: Parts) -> tuple[str, str] | None:
    names = parts.get("pair", [])
    if not names:
        return None
    if len(names) != 2 or names[0] == names[1]:
        raise InputError(f"a pair has two different classes, got {', '.join(names)!r:.60}")
    return names[0], names[1]
