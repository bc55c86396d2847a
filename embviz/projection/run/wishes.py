"""What may be asked of a layout that forms, and what may not."""

from dataclasses import dataclass
from typing import Literal

from embviz.errors import SpecError
from embviz.projection.layout import Layout

Planned = Literal["planned"]

PLANNED: Planned = "planned"
"""Asks for a number as the spec has it, after another one was asked for."""

MORE = 250
"""Iterations or epochs that one press adds."""

MOST_ITERATIONS, MOST_SHAKES = 1_000_000_000, 1_000
"""In one wish."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the optimizer is asked to do next.

    Attributes
    ----------
    more
        Iterations to add to those planned.
    perturbations
        How often to shake the layout.
    learning_rate, exaggeration
        Use these from now on, or go back to what was `PLANNED`; None leaves them as they are.
    """

    more: int = 0
    perturbations: int = 0
    learning_rate: float | Planned | None = None
    exaggeration: float | Planned | None = None


def check_count(name: str, number: int, least: int, most: int) -> None:
    """Refuse a number of iterations or shakes that is out of range.

    Raises
    ------
    SpecError
        If it is.
    """
    if not least <= number <= most:
        raise SpecError(f"{name} must be in {least:,}..{most:,}, got {number:,}")


def check_can_exaggerate(layout: Layout) -> None:
    """Refuse another exaggeration for a method that has none.

    Raises
    ------
    SpecError
        If it is one.
    """
    if not layout.state.can_exaggerate:
        raise SpecError(f"{layout.state.name} has no exaggeration; leave it as it is")
