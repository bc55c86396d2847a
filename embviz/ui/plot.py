"""Draws the plot of a pane: tells its projector what to show, and passes what it answers to that pane."""

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
