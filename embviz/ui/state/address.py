"""The view on the page as a `ViewState` for addresses and bookmarks, and the restoration of its camera and focus."""

import secrets
from dataclasses import dataclass

import numpy as np

from embviz.coloring import ColorBy
from embviz.datasets.source import DataSource
from embviz.features.features import classifier_of
from embviz.saved.view_state import MOST_CHARACTERS, ViewState, view_state_text
from embviz.ui.contract.focus import Focus, id_set
from embviz.ui.contract.messages import LookMessage
from embviz.ui.contract.requests import source_of
from embviz.ui.current_view import AS_ASKED, State
from embviz.ui.focus import focus_in, set_focus
from embviz.ui.pane import Pane
from embviz.ui.panels.panel import TABS
from embviz.ui.selecting.isolated_again import isolated_ids
from embviz.ui.session import session
from embviz.ui.state.restoring import brought_back, data_name, restoring, say
from embviz.view import Forming, View, ViewSpec


@dataclass(frozen=True, slots=True)
class Look:
    """The camera or axis ranges that the browser is to restore.

    Attributes
    ----------
    key
        Random text, new for each restoration; empty before the first.
    camera
        As in `ViewState`.
    layout
        `ViewState.layout` of the view that the camera belongs to.
    """

    key: str = ""
    camera: tuple[float, ...] = ()
    layout: tuple[object, ...] = ()


def state_now(pane: Pane, spec: ViewSpec, shown: View | Forming, color: ColorBy | None, label: str) -> ViewState:
    """The state of the page without its camera, which only the browser knows.

    Pinned and selected items are part of it only if they belong to the data that the controls ask for.

    Parameters
    ----------
    pane
        The pane whose isolated, pinned and selected items are meant.
    spec
        The view spec that the controls ask for.
    shown
        The view that is drawn, which may be an earlier one.
    color
        What the points are colored by; None for the usual colors.
    label
        What the points are labeled by; empty for nothing.
    """
    alone, isolated = isolated_ids(pane)
    focus = focus_in(pane, shown.dataset) if shown.spec.source == spec.source else Focus()
    return ViewState(
        projection=spec.projection,
        data=data_name(spec.source),
        split=spec.split,
        limit=spec.limit,
        features=spec.features.name,
        hidden_layers=classifier_of(spec.features),
        color=color,
        pair=session().pair,
        tab=TABS.value_or(""),
        pinned=focus.pinned,
        selected=tuple(focus.selected_ids().tolist()),
        alone=alone,
        isolated=isolated,
        label=label,
    )


def address_of(state: ViewState, source: DataSource) -> str:
    """The query of the page's address; empty for data that only this visitor has: nobody else could open it."""
    return view_state_text(state, MOST_CHARACTERS) if data_name(source) else ""


def look_to_bring_back(pane: Pane, now: ViewState, state: State) -> LookMessage | None:
    """The camera or axis ranges to restore; None if there are none, or they belong to another layout than `now`.

    Parameters
    ----------
    pane
        The pane.
    now
        The state that its controls ask for.
    state
        State of the view that they ask for. Nothing new is restored before that view is drawn.
    """
    found = restoring()
    if found.has_camera and state in AS_ASKED:
        brought_back("camera")
        if found.wanted is not None:
            pane.keep(Look(secrets.token_hex(4), found.wanted.camera, found.wanted.layout))
    look = pane.kept(Look)
    return {"key": look.key, "camera": list(look.camera)} if look.key and look.layout == now.layout else None


def bring_back_focus(pane: Pane, shown: View | Forming) -> None:
    """Restore the pinned and selected items once their data are shown; a sentence says how many the data lack."""
    found = restoring()
    state = found.wanted
    if not found.has_focus or state is None or state.data not in ("", data_name(shown.spec.source)):
        return
    n = shown.dataset.n_source
    kept = [number for number in state.selected if number < n]
    pinned = state.pinned if state.pinned is None or state.pinned < n else None
    lost = len(state.selected) - len(kept) + (pinned != state.pinned)
    brought_back("focus")
    if lost:
        say(f"Not among these data: {lost:,} of the pinned and selected items.")
    before = focus_in(pane, shown.dataset)
    if (pinned, tuple(kept)) != (before.pinned, tuple(before.selected_ids().tolist())):
        mask = id_set(np.array(kept, np.int64), n) if kept else None
        set_focus(pane, Focus(source_of(shown.dataset), before.serial + 1, pinned, mask))
