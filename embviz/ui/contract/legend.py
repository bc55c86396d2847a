"""The message on colors: the address of each item's color, and a legend that says what the colors mean."""

import json

import numpy as np

from embviz.coloring import CategoryColoring, Coloring, ValueColoring
from embviz.coloring.coloring import Kind
from embviz.coloring.palette import MISSING, SCALE, Color
from embviz.dataset import check_same_items
from embviz.server import Shelf
from embviz.ui.contract.addresses import coloring_address, coloring_body
from embviz.ui.contract.color_messages import (
    ColoringMessage,
    ColorMessage,
    LegendEntry,
    ScaleMessage,
)
from embviz.view import Forming, View

MOST_CHARACTERS = 60
"""Longest name in the legend; a longer one is cut and ends with an ellipsis."""


def coloring_message(coloring: Coloring, shown: View | Forming, shelf: Shelf) -> ColoringMessage:
    """The message on colors: their address and their legend."""
    check_same_items("colors", coloring.items, shown.dataset)
    kind: Kind
    match coloring:
        case CategoryColoring():
            kind, entries, scale = "categories", _entries(coloring), None
        case ValueColoring():
            kind, entries, scale = "values", [], _scale(coloring)
    return {
        "name": _brief(coloring.name),
        "kind": kind,
        "isTold": not _says_what_is_known(coloring, shown),
        "revision": coloring.fingerprint,
        "url": coloring_address(coloring, shelf),
        "entries": [*entries, *_missing(coloring)],
        "scale": scale,
    }


def colors_body(coloring: Coloring | None, shown: View | Forming, shelf: Shelf) -> bytes:
    """The message on colors together with what is at their address, so that a page need not fetch twice.

    Bytes are the length of the message as int32, the message as JSON in UTF-8, and the content of the address. For one
    color, None, the message is null, and nothing follows.
    """
    message = None if coloring is None else coloring_message(coloring, shown, shelf)
    text = json.dumps(message, allow_nan=False).encode()
    content = b"" if coloring is None else coloring_body(coloring)
    return np.array([len(text)], "<i4").tobytes() + text + content


def _says_what_is_known(coloring: Coloring, shown: View | Forming) -> bool:
    """Whether the colors only repeat the label or the prediction, which the tooltip names in any case."""
    if not isinstance(coloring, CategoryColoring):
        return False
    known = [codes for codes in (shown.dataset.labels, shown.features.predictions) if codes is not None]
    return any(np.array_equal(coloring.codes, codes) for codes in known)


def _entries(coloring: CategoryColoring) -> list[LegendEntry]:
    others = [f"{coloring.n_others:,} others"] if coloring.n_others else []
    named = zip((*coloring.names, *others), coloring.counts.tolist(), coloring.colors, strict=True)
    return [_entry(code, name, count, color) for code, (name, count, color) in enumerate(named)]


def _missing(coloring: Coloring) -> list[LegendEntry]:
    return [_entry(-1, "no value", coloring.n_missing, MISSING)] if coloring.n_missing else []


def _entry(code: int, name: str, count: int, color: Color) -> LegendEntry:
    return {"code": code, "name": _brief(name), "count": count, "color": _color(color)}


def _scale(coloring: ValueColoring) -> ScaleMessage | None:
    if coloring.range is None:
        return None
    low, high = coloring.range
    return {"low": low, "high": high, "unit": coloring.unit, "colors": [_color(color) for color in SCALE]}


def _color(color: Color) -> ColorMessage:
    return {"light": color.light, "dark": color.dark}


def _brief(name: str) -> str:
    return name if len(name) <= MOST_CHARACTERS else name[: MOST_CHARACTERS - 1] + "…"
