"""The share of a run that is done and the seconds left, estimated from the expected duration of each step."""

from collections.abc import Sequence
from dataclasses import dataclass

LEAST_BASIS = (2.0, 0.1)
"""Seconds, and share of the run in 0..1, that must have passed before the time left is shown for an unmeasured plan."""
TRUST = 0.25
"""Weight of a measured plan against the current run, as if this share of the run had taken the planned time."""
SETTLING_SECONDS = 4.0
"""Seconds in which the displayed time left decreases to a shorter estimate."""
MOST_RISE = 0.5
"""Seconds by which the displayed time left may increase per second, so that it does not jump to a longer estimate."""


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of a run, and the seconds it took or is expected to take."""

    stage: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps that a run is expected to take, in order; a stage may occur more than once.

    Attributes
    ----------
    steps
        Steps with their expected seconds; empty if nothing is known about the run.
    is_measured
        Whether the seconds of all steps were measured in earlier runs on this machine.
    """

    steps: tuple[Step, ...] = ()
    is_measured: bool = False

    @property
    def seconds(self) -> float:
        """Expected seconds of all steps together."""
        return sum(step.seconds for step in self.steps)


@dataclass(frozen=True, slots=True)
class Passed:
    """The steps of a run so far.

    Attributes
    ----------
    steps
        Finished steps, in order, with the seconds they took.
    current
        Current step, with the seconds since it began.
    done, total
        Done part, and size, of the current step; total 0 means unknown.
    """

    steps: tuple[Step, ...]
    current: Step
    done: int = 0
    total: int = 0

    @property
    def seconds(self) -> float:
        """Seconds of all steps so far."""
        return self.current.seconds + sum(step.seconds for step in self.steps)


def share_done(plan: Plan, passed: Passed) -> float | None:
    """The share of the run that is done, 0..1; None if unknown.

    Without a plan, it is the share of the current step.

    Examples
    --------
    >>> plan = Plan((Step("index", 1.0), Step("search", 3.0)))
    >>> share_done(plan, Passed((), Step("index", 0.2), done=1, total=2))
    0.125
    >>> share_done(plan, Passed((Step("index", 9.0),), Step("search", 0.0)))
    0.25
    """
    if not plan.seconds:
        return min(passed.done / passed.total, 1.0) if passed.total else None
    return _expected_seconds_done(plan, passed) / plan.seconds


def seconds_left(plan: Plan, passed: Passed) -> float | None:
    """The seconds left if the run continues at its speed so far; None without a plan, or too early in the run.

    The seconds of a measured plan are used from the beginning, and corrected during the run. Of another plan only the
    ratios of the steps are used, so some of the run must have passed (`LEAST_BASIS`).

    Examples
    --------
    >>> plan = Plan((Step("index", 1.0), Step("search", 3.0)), is_measured=True)
    >>> seconds_left(plan, Passed((), Step("index", 0.0)))
    4.0
    >>> slow = Passed((Step("index", 5.0),), Step("search", 0.0))
    >>> seconds_left(plan, slow), seconds_left(Plan(plan.steps), slow)
    (9.0, 15.0)
    """
    share = share_done(plan, passed)
    if share is None or not plan.seconds:
        return None
    if plan.is_measured:
        prior = TRUST * plan.seconds
        slowness = (passed.seconds + prior) / (share * plan.seconds + prior)
        return slowness * (1 - share) * plan.seconds
    least_seconds, least_share = LEAST_BASIS
    if passed.seconds < least_seconds or share < least_share:
        return None
    return passed.seconds * (1 - share) / share


def steadied(said: float | None, estimated: float | None, seconds: float) -> float | None:
    """The seconds left to display, `seconds` after `said` was displayed: the estimate, without abrupt increases.

    Without an estimate, it counts down from `said`.

    Examples
    --------
    >>> steadied(None, 60.0, 1.0), steadied(60.0, 59.0, 1.0), steadied(59.0, 600.0, 1.0)
    (60.0, 59.0, 59.5)
    """
    if said is None or estimated is None:
        return estimated if said is None else max(said - seconds, 0.0)
    by_now = max(said - seconds, 0.0)
    if estimated > by_now:
        return min(estimated, said + MOST_RISE * seconds)
    return by_now + (estimated - by_now) * min(seconds / SETTLING_SECONDS, 1.0)


def _expected_seconds_done(plan: Plan, passed: Passed) -> float:
    """The planned seconds of the part that is done; a step not in the plan adds 0, a skipped one counts as done."""
    stages = [step.stage for step in plan.steps]
    at = 0
    for step in passed.steps:
        at = _place_after(stages, step.stage, at)
    before = sum(step.seconds for step in plan.steps[:at])
    stage = passed.current.stage
    if stage not in stages[at:]:
        return before
    here = stages.index(stage, at)
    before = sum(step.seconds for step in plan.steps[:here])
    expected = plan.steps[here].seconds
    if passed.total:
        return before + expected * min(passed.done / passed.total, 1.0)
    return before + min(passed.current.seconds, 0.9 * expected)


def _place_after(stages: Sequence[str], stage: str, at: int) -> int:
    """Index behind the first `stage` from index `at` on; `at` itself if there is none."""
    return stages.index(stage, at) + 1 if stage in stages[at:] else at
