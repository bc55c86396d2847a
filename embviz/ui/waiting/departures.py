"""When a visitor leaves: his computations stop soon, and his session goes when he has not come back in time."""

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
"""Within which a visitor whose connection broke may come back before his computations stop."""

AnyJob = TypeVar("AnyJob", bound=Job[Any])

logger = logging.getLogger(__name__)


class Visit:
    """One connection of one visitor, and the computations that are for him."""

    def __init__(self) -> None:
        self._jobs: WeakSet[Job[Any]] = WeakSet()
        self._lock = threading.Lock()  # a script and the server's event loop come here

    def add(self, job: Job[Any]) -> None:
        """From now on it is for him."""
        with self._lock:
            self._jobs.add(job)

    @property
    def jobs(self) -> list[Job[Any]]:
        """Those that somebody still holds."""
        with self._lock:
            return list(self._jobs)


def until_gone(job: AnyJob) -> AnyJob:
    """The job itself, which stops from now on when the visitor for whom this page is drawn has gone."""
    _visit().add(job)
    return job


def leave(visit: Visit) -> None:
    """Called when a connection has ended, in the server's event loop: the page was closed, or did not answer."""
    for job in visit.jobs:
        job.watch(GONE_SECONDS)
    seconds = st.get_option("server.disconnectedSessionTTL")
    asyncio.get_running_loop().call_later(seconds + 1, _end_left_sessions)


@st.cache_resource(scope="session", show_spinner=False, on_release=leave)
def _visit() -> Visit:
    """The visit of the visitor for whom this page is drawn."""
    return Visit()


def _end_left_sessions() -> None:
    """End the sessions of those who did not come back: Streamlit itself does so when somebody else comes or goes."""
    manager: Any = runtime.get_instance()._session_mgr
    sessions = manager._session_storage._cache
    len(sessions)  # which removes what has outlived its time
    if not _tidying.locked():
        threading.Thread(target=_tidy, name="embviz-tidy", daemon=True).start()


_tidying = threading.Lock()


def _tidy() -> None:
    """Give memory back to the system: a session is full of cycles, and the allocator keeps what is free for itself."""
    with _tidying:
        gc.collect()
        trim_memory()


def trim_memory() -> bool:
    """Whether the allocator could be told to give back what is free; only GNU's has to be told."""
    if sys.platform != "linux":
        return False
    try:
        ctypes.CDLL("libc.so.6").malloc_trim(0)
    except (OSError, AttributeError):  # another C library, musl say
        return False
    return True
