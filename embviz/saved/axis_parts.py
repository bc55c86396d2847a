"""Chosen axes of a layout, directions or columns, written as parameters of an address, and read from them."""

from collections.abc import Sequence

import numpy as np

from embviz.errors import InputError
from embviz.items.id_ranges import id_ranges, ids_in_ranges
from embviz.items.id_set import id_set
from embviz.projection.columns.spec import Columns
from embviz.projection.directions.spec import Direction, Directions, End


def direction_parts(spec: Directions) -> list[tuple[str, str]]:
    """Parameters ``from`` and ``to`` of an address for each direction, in their order.

    Examples
    --------
    >>> one, seven = End("1", "class"), End("7", "class")
    >>> direction_parts(Directions((Direction(one, seven), Direction(End(), one))))
    [('from', 'class:1'), ('to', 'class:7'), ('from', 'all'), ('to', 'class:1')]
    """
    ends = [(name, end) for each in spec.directions for name, end in (("from", each.start), ("to", each.end))]
    return [(name, _end_text(end)) for name, end in ends]


def directions_of_parts(
    starts: Sequence[str], ends: Sequence[str], preprocess: str | None = None, seed: int = 0
) -> Directions:
    """Spec of a layout along the directions that `direction_parts` wrote.

    Raises
    ------
    InputError
        If there are not two or three directions, or an end of one cannot be read.

    Examples
    --------
    >>> directions_of_parts(["class:1", "chosen:3-5:mine"], ["all", "class:1"]).directions[1].start.ids.ids.tolist()
    [3, 4, 5]
    """
    if len(starts) != len(ends):
        raise InputError(f"directions need as many from as to, got {len(starts)} and {len(ends)}")
    pairs = zip(map(_end_of, starts), map(_end_of, ends), strict=True)
    return Directions(tuple(Direction(start, end) for start, end in pairs), preprocess, seed)


def column_parts(spec: Columns) -> list[tuple[str, str]]:
    """A parameter ``axis`` of an address for each column, in their order.

    Examples
    --------
    >>> column_parts(Columns(("width", 3)))
    [('axis', 'column:width'), ('axis', 'feature:3')]
    """
    texts = (f"feature:{column}" if isinstance(column, int) else f"column:{column}" for column in spec.columns)
    return [("axis", text) for text in texts]


def columns_of_parts(texts: Sequence[str]) -> tuple[int | str, ...]:
    """The columns that `column_parts` wrote.

    Raises
    ------
    InputError
        If one of them cannot be read.
    """
    return tuple(map(_column_of, texts))


def _column_of(text: str) -> int | str:
    kind, _, rest = text.partition(":")
    if kind == "column":
        return rest
    if kind == "feature" and rest.isascii() and rest.isdecimal() and len(rest) < 10:
        return int(rest)
    raise InputError(f"an axis is column:NAME or feature:NUMBER, got {text!r:.60}")


def _end_text(end: End) -> str:
    match end.kind:
        case "all":
            return "all"
        case "class":
            return f"class:{end.name}"
        case "chosen":
            return f"chosen:{id_ranges(np.array(end.ids.ids))}:{end.name}"


def _end_of(text: str) -> End:
    kind, _, rest = text.partition(":")
    if kind == "class":
        return End(rest, "class")
    if kind == "chosen":
        ids, _, name = rest.partition(":")
        return End(name, "chosen", id_set(list(ids_in_ranges(ids))))
    if text != "all":
        raise InputError(f"an end of a direction is all, class:NAME or chosen:IDS:NAME, got {text!r:.60}")
    return End()
