"""A long computation beside the page: started, watched, cancelled."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from embviz.errors import Cancelled, EmbvizError, Unwatched
from embviz.jobs.clock import Clock

Result = TypeVar("Result")

UNWATCHED_SECONDS = 150.0
"""A job that nobody looked at for so long belongs to a closed page; browsers wake hidden pages once a minute."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class JobProgress:
    """What a running job last said: ``done`` of ``total`` steps of ``stage``; total 0 means unknown."""

    stage: str
    done: int
    total: int


class Job(Generic[Result]):
    """One computation in a thread of its own.

    Not a queue and not shared: whoever starts a job watches it, and it stops when they are gone.

    Parameters
    ----------
    work
        Gets a clock as its progress, whose plan it may set, and returns the result; it must call the
        clock often, because that is where it is stopped.

    Attributes
    ----------
    clock
        The one that the work gets: how long its stages have taken, and what is said of the time left.

    Examples
    --------
    >>> job = Job(lambda progress: 6 * 7)
    >>> job.wait()
    >>> job.is_running, job.result()
    (False, 42)
    """

    def __init__(self, work: Callable[[Clock], Result]) -> None:
        self.clock = Clock(self._report)
        self._lock = threading.Lock()  # for all below: the work, and whoever watches, are in different threads
        self._is_cancelled = False
        self._watched = time.monotonic()
        self._patience = UNWATCHED_SECONDS
        self._progress = JobProgress("starting", 0, 0)
        self._result: Result | None = None
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._run, args=(work,), name="embviz-job", daemon=True)
        self._thread.start()

    def _run(self, work: Callable[[Clock], Result]) -> None:
        result: Result | None = None
        error: Exception | None = None
        try:
            result = work(self.clock)
        except EmbvizError as failure:
            error = failure
        except Exception as failure:  # a bug: whoever asks for the result gets it too, but may be gone
            logger.exception("a job failed")
            error = failure
        with self._lock:
            self._result, self._error = result, error

    def _report(self, stage: str, done: int, total: int) -> None:
        with self._lock:
            self._progress = JobProgress(stage, done, total)
            is_cancelled, patience = self._is_cancelled, self._patience
            is_unwatched = time.monotonic() - self._watched > patience
        if is_cancelled:
            raise Cancelled("stopped as asked")
        if is_unwatched:
            raise Unwatched(f"Stopped because this page did not ask how far it is for {patience:.0f} seconds.")

    def watch(self, patience: float | None = None) -> JobProgress:
        """How far it is. Call it now and then: a job nobody watches stops.

        It does so after `patience` seconds, `UNWATCHED_SECONDS` if not given; the last call counts.
        """
        with self._lock:
            self._watched, self._patience = time.monotonic(), UNWATCHED_SECONDS if patience is None else patience
            return self._progress

    @property
    def is_running(self) -> bool:
        """Whether it is still at work."""
        return self._thread.is_alive()

    @property
    def error(self) -> Exception | None:
        """Why it has ended without a result; None if it has one, or is still at work."""
        with self._lock:
            return self._error

    def cancel(self) -> None:
        """Ask it to stop; it does so at its next progress call."""
        with self._lock:
            self._is_cancelled = True

    def wait(self, seconds: float | None = None) -> None:
        """Block until it ends, or for so long."""
        self._thread.join(seconds)

    def result(self) -> Result:
        """What it computed.

        Raises
        ------
        Cancelled
            If it was stopped; `Unwatched` if because nobody watched it.
        Exception
            Whatever the work raised.
        """
        with self._lock:
            if self._error is not None:
                raise self._error
            assert not self.is_running, "ask is_running first"
            return self._result  # type: ignore[return-value]  # set by _run, which has ended without an error
