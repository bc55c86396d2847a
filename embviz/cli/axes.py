"""Axes named on the command line, as specs of layouts: directions between items, or columns."""

import argparse
from typing import TYPE_CHECKING

from embviz.cli.given import preprocess_given
from embviz.errors import SpecError

if TYPE_CHECKING:
    from embviz.dataset import Dataset
    from embviz.projection.directions.spec import End
    from embviz.projection.specs import Columns, Directions


def axes_spec(options: argparse.Namespace, dataset: "Dataset") -> "Directions | Columns":
    """The spec of a layout whose axes the options name, by the method ``directions`` or ``columns``.

    Raises
    ------
    SpecError
        If the options name another number of axes than dimensions, or an end of a direction that cannot be found.
    """
    return _columns_spec(options, dataset) if options.method == "columns" else _directions_spec(options, dataset)


def _columns_spec(options: argparse.Namespace, dataset: "Dataset") -> "Columns":
    """The spec of a layout by columns: each by its name, or a feature by its number if no column has that name."""
    from embviz.projection.specs import Columns

    given = options.axes or []
    _check_number("columns needs --axes with a column for each axis", len(given), options.dims)
    numbers = {text for text in given if text.isascii() and text.isdecimal() and len(text) < 10}
    columns = tuple(int(text) if text in numbers - dataset.metadata.keys() else text for text in given)
    return Columns(columns, preprocess_given(options))


def _directions_spec(options: argparse.Namespace, dataset: "Dataset") -> "Directions":
    """The spec of a layout along the directions that the options name, each as two ends.

    An end is the name of a class, ``all``, or an expression over columns such as ``label in (1, 7)``.

    Raises
    ------
    SpecError
        If there are not two or three directions, not as many as dimensions, or an end is none of these or has no items.
    """
    from embviz.projection.directions.spec import Direction, Directions

    given = options.direction or []
    _check_number("directions needs --direction FROM TO once for each axis", len(given), options.dims)
    pairs = [[_end(text, dataset) for text in ends] for ends in given]
    return Directions(tuple(Direction(start, end) for start, end in pairs), preprocess_given(options))


def _check_number(needed: str, n: int, dims: int | None) -> None:
    if n == 0 or (dims is not None and dims != n):
        wanted = f"{dims} for --dims {dims}" if dims is not None else "two or three"
        raise SpecError(f"{needed}, {wanted}; got {n}")


def _end(text: str, dataset: "Dataset") -> "End":
    from embviz.items.id_set import id_set
    from embviz.projection.directions.spec import End
    from embviz.search import Query, found_ids, search_columns

    if text in dataset.class_names:
        return End(text, "class")
    if text == "all":
        return End()
    try:
        found = found_ids(Query(text, "expression"), search_columns(dataset))
    except SpecError as error:
        raise SpecError(f"{text!r:.80} is not a class, not the word all, and not an expression: {error}") from error
    if not len(found):
        raise SpecError(f"{text!r:.80} matches no items of {dataset.title}; give another expression, or a class")
    return End(text, "chosen", id_set(found))
