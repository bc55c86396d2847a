"""A job that a visitor waits for, and what the page said last of how far it is."""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from embviz.jobs.durations import Clock
from embviz.jobs.job import Job
from embviz.jobs.pace import Plan, seconds_left, share_done, steadied
from embviz.progress import Progress


@dataclass(eq=False, slots=True)
class Told:
    """What the page said last of how far a job is, so that it never takes anything back."""

    plan: Plan = field(default_factory=Plan)
    share: float = 0.0
    seconds_left: float | None = None
    at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True, eq=False, slots=True)
class Watched:
    """A job of this visitor, what it was started for, and how it is getting on."""

    key: Hashable
    job: Job[object]
    clock: Clock = field(default_factory=Clock)
    told: Told = field(default_factory=Told)


def started(key: Hashable, work: Callable[[Clock], object]) -> Watched:
    """A job that does `work`, which gets a clock to report progress to, and may set its plan."""
    clock = Clock()

    def timed(progress: Progress) -> object:
        return work(clock.told_to(progress))

    return Watched(key, Job(timed), clock)


def told_now(watched: Watched) -> Told:
    """What to say now: where there is a plan, a bar that never goes back and a time left that never leaps up."""
    passed, plan, told, now = watched.clock.passed(), watched.clock.plan, watched.told, time.monotonic()
    share = share_done(plan, passed) or 0.0
    if told.plan is not plan:  # a share of something else
        told.plan, told.share = plan, 0.0
    told.share = max(told.share, share) if plan.steps else share  # without a plan it is that of each stage
    told.seconds_left = steadied(told.seconds_left, seconds_left(plan, passed), now - told.at)
    told.at = now
    return told
