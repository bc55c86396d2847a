"""Departures of visitors: their computations stop soon after, and the session ends if they stay away."""

import asyncio
import ctypes
import gc
import logging
import sys
import threading
from typing import Any, TypeVar
from weakref import WeakSet

import streamlit as st
from streamlit import runtime

from embviz.jobs.job import Job

GONE_SECONDS = 10.0
"""Seconds within which a visitor whose connection broke may come back before that visitor's computations stop."""

AnyJob = TypeVar("AnyJob", bound=Job[Any])

logger = logging.getLogger(__name__)


class Visit:
    """One connection of one visitor, with the jobs that compute something for that visitor."""

    def __init__(self) -> None:
        self._jobs: WeakSet[Job[Any]] = WeakSet()
        self._lock = threading.Lock()  # because the script and the server's event loop use `_jobs` at the same time

    def add(self, job: Job[Any]) -> None:
        """Add a job that computes something for the visitor."""
        with self._lock:
            self._jobs.add(job)

    @property
    def jobs(self) -> list[Job[Any]]:
        """The visitor's jobs that somebody still holds."""
        with self._lock:
            return list(self._jobs)


def until_gone(job: AnyJob) -> AnyJob:
    """Have a job stop when the visitor for whom this page is drawn has gone; returns the job."""
    _visit().add(job)
    return job


def leave(visit: Visit) -> None:
    """Stop a visit's jobs in `GONE_SECONDS`, and its session later; Streamlit calls it when a connection has ended.

    It runs in the server's event loop. A connection ends when the page is closed or does not answer.
    """
    for job in visit.jobs:
        job.watch(GONE_SECONDS)
    seconds = st.get_option("server.disconnectedSessionTTL")
    asyncio.get_running_loop().call_later(seconds + 1, _end_left_sessions)


@st.cache_resource(scope="session", show_spinner=False, on_release=leave)
def _visit() -> Visit:
    """The current visit of the visitor for whom this page is drawn."""
    return Visit()


def _end_left_sessions() -> None:
    """End the sessions of visitors who did not come back; Streamlit does so only when others come or go."""
    manager: Any = runtime.get_instance()._session_mgr
    sessions = manager._session_storage._cache
    len(sessions)  # asking for the length has the cache remove sessions whose time is over
    if not _tidying.locked():
        threading.Thread(target=_tidy, name="embviz-tidy", daemon=True).start()


_tidying = threading.Lock()


def _tidy() -> None:
    """Give memory back to the system, because a session has reference cycles and the allocator keeps freed memory."""
    with _tidying:
        gc.collect()
        trim_memory()


def trim_memory() -> bool:
    """Tell the allocator of glibc to return freed memory to the system; returns whether it was told.

    Other allocators need not be told.
    """
    if sys.platform != "linux":
        return False
    try:
        ctypes.CDLL("libc.so.6").malloc_trim(0)
    except (OSError, AttributeError):  # another C library, such as musl
        return False
    return True
