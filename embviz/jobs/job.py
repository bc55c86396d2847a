"""The `Job` class: a long computation in a thread of its own, which can be watched and cancelled."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from embviz.errors import Cancelled, EmbvizError, OutOfMemoryError, Unwatched
from embviz.jobs.clock import Clock

Result = TypeVar("Result")

UNWATCHED_SECONDS = 150.0
"""Seconds without a call of `watch` after which a job stops, because its page is probably closed.

Browsers wake a hidden page once a minute, so the limit has to be longer than that.
"""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class JobProgress:
    """The progress last reported by a job: ``done`` of ``total`` steps of ``stage``; total 0 means unknown."""

    stage: str
    done: int
    total: int


class Job(Generic[Result]):
    """A long computation in a thread of its own.

    A job is not shared by visitors: the page that starts it also watches it, and it stops when that page is gone.

    Parameters
    ----------
    work
        Function that gets a clock as progress callback, whose plan it may set, and returns the result. It must call the
        clock often, because a job can only be stopped there.

    Attributes
    ----------
    clock
        The clock that the work gets as progress callback: it measures the steps, and estimates the time left.

    Examples
    --------
    >>> job = Job(lambda progress: 6 * 7)
    >>> job.wait()
    >>> job.is_running, job.result()
    (False, 42)
    """

    def __init__(self, work: Callable[[Clock], Result]) -> None:
        self.clock = Clock(self._report)
        self._lock = threading.Lock()  # for all below: the work and the page are in different threads
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
        except MemoryError:
            logger.exception("a job had not enough memory")
            error = OutOfMemoryError(
                "there was not enough memory for this; choose fewer items, or close other programs, and try again"
            )
        except Exception as failure:  # a bug: logged, because the page that would get it from `result` may be gone
            logger.exception("a job failed")
            error = failure
        if error is not None:  # the frames of its traceback hold all arrays of the work
            error.__traceback__ = error.__cause__ = error.__context__ = None
        with self._lock:
            self._result, self._error = result, error
        self.clock.end()  # it refers to this job, which is to be freed once the page drops it

    def _report(self, stage: str, done: int, total: int) -> None:
        with self._lock:
            self._progress = JobProgress(stage, done, total)
            is_cancelled, patience = self._is_cancelled, self._patience
            is_unwatched = time.monotonic() - self._watched > patience
        if is_cancelled:
            raise Cancelled("stopped as asked")
        if is_unwatched:
            raise Unwatched(f"Stopped because this page did not ask for its progress for {patience:.0f} seconds.")

    def watch(self, patience: float | None = None) -> JobProgress:
        """The progress of the job, which stops if this is not called again within `patience` seconds.

        The default is `UNWATCHED_SECONDS`; each call replaces the patience of the call before.
        """
        with self._lock:
            self._watched, self._patience = time.monotonic(), UNWATCHED_SECONDS if patience is None else patience
            return self._progress

    @property
    def is_running(self) -> bool:
        """Whether the job has not ended yet."""
        return self._thread.is_alive()

    @property
    def error(self) -> Exception | None:
        """The error with which the job has ended, without its traceback; None if it has a result or is running."""
        with self._lock:
            return self._error

    def cancel(self) -> None:
        """Ask the job to stop, which it does at its next progress call."""
        with self._lock:
            self._is_cancelled = True

    def wait(self, seconds: float | None = None) -> None:
        """Block until the job ends, but for at most `seconds`; None sets no limit."""
        self._thread.join(seconds)

    def result(self) -> Result:
        """The result of the job, which must have ended.

        Raises
        ------
        Cancelled
            If the job was stopped; of class `Unwatched` if it stopped because nobody watched it.
        OutOfMemoryError
            If there was not enough memory for the work.
        Exception
            Any other error that the work raised.
        """
        with self._lock:
            if self._error is not None:
                raise self._error.with_traceback(None)  # else each call would lengthen the same traceback
            assert not self.is_running, "ask is_running first"
            return self._result  # type: ignore[return-value]  # set by _run, which has ended without an error
