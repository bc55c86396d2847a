"""The view of a pane: looked up, or computed when Run is pressed; an earlier one stays until the new one is there."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import streamlit as st

from embviz.errors import DatasetError, SpecError, Unwatched
from embviz.features.features import Activations, Pixels
from embviz.jobs.clock import Clock
from embviz.jobs.durations import expected_plan
from embviz.jobs.latest import Latest
from embviz.progress import Progress
from embviz.projection.specs import LinearSpec, Pca
from embviz.run import Run, started_run
from embviz.storage.store import default_store
from embviz.ui.first_picture import TAB_MEANWHILE, first_picture
from embviz.ui.pane import Pane
from embviz.ui.panels.panel import TABS
from embviz.ui.state.restoring import names_a_tab
from embviz.ui.waiting import computed
from embviz.ui.waiting.brief import job_waited_for, wait_briefly
from embviz.ui.waiting.computed import outcome_of
from embviz.ui.waiting.pending import Pending, pending_card, pending_of
from embviz.ui.words import as_text, filled
from embviz.view import Forming, Inputs, View, ViewSpec, inputs_of, view_of, work_of

State = Literal["shown", "running", "forming", "not computed", "beginning", "failed"]
"""State of the view that was asked for; beginning: it will be computed once the browser has drawn the plot."""

AS_ASKED: tuple[State, ...] = ("shown", "forming")
"""States in which the plot shows the view that was asked for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Outcome of looking up a view: the view itself, or the work that has to be done when somebody presses Run.

    Attributes
    ----------
    view
        The view; None if it has to be computed.
    pending
        The work that Run would do; None if the view was found.
    backdrop
        View to draw until the one asked for is computed, if the pane has drawn none before; else None.
    held
        Data and features that Run will need, held so that they are not read again; None if the view was found.
    """

    view: View | None
    pending: Pending | None = None
    backdrop: View | None = None
    held: Inputs | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """View spec that the page opens with and computes without Run; None once it begins or another one is asked for."""

    spec: ViewSpec | None = None


@dataclass(frozen=True, slots=True)
class Press:
    """Whether a run is to start with the next run of the page.

    Attributes
    ----------
    only
        Start the run only if the controls still ask for this view spec; None starts a run of whatever they ask for.
    """

    is_new: bool = False
    only: ViewSpec | None = None


class Lookup(Latest[Asked]):
    """The last lookup of a pane's view; a lookup computes nothing that takes long."""


def current_view(pane: Pane, spec: ViewSpec) -> tuple[View | Forming | None, State]:
    """The view to draw in a pane, and the state of the view that `spec` asks for.

    Until the view asked for can be drawn, the pane's earlier view is returned, or None if there is none.
    """
    if pane.kept(Opening).spec != spec:
        pane.keep(Opening())
    run = _asked_run(pane, spec)
    return _found_view(pane, spec) if run is None else _made_view(pane, run)


def _made_view(pane: Pane, run: Run) -> tuple[View | Forming | None, State]:
    """The view to draw during and after a run, and the state of the view that the run computes."""
    made = outcome_of(run.job, pane.named("view"), shows_itself=lambda: run.is_visible)
    if made.state == "cancelled":
        if isinstance(made.error, Unwatched):
            st.warning(filled("{error} Press Run to start again.", error=made.error))
        pane.run = run.before
        pane.kept(Lookup).forget()  # part of the work that it listed may be done by now
        return current_view(pane, run.spec)
    if made.state == "failed":
        return pane.view, "failed"
    if made.value is None:
        return (run.forming, "forming") if run.is_visible else (pane.view, "running")
    pane.kept(Lookup).forget()  # it found that the view had to be computed
    pane.view = made.value
    return made.value, "shown"


