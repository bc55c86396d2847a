"""The view that the sidebar asks for: looked up, computed when Run is pressed; and what is drawn meanwhile."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import streamlit as st

from embviz.errors import DatasetError, Unwatched
from embviz.features.features import Activations, Pixels
from embviz.jobs.durations import Clock, expected_plan, keep_durations
from embviz.progress import Progress
from embviz.projection.run.wishes import MORE
from embviz.projection.specs import Pca
from embviz.storage.store import default_store
from embviz.ui.first_picture import TAB_MEANWHILE, first_picture
from embviz.ui.panels.panel import TABS
from embviz.ui.run import Run
from embviz.ui.session import session
from embviz.ui.waiting.computed import Computation, computed, never
from embviz.ui.waiting.pending import Pending, pending_card, pending_of
from embviz.ui.words import filled
from embviz.view import Forming, Inputs, View, ViewSpec, inputs_of, view_of, work_of

State = Literal["shown", "running", "forming", "not computed", "beginning", "failed"]
"""What has become of what was asked for; beginning: it will be computed when the browser has drawn what is there."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Outcome of asking for a view: itself, or what has to be computed when somebody presses Run.

    Attributes
    ----------
    backdrop
        What can be drawn meanwhile, where nothing else was drawn before.
    held
        What Run will need, held in memory so that it is not read again.
    """

    view: View | None
    pending: Pending | None = None
    backdrop: View | None = None
    held: Inputs | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """What the page opens on, until it begins or something else is asked for; it begins without being asked for."""

    spec: ViewSpec | None = None


@dataclass(frozen=True, slots=True)
class Press:
    """Whether a run is to start with the next run of the page.

    Attributes
    ----------
    only
        Start it only if the controls say this then; None starts one of whatever they say.
    """

    is_new: bool = False
    only: ViewSpec | None = None


VIEW = Computation[Asked]("view")


def current_view(spec: ViewSpec) -> tuple[View | Forming | None, State]:
    """The view to draw, and what has become of the one asked for; the last one stays until that can be seen."""
    run = _asked_run(spec)
    visitor = session()
    before = visitor.view
    if visitor.kept(Opening).spec != spec:
        visitor.keep(Opening())

    work = partial(_asked, spec, run, before is None)
    found = computed(VIEW, (spec, run is not None), work, shows_itself=run.is_visible if run else never)
    if found.state == "cancelled":
        if isinstance(found.error, Unwatched):
            st.warning(filled("{error} Press Run to start again.", error=found.error))
        cancelled, visitor.run = visitor.run, None
        if cancelled is not None:
            _as_before(cancelled)
            return current_view(spec)
        pending_card(spec, None, begin)
        return before, "not computed"
    if found.state == "failed":
        if run is not None:
            run.has_failed = True
        return before, "failed"
    asked = found.value
    if asked is None:
        if run is not None and run.is_visible():
            return run.forming, "forming"
        return before, "running"
    if asked.pending is not None:
        if before is None and _is_first_picture(spec):
            visitor.view = asked.backdrop
            TABS.show(TAB_MEANWHILE)
            visitor.keep(Opening(spec))
        if visitor.kept(Opening).spec == spec:
            return before or asked.backdrop, "beginning"
        pending_card(spec, asked.pending, begin)
        return before or asked.backdrop, "not computed"
    visitor.view = asked.view
    return asked.view, "shown"


def _is_first_picture(spec: ViewSpec) -> bool:
    try:
        return spec == first_picture(default_store())
    except DatasetError:  # files that cannot be read: where they are chosen, it is said why
        return False


def _asked(spec: ViewSpec, run: Run | None, needs_backdrop: bool, clock: Clock) -> Asked:
    """The view, computed if a run was started for it; otherwise found, or else what computing it takes."""
    store = default_store()
    held = inputs_of(spec, store=store, progress=clock)
    needed = work_of(spec, store=store, progress=clock)
    if run is not None or isinstance(spec.projection, Pca):
        clock.plan = expected_plan(needed, store)
    if run is None:
        view = view_of(spec, compute=False, store=store, progress=clock)
    else:
        view = view_of(spec, compute=True, store=store, progress=clock, on_forming=run.begin, steering=run.steering)
    if view is None:
        return Asked(None, pending_of(needed, store), _backdrop(spec, clock) if needs_backdrop else None, held)
    if not view.projection.departure:
        keep_durations(needed, clock.passed(), store)
    return Asked(view)


def _backdrop(spec: ViewSpec, progress: Progress) -> View | None:
    """Principal components, which are quickly there: of the features, or of the pixels if a classifier makes these."""
    features = Pixels() if isinstance(spec.features, Activations) else spec.features
    spec = replace(spec, features=features, projection=Pca(spec.projection.n_components))
    return view_of(spec, compute=False, store=default_store(), progress=progress)


def begin(only: ViewSpec | None = None) -> None:
    """Start a run of what the controls say then, or of `only` this if they still say so."""
    visitor = session()
    visitor.keep(Press(True, only))
    visitor.keep(Opening())


def try_again() -> None:
    """Ask once more for what has failed."""
    if session().run is not None:
        begin()
    VIEW.forget()


def _asked_run(spec: ViewSpec) -> Run | None:
    """The run started for `spec`, unless something else was asked for since."""
    visitor = session()
    run, press = visitor.run, visitor.kept(Press)
    visitor.keep(Press())
    starts = press.is_new and press.only in (None, spec)
    if starts and not (run is not None and run.is_asked and run.spec == spec and VIEW.is_running):  # pressed twice
        run = visitor.run = Run(spec)  # with what the controls say now: they may have changed with the press
    if run is None:
        return None
    run.is_asked = run.is_asked and run.spec == spec
    if not (run.is_asked or run.is_as_planned()):
        visitor.run = None  # nothing will show it again, and its frames are large
    return run if run.is_asked else None


def run_of(shown: View | Forming) -> Run | None:
    """The last run, if what is shown came from it."""
    run = session().run
    return run if run is not None and run.made(shown.spec) else None


def go_on(run: Run | None) -> None:
    """Take a run further that has ended; what no run has made cannot go on."""
    if run is None:
        return
    forming = run.forming
    assert forming is not None, "it has made the layout that is there"
    if forming.steering.state == "ended" and forming.steering.layout is not None:  # pressed twice, it runs already
        forming.steering.go_on(MORE)
        made = VIEW.set_aside()
        assert made is not None, "its result is what is shown"
        session().run = Run(run.spec, steering=forming.steering, earlier=(run, made), place=run.place)


def _as_before(run: Run) -> None:
    """Take back that a run goes on, which was cancelled before it moved: what it had made is there again."""
    if run.earlier is not None:
        before, made = run.earlier
        assert before.forming is not None, "it has made the layout that is there"
        before.forming.steering.end()
        session().run = before
        VIEW.take_back(made)
