"""Brief waits of the script for work that may be quick; a click meanwhile ends the wait, and this run of the script."""

import time
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from embviz.jobs.clock import Clock
from embviz.jobs.job import Job
from embviz.jobs.latest import Latest
from embviz.ui.session import session

Result = TypeVar("Result")

STEP = 0.02
"""Seconds between two looks whether the page has asked for another run."""


def wait_briefly(job: Job[Any], seconds: float) -> None:
    """Return when a job has ended, after at most so many seconds."""
    until = time.monotonic() + seconds
    while job.is_running and (left := until - time.monotonic()) > 0:
        job.wait(min(STEP, left))
        session()  # Streamlit ends this run here if another one has been asked for


def job_waited_for(
    latest: Latest[Result], key: Hashable, work: Callable[[Clock], Result], seconds: float
) -> Job[Result]:
    """The job for `key` as `Latest.job_for` returns it; one that has just been started is waited for briefly."""
    before = latest.job
    job = latest.job_for(key, work)
    if job is not before:
        wait_briefly(job, seconds)
    return job
