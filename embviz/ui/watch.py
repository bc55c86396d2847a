"""Long computations on the page: started once, shown with progress and a cancel button."""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TypeVar

import streamlit as st

from embviz.jobs import Job
from embviz.progress import Progress
from embviz.ui.departures import until_gone
from embviz.ui.words import Markdown, as_text, filled

Result = TypeVar("Result")

PATIENCE = 0.4
"""Seconds to wait for a result before showing progress, so that quick work does not flicker."""


@dataclass(frozen=True, eq=False, slots=True)
class Watched:
    """A job of this visitor, and what it was started for."""

    key: Hashable
    job: Job[object]


def never() -> bool:
    """No."""
    return False


def watched_result(
    name: str, key: Hashable, work: Callable[[Progress], Result], *, shows_itself: Callable[[], bool] = never
) -> Result | None:
    """The result of `work`, or None while it runs; then progress is shown here and the page reruns at the end.

    `work` starts once per `key`; another key under the same `name` cancels it and starts anew. An
    exception of the work is raised here. Once it `shows_itself`, the page reruns and progress is
    no longer shown here: whoever shows it then must rerun the page at the end.
    """
    slot: Watched | None = st.session_state.get(f"job-{name}")
    if slot is None or slot.key != key:
        if slot is not None:
            slot.job.cancel()
        slot = Watched(key, until_gone(Job(work)))
        st.session_state[f"job-{name}"] = slot
        slot.job.wait(PATIENCE)
    if slot.job.is_running:
        if not shows_itself():
            _progress(name, shows_itself)
        return None
    return slot.job.result()  # type: ignore[return-value]  # one name always computes one kind of thing


def forget(name: str) -> None:
    """Drop what was computed under `name`, so that the next call starts it again."""
    slot: Watched | None = st.session_state.pop(f"job-{name}", None)
    if slot is not None:
        slot.job.cancel()


def started_job(name: str) -> Job[object] | None:
    """The job started last under `name`, running or not."""
    slot: Watched | None = st.session_state.get(f"job-{name}")
    return None if slot is None else slot.job


@st.fragment(run_every=0.25)
def _progress(name: str, shows_itself: Callable[[], bool]) -> None:
    job = started_job(name)
    if job is None or not job.is_running or shows_itself():
        st.rerun()
    said = job.watch()
    text: Markdown = as_text(said.stage)
    if said.total:
        text = filled("{stage} · {done:,} of {total:,}", stage=said.stage, done=said.done, total=said.total)
    with st.container(horizontal=True, vertical_alignment="center", key=f"progress-{name}"):
        st.progress(said.fraction if said.fraction is not None else _swing(), text=text)
        if st.button("Cancel", key=f"cancel-{name}"):
            job.cancel()
            job.wait(2)
            st.rerun()


def _swing() -> float:
    """A share that goes to and fro: something happens, nobody knows how much is left."""
    phase = time.monotonic() % 2
    return phase if phase <= 1 else 2 - phase
