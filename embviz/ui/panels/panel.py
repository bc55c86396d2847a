"""What the page knows of a tab in its right column: a title, how it is drawn, what is highlighted in the plot."""

from collections.abc import Callable
from dataclasses import dataclass

from embviz.neighbors.query import Neighborhood
from embviz.ui.session import Control
from embviz.view import Forming, View

TABS = Control[str]("tab")
"""Which panel is open, by its title."""


@dataclass(frozen=True, slots=True)
class Highlight:
    """What a panel wants highlighted in the plot while it is open.

    Attributes
    ----------
    classes
        Codes of two classes, which keep their colors while the others are dimmed.
    neighborhood
        Of the pinned item: its neighbors are ringed.
    """

    classes: tuple[int, int] | None = None
    neighborhood: Neighborhood | None = None


def no_highlight(view: View | Forming) -> Highlight:
    """Nothing."""
    return Highlight()


@dataclass(frozen=True, slots=True)
class Panel:
    """One tab of the right column.

    Attributes
    ----------
    title
        What the tab is called; no other has the same.
    draw
        Draws what is in it for the view shown; called at each run of the page while the tab is open. What takes long
        is given to `computed`, and what is to be remembered to `Session`.
    highlight
        What is to be highlighted in the plot meanwhile; called before `draw`, so it must be quick.
    """

    title: str
    draw: Callable[[View | Forming], None]
    highlight: Callable[[View | Forming], Highlight] = no_highlight
