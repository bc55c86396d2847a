"""The `Drawing` value: a layout as points, lines, texts and a legend on a page, in pixels."""

from dataclasses import dataclass

import numpy as np

from embviz.arrays import Float32Array, Float64Array, Int64Array
from embviz.checks.arguments import checked
from embviz.coloring import CategoryColoring, Coloring, ValueColoring
from embviz.coloring.palette import MISSING, SCALE, Color
from embviz.dataset import Dataset, check_same_items
from embviz.errors import InputError
from embviz.items.sequences import joined_rows
from embviz.projection.projection import Projection
from embviz.projection.titles import axis_titles

LEAST, MOST = 200, 6000
"""Least and largest width and height of a picture, in pixels."""
SHADES = 64
"""Number of different colors for numbers."""
TEXT = 13
"""Size of the font, in pixels."""
LINE = 20
STROKE = 1.25
"""Width of lines between items."""
MARGIN = 16
MOST_IN_LEGEND = 64
LONGEST_NAME = 40
_INK, _GROUND, _PLAIN = Color("#1b2026", "#e6e9ed"), Color("#ffffff", "#0f1216"), Color("#2f6fdb", "#6ea8fe")
_STROKE_OPACITY = 0.75
_SIDE = np.array([0.65, 0.65, 0.39])


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text, and the position of the start of its baseline, in pixels."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A colored dot of the legend, and the position of its middle, in pixels."""

    x: float
    y: float
    color: str


@dataclass(frozen=True, eq=False, slots=True)
class Drawing:
    """The contents of a picture, ready to be drawn; all positions are in pixels from the top left.

    Attributes
    ----------
    width, height
        Size of the picture.
    ground, ink
        Colors of the background and of texts, ``#rrggbb``.
    places
        Shape (n, 2): the middle of each item's point.
    codes
        Color of each point, as an index of `colors`.
    colors
        Colors of points, ``#rrggbb``.
    lines
        Shape (m, 2): the two rows of each line between items. Lines are drawn below the points.
    line_colors
        Colors of lines, ``#rrggbb``, by the code of the item at which a line begins.
    order
        Rows in the order in which points are drawn.
    diameter
        Diameter of the points.
    dots, texts
        Dots of the legend; texts of title, axes and legend.
    """

    width: int
    height: int
    ground: str
    ink: str
    places: Float64Array
    codes: Int64Array
    colors: tuple[str, ...]
    lines: Int64Array
    line_colors: tuple[str, ...]
    order: Int64Array
    diameter: float
    dots: tuple[Dot, ...]
    texts: tuple[Text, ...]


@checked(InputError)
def drawing_of(
    projection: Projection,
    coloring: Coloring | None = None,
    *,
    dataset: Dataset | None = None,
    width: int = 1200,
    height: int = 900,
    dark: bool = False,
    title: str = "",
) -> Drawing:
    """The drawing of a layout.

    A 3-D layout is seen from the page's initial camera direction, without perspective.

    Parameters
    ----------
    projection
        The layout.
    coloring
        Colors of the same items; None for one color.
    dataset
        The same items, to draw a line from each item to the next one in its sequence; None for no lines.
    width, height
        Size of the picture in pixels, 200..6000.
    dark
        Whether to use the colors of the dark theme.
    title
        A line above the points.

    Raises
    ------
    InputError
        If the size is out of range, or colors or dataset belong to other items than the layout.

    Examples
    --------
    >>> from embviz.projection.specs import Umap
    >>> coords = np.array([[0, 0], [4, 2]], np.float32)
    >>> flat = Projection(coords, np.arange(2), Umap(), source="", items="a", seconds=0)
    >>> drawing_of(flat, width=232, height=300).places.round().tolist()
    [[20.0, 198.0], [212.0, 102.0]]
    """
    if not (LEAST <= width <= MOST and LEAST <= height <= MOST):
        raise InputError(f"width and height must be in {LEAST}..{MOST} pixels, got {width} x {height}")
    if coloring is not None and coloring.items != projection.items:
        raise InputError("the colors are of other items than the layout; make them from the same dataset")
    if dataset is not None:
        check_same_items("coordinates", projection.items, dataset)
    lines = np.empty((0, 2), np.int64) if dataset is None else joined_rows(dataset)
    ground = _on(_GROUND, dark=dark)
    colors, codes, entries = _colors(coloring, len(projection.coords), dark=dark)
    flat, order = _flat(projection.coords)
    diameter = min(9.0, max(3.0, 50 / len(flat) ** 0.25))
    axes = " · ".join(f"{axis}: {text}" for axis, text in zip("xyz", axis_titles(projection), strict=False))
    head = [line for line in (title, axes) if line]
    legend_dots, legend_texts, legend_height = _legend(entries, width, height)
    top, bottom = MARGIN + LINE * len(head), MARGIN + legend_height
    places = _placed(flat, (MARGIN, top), (width - MARGIN, height - bottom), diameter)
    most = int((width - 2 * MARGIN) / (0.55 * TEXT))
    texts = [Text(MARGIN, MARGIN + TEXT + LINE * at, _brief(line, most)) for at, line in enumerate(head)]
    return Drawing(
        width,
        height,
        ground,
        _on(_INK, dark=dark),
        places,
        codes,
        colors,
        lines,
        tuple(_mixed(color, ground, _STROKE_OPACITY) for color in colors),
        order,
        diameter,
        legend_dots,
        (*texts, *legend_texts),
    )


