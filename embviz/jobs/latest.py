"""The `Latest` class: a holder of one job, which a job for another key stops and replaces."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from embviz.jobs.clock import Clock
from embviz.jobs.job import Job

Result = TypeVar("Result")


class Latest(Generic[Result]):
    """A holder of one job at a time, for one visitor, whose scripts run one after the other.

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
        """The job started last, running or not; None before the first, and after `forget`."""
        return self._job

    @property
    def key(self) -> Hashable:
        """The key that the job was started for; None if there is no job."""
        return self._key

    def job_for(self, key: Hashable, work: Callable[[Clock], Result]) -> Job[Result]:
        """The job for `key`; if the last job was for another key, it is stopped and a new one is started."""
        if self._job is None or self._key != key:
            self.forget()
            self._key, self._job = key, Job(work)
        return self._job

    def forget(self) -> None:
        """Stop the job and drop it with its result, so that the next call of `job_for` starts a new one."""
        if self._job is not None:
            self._job.cancel()
        self._key, self._job = None, None
