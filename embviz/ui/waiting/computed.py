"""A value that takes long to compute, with progress and Cancel meanwhile, or an error and a button to try again."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar, cast

import streamlit as st

from embviz.errors import Cancelled, EmbvizError
from embviz.jobs.durations import Clock
from embviz.jobs.job import Job
from embviz.ui.session import session
from embviz.ui.waiting.departures import until_gone
from embviz.ui.waiting.stages import stage_in_words, time_in_words
from embviz.ui.waiting.watch import Watched, started, told_now
from embviz.ui.words import Markdown, as_text, filled

Result = TypeVar("Result")

PATIENCE = 0.4
"""Seconds to wait for a result before showing progress, so that quick work does not flicker."""


@dataclass(frozen=True)  # with slots, Python 3.11 cannot make a Computation[int]("name")
class Computation(Generic[Result]):
    """A kind of computation for a visitor; the last job of each kind is held in the visitor's session.

    Attributes
    ----------
    name
        Unique name, of which the keys of the progress bar and the buttons are made.
    """

    name: str

    @property
    def job(self) -> Job[object] | None:
        """The job of this kind that was started last, running or not; None if there is none."""
        watched = session().jobs.get(self.name)
        return None if watched is None else watched.job

    @property
    def is_running(self) -> bool:
        """Whether the job of this kind that was started last is still running."""
        return self.job is not None and self.job.is_running

    def forget(self) -> None:
        """Drop the value, or stop the running job, so that the next call of `computed` starts a new job."""
        watched = self.set_aside()
        if watched is not None:
            watched.job.cancel()

    def set_aside(self) -> Watched | None:
        """The job that was started last, taken out of the session without stopping it; `take_back` puts it back."""
        return session().jobs.pop(self.name, None)

    def take_back(self, watched: Watched) -> None:
        """Put a job that `set_aside` returned back into the session."""
        session().jobs[self.name] = watched


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
    """False: nobody but `computed` shows the progress."""
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
    shows_itself: Callable[[], bool] = never,
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
    shows_itself
        Once this returns true, no progress is drawn here; whoever shows it instead must run the page again at the end.
    """
    job = _job_for(what, key, work)
    if job.is_running:
        until_gone(job)  # at every run, because a visitor who reconnects has a new visit
        if not shows_itself():
            _progress(what, shows_itself)
        return Outcome("running")
    try:
        return Outcome("done", cast(Result, job.result()))  # one computation always gives one kind of value
    except Cancelled as error:
        outcome: Outcome[Result] = Outcome("cancelled", error=error)
    except EmbvizError as error:
        failed(error)
        outcome = Outcome("failed", error=error)
    if again is not None:
        st.button(again, key=f"again-{what.name}", on_click=what.forget)
    return outcome


def _job_for(what: Computation[Result], key: Hashable, work: Callable[[Clock], Result]) -> Job[object]:
    jobs = session().jobs
    watched = jobs.get(what.name)
    if watched is None or watched.key != key:
        if watched is not None:
            watched.job.cancel()
        watched = jobs[what.name] = started(key, work)
        watched.job.wait(PATIENCE)
    return watched.job


@st.fragment(run_every=0.25)
def _progress(what: Computation[Result], shows_itself: Callable[[], bool]) -> None:
    watched = session().jobs.get(what.name)
    if watched is None or not watched.job.is_running or shows_itself():
        st.rerun()
    said, told = watched.job.watch(), told_now(watched)
    text: Markdown = filled("Working")
    if told.seconds_left is not None:
        text = filled("Working · {time} left", time=time_in_words(told.seconds_left))
    with st.container(key=f"progress-{what.name}"), st.container(horizontal=True, vertical_alignment="center"):
        with st.container(gap=None):
            st.progress(told.share, text=text)
            st.caption(as_text(stage_in_words(said.stage, said.done, said.total)))
        if st.button("Cancel", key=f"cancel-{what.name}"):
            watched.job.cancel()
            watched.job.wait(2)
            st.rerun()
