"""A clock measures the stages of a job, and takes nothing back of what it said."""

from types import SimpleNamespace

import pytest

from embviz.jobs import clock as module
from embviz.jobs.clock import Clock, Estimate
from embviz.jobs.pace import MOST_RISE, Plan, Step


def test_a_clock_measures_steps_and_passes_on_what_it_is_told() -> None:
    heard = []
    clock = Clock(lambda *said: heard.append(said))
    told = [("training · accuracy 90 %", 0, 2), ("training · accuracy 95 %", 1, 2), ("index", 0, 0), ("training", 0, 0)]
    for said in told:
        clock(*said)
    passed = clock.passed()
    assert heard == told
    assert [step.stage for step in passed.steps] == ["starting", "training", "index"]
    assert (passed.current.stage, passed.done, passed.total) == ("training", 0, 0)
    assert all(step.seconds >= 0 for step in (*passed.steps, passed.current))


def test_a_clock_that_is_told_to_stop_stops_the_run() -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Clock(stop)("index", 0, 0)


PLAN = Plan((Step("index", 10.0), Step("search", 10.0)), is_measured=True)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Time as the clock sees it, in its field `seconds`."""
    time = SimpleNamespace(seconds=100.0)
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: time.seconds))
    return time


def test_with_a_plan_the_share_said_never_falls_and_the_time_left_never_leaps_up(now: SimpleNamespace) -> None:
    clock = Clock()
    clock.plan = PLAN
    clock("index", 5, 10)
    first = clock.estimate()
    assert first.share == 0.25 and first.seconds_left is not None
    now.seconds += 100.0  # a machine that suddenly is slow
    clock("index", 1, 10)
    second = clock.estimate()
    assert second.share == first.share
    assert second.seconds_left is not None and second.seconds_left <= first.seconds_left + 100 * MOST_RISE


def test_another_plan_is_a_share_of_something_else(now: SimpleNamespace) -> None:
    clock = Clock()
    clock("reading", 9, 10)
    assert clock.estimate() == Estimate(0.9, None)
    clock.plan = PLAN
    clock("index", 0, 10)
    assert clock.estimate().share == 0.0


def test_waiting_is_no_part_of_what_has_passed(now: SimpleNamespace) -> None:
    clock = Clock()
    for stage, seconds in (("index", 3.0), ("1 other before you", 50.0), ("t-SNE paused", 50.0), ("search", 2.0)):
        clock(stage, 0, 0)
        now.seconds += seconds
    assert clock.passed().seconds == 5.0
