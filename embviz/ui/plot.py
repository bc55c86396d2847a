"""Drawing of a pane's plot: sends the request to its projector, and passes the answers on to the pane."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from embviz.alignment import Alignment
from embviz.coloring import Coloring
from embviz.items.texts import Texts
from embviz.server import shelf
from embviz.ui.component import projector
from embviz.ui.contract.messages import LookMessage
from embviz.ui.contract.requests import Beside, projector_request
from embviz.ui.current_view import AS_ASKED, State, begin, go_on, run_of
from embviz.ui.focus import focus_in, held_id, set_focus
from embviz.ui.kept.tags import with_tags
from embviz.ui.pane import Pane
from embviz.ui.panels.panel import Highlight
from embviz.ui.session import session
from embviz.ui.sidebar.label import labels_like
from embviz.view import Forming, View, ViewSpec

NO_HIGHLIGHT = Highlight()

KEPT = 4
"""Number of a pane's last drawings whose values are kept, because its browser may still be fetching them."""


@dataclass(frozen=True, eq=False, slots=True)
class Drawn:
    """The values that a pane's browser may still be fetching, newest last; the shelf has only weak references to them.

    Attributes
    ----------
    made
        For each drawing its coloring, its labels and its aligned layout; each is None where the drawing has none.
    """

    made: tuple[tuple[Coloring | None, Texts | None, Alignment | None], ...] = ()


def draw_plot(
    pane: Pane,
    spec: ViewSpec,
    shown: View | Forming,
    state: State,
    coloring: Coloring | None,
    highlight: Highlight = NO_HIGHLIGHT,
    *,
    beside: Beside | None = None,
    focus_of: Pane | None = None,
    address: str = "",
    look: LookMessage | None = None,
    asks_look: str = "",
    on_look: Callable[[LookMessage], None] = lambda look: None,
) -> None:
    """Mount the projector of a pane, which draws the view `shown`.

    Parameters
    ----------
    pane
        The pane.
    spec, state
        The view spec that the pane's controls ask for, and the state of that view; `shown` may be an earlier one.
    coloring
        Colors of the points; None for one color.
    highlight
        Classes or neighbors to highlight.
    beside
        Relation to the other panes that are compared; None for a pane that is alone.
    focus_of
        Pane whose focus is shown and set; None for `pane`. Panes that are compared use the focus of the first one.
    address
        Query to be written into the address of the page; empty leaves the address as it is.
    look
        Camera or axis ranges to restore; None leaves the view of the plot as it is.
    asks_look, on_look
        Key of a request for the browser's present camera or axis ranges, empty for no request; and a function that
        gets the answer.
    """
    focused = pane if focus_of is None else focus_of
    run = run_of(pane, shown)
    labels = labels_like(with_tags(shown))
    made = (coloring, labels, None if beside is None else beside.alignment)
    pane.keep(Drawn((*pane.kept(Drawn).made, made)[-KEPT:]))
    request = projector_request(
        pane.key,
        shown,
        coloring,
        highlight.classes,
        focus_in(focused, shown.dataset),
        shelf,
        run,
        highlight.neighborhood,
        is_asked=state in AS_ASKED,
        begins=state == "beginning",
        is_at_work=pane.run is not None and pane.run.job.is_running,
        labels=labels,
        held=held_id(shown.dataset),
        session=session().key,
        beside=beside,
        address=address,
        look=look,
        asks_look=asks_look,
    )
    on_more, on_begin = partial(go_on, pane, run), partial(begin, pane, spec)
    projector(request, partial(set_focus, focused), on_more, on_begin, on_look)
