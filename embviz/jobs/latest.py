"""A holder of the job that was started last for one purpose; a job for another key stops and replaces it."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from embviz.jobs.clock import Clock
from embviz.jobs.job import Job

Result = TypeVar("Result")


class Latest(Generic[Result]):
    """One job at a time. Not shared: it belongs to one visitor, whose scripts run one after the other.

    Examples
    --------
    >>> latest = Latest[int]()
    >>> first = latest.job_for(6, lambda clock: 6 * 7)
    >>> latest.job_for(6, lambda clock: 0) is first, latest.job_for(7, lambda clock: 7 * 7) is first
    (True, False)
    """

    def __init__(self) -> None:
        self._key: Hashable = None
        self._job: Job[Result] | None = None

    @property
    def job(self) -> Job[Result] | None:
        """The one started last, running or not; None before, and after `forget`."""
        return self._job

    @property
    def key(self) -> Hashable:
        """What it was started for; None if there is none."""
        return self._key

    def job_for(self, key: Hashable, work: Callable[[Clock], Result], patience: float = 0.0) -> Job[Result]:
        """The one for `key`; started if the last one was for another key, which is stopped.

        One that is started here is waited for, `patience` seconds at most, so that quick work is done when it returns.
        """
        if self._job is None or self._key != key:
            self.forget()
            self._key, self._job = key, Job(work)
            self._job.wait(patience)
        return self._job

    def forget(self) -> None:
        """Drop the job and what it made, or stop it, so that the next call of `job_for` starts another one."""
        if self._job is not None:
            self._job.cancel()
        self._key, self._job = None, None
