"""Long computations on the page: started once, shown with progress and a cancel button."""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import TypeVar

import streamlit as st

from embviz.durations import Clock
from embviz.jobs import Job
from embviz.pace import Plan, seconds_left, share_done, steadied
from embviz.progress import Progress
from embviz.ui.departures import until_gone
from embviz.ui.stages import stage_in_words, time_in_words
from embviz.ui.words import Markdown, as_text, filled

Result = TypeVar("Result")

PATIENCE = 0.4
"""Seconds to wait for a result before showing progress, so that quick work does not flicker."""


@dataclass(eq=False, slots=True)
class Told:
    """What the page said last of how far a job is, so that it never takes anything back."""

    plan: Plan = field(default_factory=Plan)
    share: float = 0.0
    seconds_left: float | None = None
    at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True, eq=False, slots=True)
class Watched:
    """A job of this visitor, what it was started for, and how it is getting on."""

    key: Hashable
    job: Job[object]
    clock: Clock = field(default_factory=Clock)
    told: Told = field(default_factory=Told)


def never() -> bool:
    """No."""
    return False


def watched_result(
    name: str, key: Hashable, work: Callable[[Clock], Result], *, shows_itself: Callable[[], bool] = never
) -> Result | None:
    """The result of `work`, or None while it runs; then progress is shown here and the page reruns at the end.

    `work` starts once per `key`; another key under the same `name` cancels it and starts anew. It gets
    a clock to report progress to, whose plan it may set. An exception of the work is raised here.
    Once it `shows_itself`, the page reruns and progress is no longer shown here: whoever shows it
    then must rerun the page at the end.
    """
    slot: Watched | None = st.session_state.get(f"job-{name}")
    if slot is None or slot.key != key:
        if slot is not None:
            slot.job.cancel()
        slot = _started(key, work)
        st.session_state[f"job-{name}"] = slot
        slot.job.wait(PATIENCE)
    if slot.job.is_running:
        until_gone(slot.job)  # each time: who comes back after a broken connection has another visit
        if not shows_itself():
            _progress(name, shows_itself)
        return None
    return slot.job.result()  # type: ignore[return-value]  # one name always computes one kind of thing


def _started(key: Hashable, work: Callable[[Clock], Result]) -> Watched:
    clock = Clock()

    def timed(progress: Progress) -> object:
        return work(clock.told_to(progress))

    return Watched(key, Job(timed), clock)


def forget(name: str) -> None:
    """Drop what was computed under `name`, so that the next call starts it again."""
    slot = set_aside(name)
    if slot is not None:
        slot.job.cancel()


def set_aside(name: str) -> Watched | None:
    """What was started last under `name`, which the next call starts again; `take_back` makes that undone."""
    slot: Watched | None = st.session_state.pop(f"job-{name}", None)
    return slot


def take_back(name: str, slot: Watched) -> None:
    """Let `slot` be what was started last under `name`."""
    st.session_state[f"job-{name}"] = slot


def is_running(name: str) -> bool:
    """Whether what was started last under `name` is still at work."""
    job = started_job(name)
    return job is not None and job.is_running


def started_job(name: str) -> Job[object] | None:
    """The job started last under `name`, running or not."""
    slot: Watched | None = st.session_state.get(f"job-{name}")
    return None if slot is None else slot.job


@st.fragment(run_every=0.25)
def _progress(name: str, shows_itself: Callable[[], bool]) -> None:
    slot: Watched | None = st.session_state.get(f"job-{name}")
    if slot is None or not slot.job.is_running or shows_itself():
        st.rerun()
    said, told = slot.job.watch(), _told(slot)
    text: Markdown = filled("Working")
    if told.seconds_left is not None:
        text = filled("Working · {time} left", time=time_in_words(told.seconds_left))
    with st.container(key=f"progress-{name}"), st.container(horizontal=True, vertical_alignment="center"):
        with st.container(gap=None):
            st.progress(told.share, text=text)
            st.caption(as_text(stage_in_words(said.stage, said.done, said.total)))
        if st.button("Cancel", key=f"cancel-{name}"):
            slot.job.cancel()
            slot.job.wait(2)
            st.rerun()


def _told(slot: Watched) -> Told:
    """What to say now: where there is a plan, a bar that never goes back and a time left that never leaps up."""
    passed, plan, told, now = slot.clock.passed(), slot.clock.plan, slot.told, time.monotonic()
    share = share_done(plan, passed) or 0.0
    if told.plan is not plan:  # a share of something else
        told.plan, told.share = plan, 0.0
    told.share = max(told.share, share) if plan.steps else share  # without a plan it is that of each stage
    told.seconds_left = steadied(told.seconds_left, seconds_left(plan, passed), now - told.at)
    told.at = now
    return told