def _found_view(pane: Pane, spec: ViewSpec) -> tuple[View | Forming | None, State]:
    """The view to draw if no run is under way, and the state of the one asked for; draws the card with Run if due."""
    before = pane.view
    look_up = partial(_looked_up, spec, before is None)
    looking = job_waited_for(pane.kept(Lookup), spec, look_up, computed.PATIENCE)
    found = outcome_of(looking, pane.named("view"))
    if found.state == "cancelled":
        pending_card(pane, spec, None, partial(begin, pane))
        return before, "not computed"
    if found.state == "failed":
        return before, "failed"
    asked = found.value
    if asked is None:
        return before, "running"
    if asked.pending is not None:
        if before is None and _is_first_picture(spec):
            pane.view = asked.backdrop
            if not names_a_tab():
                TABS.show(TAB_MEANWHILE)
            pane.keep(Opening(spec))
        if pane.kept(Opening).spec == spec:
            return before or asked.backdrop, "beginning"
        pending_card(pane, spec, asked.pending, partial(begin, pane))
        return before or asked.backdrop, "not computed"
    pane.view = asked.view
    return asked.view, "shown"


def _is_first_picture(spec: ViewSpec) -> bool:
    try:
        return spec == first_picture(default_store())
    except DatasetError:  # the files cannot be read; the sidebar says why
        return False


def _looked_up(spec: ViewSpec, needs_backdrop: bool, clock: Clock) -> Asked:
    """The view if it is stored or quickly computed, else the work that computing it takes."""
    store = default_store()
    held = inputs_of(spec, store=store, progress=clock)
    needed = work_of(spec, held, store=store)
    if isinstance(spec.projection, LinearSpec):
        clock.plan = expected_plan(needed, store)
    view = view_of(spec, compute=False, store=store, progress=clock)
    if view is None:
        return Asked(None, pending_of(needed, store), _backdrop(spec, clock) if needs_backdrop else None, held)
    return Asked(view)


def _backdrop(spec: ViewSpec, progress: Progress) -> View | None:
    """A PCA layout, quick to compute: of the features, or of the pixels if the features are a classifier's layer."""
    features = Pixels() if isinstance(spec.features, Activations) else spec.features
    spec = replace(spec, features=features, projection=Pca(spec.projection.n_components))
    return view_of(spec, compute=False, store=default_store(), progress=progress)


def begin(pane: Pane, only: ViewSpec | None = None) -> None:
    """Have the next run of the page start computing the view that the controls ask for.

    If `only` is given, nothing starts unless the controls still ask for exactly that view spec.
    """
    pane.keep(Press(True, only))
    pane.keep(Opening())


def try_again(pane: Pane) -> None:
    """Try once more to compute or look up a view after that has failed."""
    if pane.run is not None:
        begin(pane)
    pane.kept(Lookup).forget()


def drop(pane: Pane) -> None:
    """Stop all that is computed for a pane, because it is closed."""
    if pane.run is not None:
        pane.run.drop()
        pane.run = None
    pane.kept(Lookup).forget()


def _asked_run(pane: Pane, spec: ViewSpec) -> Run | None:
    """The run for `spec`, started now if Run was pressed; None if there is none, or something else was asked for."""
    run, press = pane.run, pane.kept(Press)
    pane.keep(Press())
    starts = press.is_new and press.only in (None, spec)
    if starts and not (run is not None and run.is_asked and run.spec == spec and run.job.is_running):  # pressed twice
        if run is not None:
            run.drop()
        run = _taken_over(pane, started_run(spec, store=default_store()))  # of the view that the controls ask for now
    if run is None:
        return None
    if run.spec != spec:
        run.drop()
    if not (run.is_asked or run.is_as_planned):
        pane.run = None  # nothing will show it again, and its frames are large
    return run if run.is_asked else None


def _taken_over(pane: Pane, run: Run) -> Run:
    """Make a run that has just started the pane's last one, and wait briefly, so that quick work shows no progress."""
    pane.run = run
    wait_briefly(run.job, computed.PATIENCE)
    return run


def run_of(pane: Pane, shown: View | Forming) -> Run | None:
    """The last run of a pane, if the pane shows the layout that this run is computing or has computed; else None."""
    run = pane.run
    if run is None:
        return None
    is_forming = run.forming is shown  # also if the run has failed a moment ago: the page then runs again
    return run if is_forming or run.made(shown.spec) else None


def go_on(pane: Pane, run: Run | None) -> None:
    """Continue a run that has ended; does nothing if it is no longer the pane's last run, as after a double click."""
    if run is None or run is not pane.run:
        return
    try:
        _taken_over(pane, run.gone_on())
    except SpecError as error:  # its layout was dropped from memory, because another visitor's run has ended since
        st.toast(as_text(error))
