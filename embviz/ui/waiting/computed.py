"""A value that takes long to compute: progress and a Cancel button until it is there, or an error and Try again."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

import streamlit as st

from embviz.errors import Cancelled, EmbvizError
from embviz.jobs.clock import Clock
from embviz.jobs.job import Job
from embviz.jobs.latest import Latest
from embviz.ui.session import session
from embviz.ui.waiting.brief import job_waited_for, wait_briefly
from embviz.ui.waiting.departures import until_gone
from embviz.ui.waiting.stages import stage_in_words, time_in_words
from embviz.ui.words import Markdown, as_text, filled

Result = TypeVar("Result")

PATIENCE = 0.4
"""Seconds to wait for a result before showing progress, so that quick work does not flicker."""


@dataclass(frozen=True, eq=False)  # with slots, Python 3.11 cannot make a Computation[int]("name")
class Computation(Generic[Result]):
    """A kind of computation for a visitor; the last job of each kind is held in the visitor's session.

    Attributes
    ----------
    name
        Unique name, part of the keys of the progress bar and buttons. Jobs are found by the object, not by its name.
    """

    name: str

    @property
    def latest(self) -> Latest[Result]:
        """The job of this kind that was started last for the visitor for whom this page is drawn."""
        return session().kept(Started).of(self)

    def forget(self) -> None:
        """Drop the value, or stop the running job, so that the next call of `computed` starts a new job."""
        self.latest.forget()


class Started:
    """The jobs of one visitor: the one of each kind that was started last."""

    def __init__(self) -> None:
        self._latest: dict[Computation[Any], Latest[Any]] = {}

    def of(self, what: Computation[Result]) -> Latest[Result]:
        """The job of this kind that was started last."""
        return self._latest.setdefault(what, Latest())


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Result]):
    """The state of a computation, and what came out of it.

    Attributes
    ----------
    state
        ``running``, ``done``, ``cancelled`` or ``failed``.
    value
        The computed value if the state is ``done``, else None.
    error
        Why there is no value, if the state is ``cancelled`` or ``failed``, else None.
    """

    state: Literal["running", "done", "cancelled", "failed"]
    value: Result | None = None
    error: EmbvizError | None = None


def never() -> bool:
    """Return False: the progress is shown nowhere else."""
    return False


def show_error(error: EmbvizError) -> None:
    """Draw the message of an error."""
    st.error(as_text(error))


def computed(
    what: Computation[Result],
    key: Hashable,
    work: Callable[[Clock], Result],
    *,
    again: Markdown | None = None,
    failed: Callable[[EmbvizError], None] = show_error,
) -> Outcome[Result]:
    """The outcome of `work` so far; draws progress with a Cancel button while it runs, and an error if it fails.

    The page runs again when the work ends. An exception that is not an `EmbvizError` is a bug, and is raised.

    Parameters
    ----------
    what
        The kind of computation.
    key
        What the value depends on: `work` starts once per key, and another key stops it and starts it anew.
    work
        Function that computes the value in a thread of its own. It gets a clock to report progress to, and may set
        the clock's plan.
    again
        Label of a button that starts work again after it was cancelled or has failed; None if the caller has such a
        button elsewhere.
    failed
        Function that draws the error.
    """
    outcome = outcome_of(job_waited_for(what.latest, key, work, PATIENCE), what.name, failed=failed)
    if again is not None and outcome.state in ("cancelled", "failed"):
        st.button(again, key=f"again-{what.name}", on_click=what.forget)
    return outcome


def outcome_of(
    job: Job[Result],
    name: str,
    *,
    failed: Callable[[EmbvizError], None] = show_error,
    shows_itself: Callable[[], bool] = never,
) -> Outcome[Result]:
    """The outcome so far of a job that the caller holds, drawn as `computed` does.

    Parameters
    ----------
    name
        Unique name, part of the keys of the progress bar and the Cancel button.
    failed
        Function that draws the error.
    shows_itself
        Function that returns whether the progress is shown elsewhere. Once it returns true, none is drawn here, and the
        other place must run the page again when the job ends.
    """
    if job.is_running:
        until_gone(job)  # at every run: a visitor who returns after a broken connection has another visit
        if not shows_itself():
            _progress(job, name, shows_itself)
        return Outcome("running")
    error = job.error  # not raised, because its traceback would hold what this run of the page shows
    if isinstance(error, Cancelled):
        return Outcome("cancelled", error=error)
    if isinstance(error, EmbvizError):
        failed(error)
        return Outcome("failed", error=error)
    return Outcome("done", job.result())


@st.fragment(run_every=0.25)
def _progress(job: Job[Any], name: str, shows_itself: Callable[[], bool]) -> None:
    if not job.is_running or shows_itself():
        st.rerun()
    said, told = job.watch(), job.clock.estimate()
    text: Markdown = filled("Working")
    if told.seconds_left is not None:
        text = filled("Working · {time} left", time=time_in_words(told.seconds_left))
    with st.container(key=f"progress-{name}"), st.container(horizontal=True, vertical_alignment="center"):
        with st.container(gap=None):
            st.progress(told.share, text=text)
            st.caption(as_text(stage_in_words(said.stage, said.done, said.total)))
        if st.button("Cancel", key=f"cancel-{name}"):
            job.cancel()
            wait_briefly(job, 2)
            st.rerun()
