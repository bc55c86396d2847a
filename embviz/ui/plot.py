"""Draws the plot of a pane: tells its projector what to show, and passes what it answers to that pane."""

from dataclasses import dataclass
from functools import partial

from embviz.coloring import Coloring
from embviz.server import shelf
from embviz.ui.component import projector
from embviz.ui.contract.requests import projector_request
from embviz.ui.current_view import State, begin, go_on, run_of
from embviz.ui.focus import focus_in, set_focus
from embviz.ui.pane import Pane
from embviz.ui.panels.panel import Highlight
from embviz.view import Forming, View, ViewSpec

NO_HIGHLIGHT = Highlight()

KEPT = 4
"""Colorings of a pane that are kept: its browser may still be fetching the one before."""


@dataclass(frozen=True, eq=False, slots=True)
class Drawn:
    """The colors that a pane was told to draw in last, the newest at the end: the shelf holds none for itself."""

    colorings: tuple[Coloring | None, ...] = ()


def draw_plot(
    pane: Pane,
    spec: ViewSpec,
    shown: View | Forming,
    state: State,
    coloring: Coloring | None,
    highlight: Highlight = NO_HIGHLIGHT,
) -> None:
    """Mount the projector of a pane, which is asked for `spec`, and shows what `current_view` gave, in these colors."""
    run = run_of(pane, shown)
    pane.keep(Drawn((*pane.kept(Drawn).colorings, coloring)[-KEPT:]))
    request = projector_request(
        pane.key,
        shown,
        coloring,
        highlight.classes,
        focus_in(pane, shown.dataset),
        shelf,
        run,
        highlight.neighborhood,
        is_asked=state in ("shown", "forming"),
        begins=state == "beginning",
        is_at_work=pane.run is not None and pane.run.job.is_running,
    )
    projector(request, partial(set_focus, pane), partial(go_on, pane, run), partial(begin, pane, spec))
