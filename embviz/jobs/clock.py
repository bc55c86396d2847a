"""Clocks of running jobs: they measure each stage, and estimate the share that is done and the seconds left."""

import threading
import time
from dataclasses import dataclass

from embviz.jobs.pace import Passed, Plan, Step, seconds_left, share_done, steadied
from embviz.jobs.turns import BEFORE_YOU
from embviz.progress import Progress, no_progress


@dataclass(frozen=True, slots=True)
class Estimate:
    """The estimated progress of a job.

    Attributes
    ----------
    share
        Share of the work that is done, 0..1; without a plan, the share of the current stage.
    seconds_left
        Estimated seconds until the job ends; None if unknown.
    """

    share: float = 0.0
    seconds_left: float | None = None


class Clock:
    """A clock that measures the steps of a job; pass it to the work as progress callback.

    May be called and read from any thread. Text after the first `` · `` of a stage is a remark, and begins no new step.

    Parameters
    ----------
    progress
        Callback that gets every call of the clock, too.
    """

    def __init__(self, progress: Progress = no_progress) -> None:
        self._progress = progress
        self._lock = threading.Lock()
        self._plan = Plan()
        self._steps: list[Step] = []
        self._stage, self._done, self._total = "starting", 0, 0
        self._began = time.monotonic()
        self._said, self._said_of, self._said_at = Estimate(), self._plan, self._began

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Note which stage the job is in, and call the progress callback that was given."""
        name = stage.partition(" · ")[0]
        with self._lock:
            if name != self._stage:
                now = time.monotonic()
                self._steps.append(Step(self._stage, now - self._began))
                self._stage, self._began = name, now
            self._done, self._total = done, total
        self._progress(stage, done, total)

    def end(self) -> None:
        """Stop calling the progress callback, and drop the reference to it."""
        self._progress = no_progress

    @property
    def plan(self) -> Plan:
        """Steps that the job is expected to take: empty until the work sets them."""
        with self._lock:
            return self._plan

    @plan.setter
    def plan(self, plan: Plan) -> None:
        with self._lock:
            self._plan = plan

    def passed(self) -> Passed:
        """Steps of the job so far, without the time for which it waited for others or was paused."""
        with self._lock:
            return self._passed()

    def estimate(self) -> Estimate:
        """The current estimate. With a plan, the share never decreases and the time left never increases abruptly."""
        with self._lock:
            plan, said, now, passed = self._plan, self._said, time.monotonic(), self._passed()
            share = share_done(plan, passed) or 0.0
            if plan.steps and self._said_of is plan:
                share = max(said.share, share)
            left = steadied(said.seconds_left, seconds_left(plan, passed), now - self._said_at)
            self._said, self._said_of, self._said_at = Estimate(share, left), plan, now
            return self._said

    def _passed(self) -> Passed:
        steps = tuple(step for step in self._steps if not is_waiting(step.stage))
        if is_waiting(self._stage):
            return Passed(steps, Step(self._stage, 0.0), 0, 0)
        return Passed(steps, Step(self._stage, time.monotonic() - self._began), self._done, self._total)


def is_waiting(stage: str) -> bool:
    """Whether a stage only waits: in a queue, or paused.

    Examples
    --------
    >>> is_waiting("2 others before you"), is_waiting("t-SNE paused"), is_waiting("t-SNE")
    (True, True, False)
    """
    return stage.endswith((" paused", BEFORE_YOU))
