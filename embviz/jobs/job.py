"""A long computation in a thread of its own: started, watched, cancelled."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from embviz.errors import Cancelled, EmbvizError, Unwatched
from embviz.progress import Progress

Result = TypeVar("Result")

UNWATCHED_SECONDS = 150.0
"""Seconds without a call of `watch` after which a job stops, because its page is probably closed.

Browsers wake a hidden page once a minute, so the limit has to be longer than that.
"""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class JobProgress:
    """Progress last reported by a job: ``done`` of ``total`` steps of ``stage``; total 0 means unknown."""

    stage: str
    done: int
    total: int


class Job(Generic[Result]):
    """One computation in a thread of its own.

    Not a queue, and not shared by visitors: the page that starts a job also watches it, and the job stops when that
    page is gone.

    Parameters
    ----------
    work
        Function that gets a progress callback and returns the result. It must call the callback often, because
        a job can only be stopped there.

    Examples
    --------
    >>> job = Job(lambda progress: 6 * 7)
    >>> job.wait()
    >>> job.is_running, job.result()
    (False, 42)
    """

    def __init__(self, work: Callable[[Progress], Result]) -> None:
        self._cancelled = threading.Event()
        self._watched = time.monotonic()
        self._patience: float | None = None
        self._progress = JobProgress("starting", 0, 0)
        self._result: Result | None = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, args=(work,), name="embviz-job", daemon=True)
        self._thread.start()

    def _run(self, work: Callable[[Progress], Result]) -> None:
        try:
            self._result = work(self._report)
        except EmbvizError as error:
            self._error = error
        except Exception as error:  # a bug: logged, because the page that would get it from `result` may be gone
            logger.exception("a job failed")
            self._error = error

    def _report(self, stage: str, done: int, total: int) -> None:
        self._progress = JobProgress(stage, done, total)
        if self._cancelled.is_set():
            raise Cancelled("stopped as asked")
        patience = UNWATCHED_SECONDS if self._patience is None else self._patience
        if time.monotonic() - self._watched > patience:
            raise Unwatched(f"Stopped because this page did not ask how far it is for {patience:.0f} seconds.")

    def watch(self, patience: float | None = None) -> JobProgress:
        """Progress of the job, which stops if this is not called again within `patience` seconds.

        The default is `UNWATCHED_SECONDS`; each call sets the patience anew.
        """
        self._watched, self._patience = time.monotonic(), patience
        return self._progress

    @property
    def is_running(self) -> bool:
        """Whether the job has not ended yet."""
        return self._thread.is_alive()

    def cancel(self) -> None:
        """Ask the job to stop, which it does at its next progress call."""
        self._cancelled.set()

    def wait(self, seconds: float | None = None) -> None:
        """Block until the job ends, or at most for so many seconds."""
        self._thread.join(seconds)

    def result(self) -> Result:
        """Result of the job, which must have ended.

        Raises
        ------
        Cancelled
            If the job was stopped; of class `Unwatched` if it stopped because nobody watched it.
        Exception
            Any other error that the work raised.
        """
        if self._error is not None:
            raise self._error
        assert not self.is_running, "ask is_running first"
        return self._result  # type: ignore[return-value]  # set by _run, which has ended without an error
