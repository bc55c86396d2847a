"""The `Panel` value, a tab of the right column: its title, how it is drawn, and what it highlights in the plot."""

from collections.abc import Callable
from dataclasses import dataclass

from embviz.neighbors.query import Neighborhood
from embviz.ui.session import Control
from embviz.view import Forming, View

TABS = Control[str]("tab")
"""The control that says which panel is open, by the panel's title."""


@dataclass(frozen=True, slots=True)
class Highlight:
    """The classes or neighbors that a panel highlights in the plot while it is open.

    Attributes
    ----------
    classes
        Codes of two classes, which keep their colors while the others are dimmed.
    neighborhood
        The pinned item's neighborhood, whose items are marked with rings.
    """

    classes: tuple[int, int] | None = None
    neighborhood: Neighborhood | None = None


def no_highlight(view: View | Forming) -> Highlight:
    """No highlight."""
    return Highlight()


@dataclass(frozen=True, slots=True)
class Panel:
    """One tab of the right column.

    Attributes
    ----------
    title
        Title of the tab, different from those of all other tabs.
    draw
        Function that draws the content of the tab for the view shown; called at each run of the page while the tab
        is open. It leaves long computations to `computed`, and keeps what is to be remembered in the `Session`.
    highlight
        Function that says what to highlight in the plot while the tab is open; called before `draw`, so it must be
        quick.
    """

    title: str
    draw: Callable[[View | Forming], None]
    highlight: Callable[[View | Forming], Highlight] = no_highlight