Entry = tuple[str, str]
"""Text and color of an entry of the legend."""


def _on(color: Color, *, dark: bool) -> str:
    return color.dark if dark else color.light


def _colors(coloring: Coloring | None, n: int, *, dark: bool) -> tuple[tuple[str, ...], Int64Array, list[Entry]]:
    """The colors, the index of each item's color, and the entries of the legend."""
    missing = _on(MISSING, dark=dark)
    if coloring is None:
        return (_on(_PLAIN, dark=dark),), np.zeros(n, np.int64), []
    match coloring:
        case CategoryColoring():
            named = [*coloring.names, *([f"{coloring.n_others:,} others"] if coloring.n_others else [])]
            colors = [_on(color, dark=dark) for color in coloring.colors]
            counts = coloring.counts.tolist()
            told = [
                (f"{name}  {count:,}", color) for name, count, color in zip(named, counts, colors, strict=True) if count
            ]
            codes = np.where(coloring.codes < 0, len(colors), coloring.codes).astype(np.int64)
        case ValueColoring():
            colors = [_between(at / (SHADES - 1), dark=dark) for at in range(SHADES)]
            places = np.clip(coloring.places(), 0, 1)
            shades = np.rint(np.nan_to_num(places) * (SHADES - 1))
            codes = np.where(np.isnan(places), SHADES, shades).astype(np.int64)
            low, high = coloring.range or (0.0, 0.0)
            ends = [(f"{coloring.name}  {coloring.text(low)}", colors[0]), (coloring.text(high), colors[-1])]
            told = ends if coloring.range else []
    if coloring.n_missing:
        told.append((f"no value  {coloring.n_missing:,}", missing))
    return (*colors, missing), codes, told


def _between(place: float, *, dark: bool) -> str:
    """The color of a number, given its position between the lowest, 0, and the highest, 1."""
    steps = [_rgb(_on(color, dark=dark)) for color in SCALE]
    at = np.linspace(0, 1, len(steps))
    return "#" + "".join(f"{round(np.interp(place, at, [step[axis] for step in steps])):02x}" for axis in range(3))


def _mixed(color: str, ground: str, share: float) -> str:
    """The color that `color` of opacity `share` has on `ground`."""
    parts = zip(_rgb(color), _rgb(ground), strict=True)
    return "#" + "".join(f"{round(share * over + (1 - share) * under):02x}" for over, under in parts)


def _rgb(color: str) -> list[int]:
    return [int(color[at : at + 2], 16) for at in (1, 3, 5)]


def _flat(given: Float32Array) -> tuple[Float64Array, Int64Array]:
    """Coordinates in the picture's plane, y upwards, and the order of drawing: random, in 3-D the farthest first."""
    coords = given.astype(np.float64)
    if coords.shape[1] == 2:
        return coords, np.random.default_rng(0).permutation(len(coords))
    towards = _SIDE / np.linalg.norm(_SIDE)
    right = np.cross([0, 0, 1], towards)
    right /= np.linalg.norm(right)
    flat = coords @ np.stack([right, np.cross(towards, right)], axis=1)
    return flat, np.argsort(coords @ towards, kind="stable")


def _placed(
    flat: Float64Array, top_left: tuple[float, float], bottom_right: tuple[float, float], diameter: float
) -> Float64Array:
    """Positions in the picture: one scale for both axes, centered in the available area."""
    low, high = flat.min(axis=0), flat.max(axis=0)
    room = np.maximum(np.subtract(bottom_right, top_left) - diameter, 1)
    extent = high - low
    scale = min((room[axis] / extent[axis] for axis in range(2) if extent[axis] > 0), default=1.0)
    middle = np.add(top_left, bottom_right) / 2
    places: Float64Array = middle + (flat - (low + high) / 2) * scale * [1, -1]
    return places


def _legend(entries: list[Entry], width: int, height: int) -> tuple[tuple[Dot, ...], tuple[Text, ...], float]:
    """The legend at the lower edge, in as many lines as needed, up to a third of the picture's height."""
    lines: list[list[Entry]] = [[]]
    used = 0.0
    for text, color in entries[:MOST_IN_LEGEND]:
        entry = (_brief(text, LONGEST_NAME), color)
        needed = _entry_width(entry)
        if lines[-1] and used + needed > width - 2 * MARGIN:
            lines.append([])
            used = 0.0
        lines[-1].append(entry)
        used += needed
    lines = lines[: max(1, int(height / 3 / LINE))]
    dots: list[Dot] = []
    texts: list[Text] = []
    top = height - MARGIN - LINE * len(lines)
    for number, line in enumerate(lines):
        x, y = float(MARGIN), top + LINE * number + LINE / 2
        for entry in line:
            dots.append(Dot(x + 5, y, entry[1]))
            texts.append(Text(x + 15, y + TEXT * 0.36, entry[0]))
            x += _entry_width(entry)
    return tuple(dots), tuple(texts), float(LINE * len(lines) + 8) if entries else 0.0


def _entry_width(entry: Entry) -> float:
    return 15 + 0.6 * TEXT * len(entry[0]) + 14


def _brief(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: max(1, most - 1)]}…"
