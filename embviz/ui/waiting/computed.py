"""A value that takes long to compute: progress and Cancel meanwhile; an error, and a button to try again."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

import streamlit as st

from embviz.errors import Cancelled, EmbvizError
from embviz.jobs.clock import Clock
from embviz.jobs.job import Job
from embviz.jobs.latest import Latest
from embviz.ui.session import session
from embviz.ui.waiting.departures import until_gone
from embviz.ui.waiting.stages import stage_in_words, time_in_words
from embviz.ui.words import Markdown, as_text, filled

Result = TypeVar("Result")

PATIENCE = 0.4
"""Seconds to wait for a result before showing progress, so that quick work does not flicker."""


@dataclass(frozen=True, eq=False)  # with slots, Python 3.11 cannot make a Computation[int]("name")
class Computation(Generic[Result]):
    """Something that is computed for a visitor: one of these at a time, and the last one is held in his session.

    Attributes
    ----------
    name
        The keys of its progress bar and its buttons are made of it, and nothing is found by it.
    """

    name: str

    @property
    def latest(self) -> Latest[Result]:
        """The job started last for the visitor for whom this page is drawn."""
        return session().kept(Started).of(self)

    def forget(self) -> None:
        """Drop what was computed, or stop computing it, so that the next call of `computed` starts it again."""
        self.latest.forget()


class Started:
    """What was started last of each computation, for one visitor."""

    def __init__(self) -> None:
        self._latest: dict[Computation[Any], Latest[Any]] = {}

    def of(self, what: Computation[Result]) -> Latest[Result]:
        """The one of this computation."""
        return self._latest.setdefault(what, Latest())


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
    """
    outcome = outcome_of(what.latest.job_for(key, work, PATIENCE), what.name, failed=failed)
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
    """What has become of a job that somebody holds, drawn as `computed` does.

    Parameters
    ----------
    name
        The keys of its progress bar and its cancel button are made of it.
    failed
        Draws its error.
    shows_itself
        Once this is true no progress is drawn here: whoever shows it then must run the page again at the end.
    """
    if job.is_running:
        until_gone(job)  # each time: who comes back after a broken connection has another visit
        if not shows_itself():
            _progress(job, name, shows_itself)
        return Outcome("running")
    try:
        return Outcome("done", job.result())
    except Cancelled as error:
        return Outcome("cancelled", error=error)
    except EmbvizError as error:
        failed(error)
        return Outcome("failed", error=error)


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
            job.wait(2)
            st.rerun()
