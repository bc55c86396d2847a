"""The run in the sidebar: what steers a layout while it forms."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from secrets import token_urlsafe

import streamlit as st

from embviz.projection.specs import ProjectionSpec, Tsne
from embviz.projection.steering import PLANNED, Planned, Steering
from embviz.projection.titles import steps_of
from embviz.server import LiveRun, live_runs
from embviz.ui.contract import RunAddress
from embviz.ui.watch import forget, started_job
from embviz.ui.words import Markdown, filled
from embviz.view import Forming, ViewSpec

MORE = 250
"""Iterations or epochs that one press adds."""


@dataclass(eq=False, slots=True)
class Run:
    """What pressing Run has started. Kept until the next one: its frames can be replayed.

    Attributes
    ----------
    spec
        What was asked for.
    is_asked
        Whether it still is: False once something else was asked for, which ends the run.
    steering
        That of the run that goes on in this one, or None.
    forming
        The layout while it forms and after; set by the job's thread, None before.
    has_failed
        Whether it ended with an error, and so made no layout.
    place
        See `RunAddress`.
    """

    spec: ViewSpec
    is_asked: bool = True
    steering: Steering | None = None
    forming: Forming | None = None
    has_failed: bool = False
    place: str = field(default_factory=partial(token_urlsafe, 8))
    _live: LiveRun | None = None
    _address: RunAddress | None = None

    def begin(self, forming: Forming) -> None:
        """Take over the layout that begins to form."""
        self.forming = forming

    def made(self, spec: ViewSpec) -> bool:
        """Whether the layout of this spec that is there is the one this run made."""
        if self.spec != spec or self.forming is None or self.has_failed:
            return False
        return self.is_asked or self.is_as_planned()

    def is_as_planned(self) -> bool:
        """Whether it ran to its end and was not steered, so that it made what its spec describes."""
        steering = None if self.forming is None else self.forming.steering
        return steering is not None and steering.state == "ended" and not steering.was_steered

    def is_visible(self) -> bool:
        """Whether there is something to look at."""
        return self.forming is not None and self.forming.steering.newest is not None

    def address(self) -> RunAddress | None:
        """Where the page asks for frames; None where there were none.

        What answers there is held here, and nowhere else.
        """
        job = started_job("view")
        if self._address is None and self.forming is not None and job is not None:
            self._live = LiveRun(self.forming.steering, job)
            self._address = RunAddress(live_runs.put(self._live), self.place)
        return self._address


def go_on_button(run: Run) -> None:
    """Draw what takes a run further that has ended, if it still can: see `keep_ended`."""
    forming = run.forming
    assert forming is not None, "it has made the layout that is there"
    if forming.steering.layout is None:
        return

    def go_on() -> None:
        if forming.steering.state == "ended":  # pressed twice, it runs already
            forming.steering.go_on(MORE)
            st.session_state["run"] = Run(run.spec, steering=forming.steering, place=run.place)
            forget("view")

    label: Markdown = filled("+{more} {step}s", more=MORE, step=steps_of(run.spec.projection))
    st.button(label, on_click=go_on, help="Go on from here.", width="stretch")


@st.fragment
def run_panel(forming: Forming) -> None:
    """Draw the buttons. How far it has come is told by the plot, which knows it first."""
    steering, spec = forming.steering, forming.spec.projection
    _buttons(steering)
    _number_wishes(spec, steering)


def _buttons(steering: Steering) -> None:
    paused, over = steering.state == "paused", steering.state == "ended"
    with st.container(key="run-buttons"):
        columns = iter(st.columns(4, gap=None))

    def button(label: Markdown, action: Callable[[], None], says: Markdown | None = None) -> None:
        next(columns).button(label, key=f"run-{label}", on_click=action, disabled=over, help=says, width="stretch")

    button(filled("Resume") if paused else filled("Pause"), steering.resume if paused else steering.pause)
    button(filled("Stop"), steering.stop, filled("Be content with the layout as it is."))
    more = filled("{more} more than planned.", more=MORE)
    button(filled("+{more}", more=MORE), lambda: steering.wish(more=MORE), more)
    shake = filled("Shake the layout, and see what comes back.")
    button(filled("Perturb"), lambda: steering.wish(perturbations=1), shake)


def _number_wishes(spec: ProjectionSpec, steering: Steering) -> None:
    """What may be changed while it runs; empty leaves it as planned, or goes back to that."""

    def asked(name: str) -> float | Planned:
        number: float | None = st.session_state[name]
        return PLANNED if number is None else number

    st.session_state.setdefault("run-learning-rate", steering.learning_rate)  # a field with a default has no empty
    is_tsne = isinstance(spec, Tsne)
    planned = "1, falling"
    if isinstance(spec, Tsne):
        planned = "automatic" if spec.learning_rate is None else f"{spec.learning_rate:g}"
    rate, exaggeration = st.columns(2, gap="small")
    rate.number_input(
        "Learning rate",
        1.0 if is_tsne else 0.01,
        100_000.0 if is_tsne else 100.0,
        None,
        50.0 if is_tsne else 0.1,
        key="run-learning-rate",
        placeholder=planned,
        on_change=lambda: steering.wish(learning_rate=asked("run-learning-rate")),
        help="From now on. Too small: nothing moves. Too large: it flies apart.",
    )
    if isinstance(spec, Tsne):
        st.session_state.setdefault("run-exaggeration", steering.exaggeration)
        exaggeration.number_input(
            "Exaggeration",
            1.0,
            100.0,
            None,
            1.0,
            key="run-exaggeration",
            placeholder=f"{spec.early_exaggeration:g}, then 1",
            on_change=lambda: steering.wish(exaggeration=asked("run-exaggeration")),
            help="Factor on attraction from now on. Above 1 pulls clusters together and apart from each other.",
        )
