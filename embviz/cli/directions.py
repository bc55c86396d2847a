"""Directions of a layout, as the command line names their ends: classes, expressions, or all items."""

import argparse
from typing import TYPE_CHECKING

from embviz.cli.given import preprocess_given
from embviz.errors import SpecError

if TYPE_CHECKING:
    from embviz.dataset import Dataset
    from embviz.projection.directions.spec import Directions, End


def directions_spec(options: argparse.Namespace, dataset: "Dataset") -> "Directions":
    """The spec of a layout along the directions that the options name, each as two ends.

    An end is the name of a class, ``all``, or an expression over columns such as ``label in (1, 7)``.

    Raises
    ------
    SpecError
        If there are not two or three directions, not as many as dimensions, or an end is none of these.
    """
    from embviz.projection.directions.spec import Direction, Directions

    given, dims = options.direction, options.dims
    if not given or (dims is not None and dims != len(given)):
        wanted = f"{dims} for --dims {dims}" if dims is not None else "two or three"
        raise SpecError(f"directions needs --direction FROM TO once for each axis, {wanted}; got {len(given or [])}")
    pairs = [[_end(text, dataset) for text in ends] for ends in given]
    return Directions(tuple(Direction(start, end) for start, end in pairs), preprocess_given(options))


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
        raise SpecError(f"{text!r:.80} is no class, not the word all, and no expression: {error}") from error
    if not len(found):
        raise SpecError(f"{text!r:.80} is true of no item of {dataset.title}; give another expression, or a class")
    return End(text, "chosen", id_set(found))
