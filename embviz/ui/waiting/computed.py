"""A value that takes long to compute: progress and Cancel meanwhile; an error, and a button to try again."""

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
    """Something that is computed for a visitor: one of these at a time, and the last one is held in his session.

    Attributes
    ----------
    name
        Which no other has: the keys of its progress bar and its buttons are made of it.
    """

    name: str

    @property
    def job(self) -> Job[object] | None:
        """The one started last, running or not."""
        watched = session().jobs.get(self.name)
        return None if watched is None else watched.job

    @property
    def is_running(self) -> bool:
        """Whether the one started last is still at work."""
        return self.job is not None and self.job.is_running

    def forget(self) -> None:
        """Drop what was computed, or stop computing it, so that the next call of `computed` starts it again."""
        watched = self.set_aside()
        if watched is not None:
            watched.job.cancel()

    def set_aside(self) -> Watched | None:
        """What was started last, which the next call of `computed` starts again; `take_back` makes that undone."""
        return session().jobs.pop(self.name, None)

    def take_back(self, watched: Watched) -> None:
        """Let `watched` be what was started last."""
        session().jobs[self.name] = watched


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Result]):
    """What has become of a computation.

    Attributes
    ----------
    value
        What it computed, when it is done.
    error
        Why there is no value, when it was cancelled or has failed.
    """

    state: Literal["running", "done", "cancelled", "failed"]
    value: Result | None = None
    error: EmbvizError | None = None


def never() -> bool:
    """No."""
    return False


def show_error(error: EmbvizError) -> None:
    """Draw what went wrong."""
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
    """What has become of `work`. All but its value is drawn here: progress and a cancel button, an error.

    The page runs again when it ends. An exception of the work that is not an `EmbvizError` is a bug, and is raised.

    Parameters
    ----------
    key
        What it is computed for: `work` starts once per key, and another key stops it and starts anew.
    work
        Gets a clock to report progress to, whose plan it may set. It runs in a thread of its own.
    again
        What a button is called that starts it once more where it was cancelled or has failed; None if whoever calls
        this has such a button elsewhere.
    failed
        Draws its error.
    shows_itself
        Once this is true no progress is drawn here: whoever shows it then must run the page again at the end.
    """
    job = _job_for(what, key, work)
    if job.is_running:
        until_gone(job)  # each time: who comes back after a broken connection has another visit
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
