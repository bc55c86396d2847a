"""Layouts in a bookmark file of the projector: a list of States, each with coordinates of all items or of some."""

import json
import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from embviz.arrays import Float32Array
from embviz.datasets.files.opened import opened
from embviz.errors import DatasetError

TITLES = {"tsne": "t-SNE", "umap": "UMAP", "pca": "PCA", "linear": "custom"}
"""Title of a projection, by the prefix of its axes' names."""

_AXES = {f"{kind}-{axis}" for kind in ("tsne", "umap", "pca") for axis in range(10)} | {"linear-x", "linear-y"}
_FLAT = {"tsne": "tSNEis3d", "umap": "umapIs3d"}
_LARGEST = 3.40282356e38
"""Numbers below it are finite when they are rounded to float32."""
_MOST_BYTES = 2**30
_OURS = " (embviz)"


@dataclass(frozen=True, eq=False, slots=True)
class BookmarkLayout:
    """A layout from a State of a bookmark file.

    Attributes
    ----------
    name
        The State's label, and the projection where the State has several.
    coords
        float32, shape (n, 2 or 3); NaN for an item without a position.
    """

    name: str
    coords: Float32Array


@dataclass(frozen=True, eq=False, slots=True)
class Bookmarks:
    """Layouts of a bookmark file.

    Attributes
    ----------
    layouts
        The layouts, in the order of the file.
    notes
        What was left out, in words.
    """

    layouts: tuple[BookmarkLayout, ...]
    notes: tuple[str, ...] = ()


class _Point:
    """The coordinates of one item: names of axes, shared by all points with the same axes, and a number for each."""

    __slots__ = ("axes", "values")

    def __init__(self, axes: tuple[str, ...], values: "array[float]") -> None:
        self.axes = axes
        self.values = values


def bookmarks_of(path: Path, n: int) -> Bookmarks:
    """The layouts in a bookmark file of `n` items, as any version of TensorBoard writes it.

    Raises
    ------
    DatasetError
        If the file cannot be read, is not a list of States, or has coordinates of other items.
    """
    with opened(path) as file:
        if file.seek(0, 2) > _MOST_BYTES:
            raise DatasetError(f"{path} has more than {_MOST_BYTES:,} bytes; keep fewer bookmarks in one file")
        file.seek(0)
        known: dict[tuple[str, ...], tuple[str, ...]] = {}
        try:
            states = json.load(file, object_pairs_hook=partial(_object, known))
        except (ValueError, RecursionError) as error:
            raise DatasetError(f"{path} is not a bookmark file ({error!s:.80}); save it again") from error
    if isinstance(states, dict) and "projections" in states:
        states = [states]
    if not isinstance(states, list) or not all(isinstance(state, dict) for state in states):
        raise DatasetError(f"{path} is not a bookmark file: expected a list of States; save it again")
    layouts: list[BookmarkLayout] = []
    notes: list[str] = []
    for number, state in enumerate(states):
        label = _label(state, number)
        found = _layouts(f"{path}: bookmark {number}", label, state, n)
        layouts += found
        if not found:
            notes.append(f"bookmark {label!r:.60} of {path.name} has no coordinates, and is left out")
    return Bookmarks(tuple(layouts), tuple(notes))


def _object(known: dict[tuple[str, ...], tuple[str, ...]], pairs: list[tuple[str, Any]]) -> Any:
    """A `_Point` for an object of coordinates alone, else a dict; a dict per point would be several times as large."""
    if pairs and pairs[0][0] in _AXES:
        axes = tuple(name for name, _ in pairs)
        if all(name in _AXES and isinstance(value, float | int | None) for name, value in pairs):
            return _Point(known.setdefault(axes, axes), array("f", (_coordinate(value) for _, value in pairs)))
    return dict(pairs)


def _coordinate(value: float | None) -> float:
    """The value; NaN for None, as browsers write NaN as null, and for a value that is too large for float32."""
    return value if value is not None and abs(value) < _LARGEST else math.nan


def _label(state: dict[str, Any], number: int) -> str:
    label = state.get("label")
    return label.removesuffix(_OURS) if isinstance(label, str) and label.strip() else f"State {number}"


def _layouts(what: str, label: str, state: dict[str, Any], n: int) -> list[BookmarkLayout]:
    points = state.get("projections", [])
    if not isinstance(points, list) or not all(isinstance(point, _Point) or point in ({}, None) for point in points):
        raise DatasetError(f"{what} has projections that are not coordinates of items; save it again")
    rows = _rows(what, state, len(points), n)
    kinds: dict[str, set[str]] = {}
    for axes in {point.axes for point in points if isinstance(point, _Point)}:
        for axis in axes:
            kinds.setdefault(axis.partition("-")[0], set()).add(axis)
    shown = {kind: _shown(state, kind, axes) for kind, axes in kinds.items()}
    shown = {kind: axes for kind, axes in shown.items() if len(axes) > 1}
    return [
        BookmarkLayout(f"{label} ({TITLES[kind]})" if len(shown) > 1 else label, _coords(points, rows, axes, n))
        for kind, axes in shown.items()
    ]


def _rows(what: str, state: dict[str, Any], count: int, n: int) -> Sequence[int]:
    """Row of each point's item; an item that was filtered out when the bookmark was made has no point."""
    rows = state.get("filteredPoints") or range(n)
    is_list = isinstance(rows, list | range)
    if not is_list or not all(isinstance(row, int) and 0 <= row < n for row in (rows if rows != range(n) else ())):
        raise DatasetError(f"{what} is of items that are not among these {n:,}; give the bookmarks of this tensor")
    if count not in (0, len(rows)) or len(set(rows)) != len(rows):
        raise DatasetError(
            f"{what} has coordinates of {count:,} items, expected {len(rows):,}; give the bookmarks of this tensor"
        )
    return rows


def _shown(state: dict[str, Any], kind: str, axes: set[str]) -> list[str]:
    """The axes that TensorBoard showed: of PCA the chosen components, if the State has them; else two or three axes."""
    chosen = state.get("pcaComponentDimensions")
    if kind == "pca" and isinstance(chosen, list) and 2 <= len(set(map(str, chosen))) <= 3:
        named = [f"pca-{axis}" for axis in chosen]
        if set(named) <= axes:
            return named
    return sorted(axes)[: 2 if state.get(_FLAT.get(kind, "")) is False else 3]


def _coords(points: Sequence[Any], rows: Sequence[int], axes: Sequence[str], n: int) -> Float32Array:
    coords = np.full((n, len(axes)), np.nan, np.float32)
    places: dict[tuple[str, ...], list[int] | None] = {}
    for row, point in zip(rows, points, strict=True):
        if not isinstance(point, _Point):
            continue
        if point.axes not in places:
            complete = set(axes) <= set(point.axes)
            places[point.axes] = [point.axes.index(axis) for axis in axes] if complete else None
        place = places[point.axes]
        if place is not None:
            coords[row] = [point.values[each] for each in place]
    return coords
