"""Alignments of layouts, so that they can be drawn over each other; not stored, because they take milliseconds."""

from embviz.alignment import Alignment, alignment
from embviz.projection.projection import Projection


def alignment_of(projection: Projection, reference: Projection) -> Alignment | None:
    """The alignment of a layout to another one of the same source; None if its rotation is not determined."""
    return alignment(projection, reference)
