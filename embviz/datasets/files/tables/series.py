"""Series of columns that are one field: ``pixel0`` to ``pixel783``, ``1x1`` to ``28x28``, ``umap_x`` and ``umap_y``."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from embviz.datasets.files.contents import Kind
from embviz.datasets.files.uses.usual_names import is_layout_name

_FEWEST = 4
"""Fewest columns with numbers in their names that are taken for one vector."""
_AXES = "xyz"


@dataclass(frozen=True, slots=True)
class Series:
    """Columns beside each other that are one field.

    Attributes
    ----------
    name
        What the names of the columns begin with; if that is empty or taken, the first and last name, or ``layout``.
    kind
        ``vectors``, ``images`` or ``layout``.
    shape
        Shape of a value.
    columns
        Names of the columns, in order.
    """

    name: str
    kind: Kind
    shape: tuple[int, ...]
    columns: tuple[str, ...]


def series_of(names: Sequence[str]) -> list[Series]:
    """The series among columns of numbers; `names` are those of adjacent columns.

    Examples
    --------
    >>> (vectors,) = series_of(["size", "f0", "f1", "f2", "f3"])
    >>> vectors.name, vectors.kind, vectors.shape
    ('f', 'vectors', (4,))
    >>> series_of(["1x1", "1x2", "2x1", "2x2"])[0].shape
    (2, 2)
    """
    found = []
    for (prefix, _), group in groupby(names, lambda name: (stem := _stem(name), stem == name)):
        columns = tuple(group)
        if shape := _grid(columns):
            kind: Kind = "images"
        elif _counts(columns, prefix) and len(columns) >= _FEWEST:
            kind, shape = "vectors", (len(columns),)
        elif len(columns) in (2, 3) and _is_layout(columns, prefix):
            kind, shape = "layout", (len(columns),)
        else:
            continue
        stem = prefix.strip("_-. ")
        bare = "layout" if kind == "layout" else f"{columns[0]}…{columns[-1]}"
        found.append(Series(stem or bare, kind, shape, columns))
    taken = {column for series in found for column in series.columns}
    used: list[str] = [name for name in names if name not in taken]
    for place, series in enumerate(found):
        if series.name in used:
            name = f"{series.columns[0]}…{series.columns[-1]}"
            found[place] = Series(name, series.kind, series.shape, series.columns)
        used.append(found[place].name)
    return found


def _stem(name: str) -> str:
    """The name without the number, the position in a grid, or the axis at its end."""
    grid = re.fullmatch(r"(.*?)\d+[xX]\d+", name)
    if grid:
        return grid[1]
    number = re.fullmatch(r"(.*?)[0-9]+", name)
    axis = re.fullmatch(r"(.*[_\-. ]|)[xyzXYZ]", name)
    return number[1] if number else axis[1] if axis else name


def _grid(columns: Sequence[str]) -> tuple[int, ...]:
    """Height and width, if the names are those of all positions in a grid, row by row; else empty."""
    places = [re.fullmatch(r".*?(\d+)[xX](\d+)", name) for name in columns]
    if len(columns) < _FEWEST or not all(places):
        return ()
    cells = [(int(place[1]), int(place[2])) for place in places if place]
    (top, left), (bottom, right) = cells[0], cells[-1]
    height, width = bottom - top + 1, right - left + 1
    whole = [(top + row, left + column) for row in range(height) for column in range(width)] if height > 0 else []
    return (height, width) if top in (0, 1) and left in (0, 1) and cells == whole else ()


def _counts(columns: Sequence[str], prefix: str) -> bool:
    """Whether the names count from 0 or 1."""
    numbers = [name[len(prefix) :] for name in columns]
    if not all(number.isdecimal() and len(number) < 8 for number in numbers):
        return False
    first = int(numbers[0])
    return first in (0, 1) and [int(number) for number in numbers] == list(range(first, first + len(numbers)))


def _is_layout(columns: Sequence[str], prefix: str) -> bool:
    if _is_axes(columns):
        return not prefix or is_layout_name(prefix)
    return bool(prefix) and is_layout_name(prefix) and _counts(columns, prefix)


def _is_axes(columns: Sequence[str]) -> bool:
    return "".join(name[-1].lower() for name in columns) == _AXES[: len(columns)]
