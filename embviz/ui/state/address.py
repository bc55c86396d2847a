"""The view on the page as a `ViewState`, for its address and for bookmarks; and the restored pin and selection."""

import numpy as np

from embviz.coloring import ColorBy
from embviz.datasets.source import DataSource
from embviz.saved.view_state import MOST_CHARACTERS, ViewState, view_state_text
from embviz.ui.contract.focus import Focus, id_set
from embviz.ui.contract.requests import source_of
from embviz.ui.focus import focus_in, set_focus
from embviz.ui.pane import Pane
from embviz.ui.panels.panel import TABS
from embviz.ui.session import session
from embviz.ui.state.restoring import data_name, focus_brought_back, restoring
from embviz.view import Forming, View, ViewSpec


def state_now(pane: Pane, spec: ViewSpec, shown: View | Forming, color: ColorBy | None) -> ViewState:
    """The state of the page: what the controls ask for, and what is pinned and selected if it is of the same data.

    Parameters
    ----------
    pane
        The pane whose focus it is.
    spec
        The view spec that the controls ask for.
    shown
        The view that is drawn, which may still be another one.
    color
        The coloring of the points; None for the usual one.
    """
    focus = focus_in(pane, shown.dataset) if shown.spec.source == spec.source else Focus()
    return ViewState(
        projection=spec.projection,
        data=data_name(spec.source),
        split=spec.split,
        limit=spec.limit,
        features=spec.features.name,
        color=color,
        pair=session().pair,
        tab=TABS.value_or(""),
        pinned=focus.pinned,
        selected=tuple(focus.selected_ids().tolist()),
    )


def address_of(state: ViewState, source: DataSource) -> str:
    """The query of the page's address; empty for data that only this visitor has: others would see something else."""
    return view_state_text(state, MOST_CHARACTERS) if data_name(source) else ""


def bring_back_focus(pane: Pane, shown: View | Forming) -> None:
    """Restore the pinned and selected items once their data are shown; a sentence says how many are not there."""
    found = restoring()
    state = found.wanted
    if not found.has_focus or state is None or state.data not in ("", data_name(shown.spec.source)):
        return
    n = shown.dataset.n_source
    kept = [number for number in state.selected if number < n]
    pinned = state.pinned if state.pinned is None or state.pinned < n else None
    lost = len(state.selected) - len(kept) + (pinned != state.pinned)
    focus_brought_back(f"Not among these data: {lost:,} of the pinned and selected items." if lost else "")
    before = focus_in(pane, shown.dataset)
    if (pinned, tuple(kept)) != (before.pinned, tuple(before.selected_ids().tolist())):
        mask = id_set(np.array(kept, np.int64), n) if kept else None
        set_focus(pane, Focus(source_of(shown.dataset), before.serial + 1, pinned, mask))
