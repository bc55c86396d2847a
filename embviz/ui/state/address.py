"""The view on the page as a `ViewState`, for its address and for bookmarks; what of one is brought back when shown."""

import secrets
from dataclasses import dataclass

import numpy as np

from embviz.coloring import ColorBy
from embviz.datasets.source import DataSource
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
    """Where the browser is to look from.

    Attributes
    ----------
    key
        Random, another one each time; empty if nothing was said yet.
    camera
        As in `ViewState`.
    layout
        `ViewState.layout` of what it is meant for.
    """

    key: str = ""
    camera: tuple[float, ...] = ()
    layout: tuple[object, ...] = ()


def state_now(pane: Pane, spec: ViewSpec, shown: View | Forming, color: ColorBy | None, label: str) -> ViewState:
    """What the controls ask for, and what is isolated, pinned and selected if it is of the same data; no camera.

    Parameters
    ----------
    pane
        The pane whose focus it is.
    spec
        The view spec that the controls ask for.
    shown
        The view that is drawn, which may still be another one.
    color
        What the points are colored by; None for the usual colors.
    label
        What they are labeled by; empty for nothing.
    """
    alone, isolated = isolated_ids(pane)
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
        alone=alone,
        isolated=isolated,
        label=label,
    )


def address_of(state: ViewState, source: DataSource) -> str:
    """The query of the page's address; empty for data that only this visitor has: others would see something else."""
    return view_state_text(state, MOST_CHARACTERS) if data_name(source) else ""


def look_to_bring_back(pane: Pane, now: ViewState, state: State) -> LookMessage | None:
    """From where the browser is to look if that is to be brought back, and what is shown is what it is meant for.

    Parameters
    ----------
    pane
        The one that is looked at.
    now
        What its controls ask for.
    state
        What has become of it. Once it is shown, the visitor moves the camera.
    """
    found = restoring()
    if found.has_camera and state in AS_ASKED:
        brought_back("camera")
        if found.wanted is not None:
            pane.keep(Look(secrets.token_hex(4), found.wanted.camera, found.wanted.layout))
    look = pane.kept(Look)
    return {"key": look.key, "camera": list(look.camera)} if look.key and look.layout == now.layout else None


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
    brought_back("focus")
    if lost:
        say(f"Not among these data: {lost:,} of the pinned and selected items.")
    before = focus_in(pane, shown.dataset)
    if (pinned, tuple(kept)) != (before.pinned, tuple(before.selected_ids().tolist())):
        mask = id_set(np.array(kept, np.int64), n) if kept else None
        set_focus(pane, Focus(source_of(shown.dataset), before.serial + 1, pinned, mask))
