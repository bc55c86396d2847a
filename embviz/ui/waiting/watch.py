"""A job that a visitor waits for, and the progress that the page showed last."""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from embviz.jobs.durations import Clock
from embviz.jobs.job import Job
from embviz.jobs.pace import Plan, seconds_left, share_done, steadied
from embviz.progress import Progress


@dataclass(eq=False, slots=True)
class Told:
    """The progress that the page showed last of a job, kept so that a progress bar never goes back.

    Attributes
    ----------
    plan
        The plan that `share` is a share of.
    share
        Length of the progress bar, 0..1.
    seconds_left
        Time left; None if it is not known.
    at
        When it was shown, as `time.monotonic` says.
    """

    plan: Plan = field(default_factory=Plan)
    share: float = 0.0
    seconds_left: float | None = None
    at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True, eq=False, slots=True)
class Watched:
    """A job of a visitor, with the key that it was started for, its clock, and the progress shown last."""

    key: Hashable
    job: Job[object]
    clock: Clock = field(default_factory=Clock)
    told: Told = field(default_factory=Told)


def started(key: Hashable, work: Callable[[Clock], object]) -> Watched:
    """A new job that does `work`, which gets a clock to report progress to and may set the clock's plan."""
    clock = Clock()

    def timed(progress: Progress) -> object:
        return work(clock.told_to(progress))

    return Watched(key, Job(timed), clock)


def told_now(watched: Watched) -> Told:
    """The progress to show now; if there is a plan, the bar never goes back and the time left never jumps up."""
    passed, plan, told, now = watched.clock.passed(), watched.clock.plan, watched.told, time.monotonic()
    share = share_done(plan, passed) or 0.0
    if told.plan is not plan:  # the share shown before was one of another plan
        told.plan, told.share = plan, 0.0
    told.share = max(told.share, share) if plan.steps else share  # without a plan it begins anew with each stage
    told.seconds_left = steadied(told.seconds_left, seconds_left(plan, passed), now - told.at)
    told.at = now
    return told
