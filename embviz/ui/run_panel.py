"""The run of a layout: what pressing Run has started, and the numbers that may be changed meanwhile."""

from dataclasses import dataclass, field, replace
from functools import partial
from secrets import token_urlsafe

import streamlit as st

from embviz.projection.specs import ProjectionSpec, Tsne
from embviz.projection.steering import PLANNED, Planned, Steering
from embviz.server import LiveRun, live_runs
from embviz.ui.contract import RunAddress
from embviz.ui.number_field import Allowed, optional_number_field
from embviz.ui.watch import Watched, set_aside, started_job, take_back
from embviz.ui.words import filled
from embviz.view import Forming, ViewSpec
from embviz.wishes import MORE


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
    earlier
        The run that goes on in this one and what it made, for `as_before`; None once this one moves.
    place
        See `RunAddress`.
    """

    spec: ViewSpec
    is_asked: bool = True
    steering: Steering | None = None
    forming: Forming | None = None
    has_failed: bool = False
    earlier: "tuple[Run, Watched] | None" = None
    place: str = field(default_factory=partial(token_urlsafe, 8))
    _live: LiveRun | None = None
    _address: RunAddress | None = None

    def begin(self, forming: Forming) -> None:
        """Take over the layout that begins to form."""
        self.forming = forming
        self.earlier = None

    def made(self, spec: ViewSpec) -> bool:
        """Whether the layout of this spec that is there is the one this run made."""
        if self.spec != spec or self.has_failed or not self.is_visible():
            return False  # one without a frame found the layout that somebody else had made meanwhile
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
        steering = None if self.forming is None else self.forming.steering
        if self._address is not None and steering is not None and steering.state == "ended" and steering.layout is None:
            return replace(self._address, more=0)
        return self._address


def go_on(run: Run) -> None:
    """Take a run further that has ended."""
    forming = run.forming
    assert forming is not None, "it has made the layout that is there"
    if forming.steering.state == "ended" and forming.steering.layout is not None:  # pressed twice, it runs already
        forming.steering.go_on(MORE)
        made = set_aside("view")
        assert made is not None, "its result is what is shown"
        st.session_state["run"] = Run(run.spec, steering=forming.steering, earlier=(run, made), place=run.place)


def as_before(run: Run) -> None:
    """Take back that a run goes on, which was cancelled before it moved: what it had made is there again."""
    if run.earlier is not None:
        before, made = run.earlier
        assert before.forming is not None, "it has made the layout that is there"
        before.forming.steering.end()
        st.session_state["run"] = before
        take_back("view", made)


@st.fragment
def run_panel(forming: Forming) -> None:
    """Draw the numbers that may be changed while a layout forms; what else is asked of it is asked below the plot."""
    _number_wishes(forming.spec.projection, forming.steering)


def _number_wishes(spec: ProjectionSpec, steering: Steering) -> None:
    """What may be changed while it runs; empty leaves it as planned, or goes back to that."""

    def wished(number: float | None) -> float | Planned:
        return PLANNED if number is None else number

    planned = "1, falling"
    if isinstance(spec, Tsne):
        planned = "automatic" if spec.learning_rate is None else f"{spec.learning_rate:g}"
    rate, exaggeration = st.columns(2, gap="small")
    with rate:
        optional_number_field(
            filled("Learning rate"),
            steering.learning_rate,
            Allowed(0.01, 1_000_000),
            key="run-learning-rate",
            empty=planned,
            help=filled("From now on. Too small: nothing moves. Too large: it flies apart."),
            on_number=lambda number: steering.wish(learning_rate=wished(number)),
        )
    if isinstance(spec, Tsne):
        with exaggeration:
            optional_number_field(
                filled("Exaggeration"),
                steering.exaggeration,
                Allowed(1, 1000),
                key="run-exaggeration",
                empty=f"{spec.early_exaggeration:g}, then 1",
                help=filled(
                    "Factor on attraction from now on. Above 1 pulls clusters together and apart from each other."
                ),
                on_number=lambda number: steering.wish(exaggeration=wished(number)),
            )
