"""How much of a run is done and how long the rest takes, from how long each step of it is expected to take."""

from collections.abc import Sequence
from dataclasses import dataclass

LEAST_BASIS = (2.0, 0.1)
"""Seconds, and share of the expected run, that must be over before a guess at the speed of this machine is said."""
TRUST = 0.25
"""What times measured on this machine weigh against the run under way, as a share of the whole run."""
SETTLING_SECONDS = 4.0
"""How fast the time said follows the time estimated, where that is shorter."""
MOST_RISE = 0.5
"""Most seconds that the time said grows by in a second: it stands nearly still rather than leap up."""


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of a run, and the seconds it took or is expected to take."""

    stage: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps a run is expected to take, in order; a stage may come more than once.

    Attributes
    ----------
    steps
        Empty where nothing is known.
    is_measured
        Whether their seconds are those of earlier runs on this machine.
    """

    steps: tuple[Step, ...] = ()
    is_measured: bool = False

    @property
    def seconds(self) -> float:
        """Of all steps."""
        return sum(step.seconds for step in self.steps)


@dataclass(frozen=True, slots=True)
class Passed:
    """How far a run has come.

    Attributes
    ----------
    steps
        Those that are over, in order, with the seconds they took.
    current
        The one under way, with the seconds since it began.
    done, total
        How far that one is; total 0 means unknown.
    """

    steps: tuple[Step, ...]
    current: Step
    done: int = 0
    total: int = 0

    @property
    def seconds(self) -> float:
        """Since the run began."""
        return self.current.seconds + sum(step.seconds for step in self.steps)


def share_done(plan: Plan, passed: Passed) -> float | None:
    """Share of the run that is done, 0..1; None where nothing is known of the rest.

    Without a plan it is that of the step under way.

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
    """How long the rest takes if the run goes on as fast as until now; None without a plan, or before there is a basis.

    Measured times are believed from the beginning and corrected by and by; others only say how the steps compare.

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
    """The seconds left to say now, so many `seconds` after the last ones were `said`: they never leap up.

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
    """Of the plan, up to where the run is. A step that is not in the plan adds nothing, one passed over is done."""
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
    return stages.index(stage, at) + 1 if stage in stages[at:] else at
