"""The `Wishes` value: changes that a visitor asks of a layout while it forms, and checks of their ranges."""

from dataclasses import dataclass
from typing import Literal

from embviz.errors import SpecError
from embviz.projection.layout import Layout

Planned = Literal["planned"]

PLANNED: Planned = "planned"
"""Asks for the spec's own value again, after another one was asked for."""

MORE = 250
"""Number of iterations or epochs that one press of the page's button adds."""

MOST_ITERATIONS, MOST_SHAKES = 1_000_000_000, 1_000
"""Largest numbers of iterations and of perturbations in one wish."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """Changes that the optimizer is asked to make next.

    Attributes
    ----------
    more
        Iterations to add to those planned.
    perturbations
        Number of times to perturb the layout.
    learning_rate, exaggeration
        Values from now on; `PLANNED` for those of the spec again; None leaves them as they are.
    """

    more: int = 0
    perturbations: int = 0
    learning_rate: float | Planned | None = None
    exaggeration: float | Planned | None = None


def check_count(name: str, number: int, least: int, most: int) -> None:
    """Refuse a number of iterations or perturbations that is out of range.

    Raises
    ------
    SpecError
        If it is out of range.
    """
    if not least <= number <= most:
        raise SpecError(f"{name} must be in {least:,}..{most:,}, got {number:,}")


def check_can_exaggerate(layout: Layout) -> None:
    """Refuse another exaggeration for a method that has none.

    Raises
    ------
    SpecError
        If the layout's method has no exaggeration.
    """
    if not layout.state.can_exaggerate:
        raise SpecError(f"{layout.state.name} has no exaggeration; leave it as it is")
