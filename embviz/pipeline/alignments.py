"""Layouts laid over each other; not stored, because that takes milliseconds."""

from embviz.alignment import Alignment, alignment
from embviz.projection.projection import Projection


def alignment_of(projection: Projection, reference: Projection) -> Alignment | None:
    """The layout laid over another one of the same source; None where nothing tells how to turn it."""
    return alignment(projection, reference)
