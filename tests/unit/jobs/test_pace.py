"""Pace: the share done never falls, the time left never jumps up, and there is no estimate before there is a basis."""

import math

import pytest
from hypothesis import given, strategies as st

from embviz.jobs.pace import MOST_RISE, Passed, Plan, Step, seconds_left, share_done, steadied

STAGES = ("index", "recall", "search", "forming")
seconds = st.floats(0, 1000)
steps = st.lists(st.builds(Step, st.sampled_from(STAGES), seconds), max_size=8)
plans = st.builds(lambda found, known: Plan(tuple(found), known), steps, st.booleans())


@given(plans, steps, st.booleans())
def test_the_share_done_never_falls_while_a_run_goes_on(plan: Plan, run: list[Step], counts: bool) -> None:
    plan = Plan((*plan.steps, Step("forming", 1.0)))
    before = 0.0
    for at, step in enumerate(run):
        for part in range(5):
            total = 4 if counts else 0
            share = share_done(plan, Passed(tuple(run[:at]), Step(step.stage, step.seconds * part / 4), part, total))
            assert share is not None and before - 1e-9 <= share <= 1 + 1e-9
            before = share


def test_a_run_that_goes_as_planned_is_done_when_its_time_is_over() -> None:
    plan = Plan((Step("index", 2.0), Step("recall", 1.0), Step("index", 4.0), Step("recall", 3.0)), is_measured=True)
    for at, step in enumerate(plan.steps):
        passed = Passed(plan.steps[:at], Step(step.stage, step.seconds / 2), done=5, total=10)
        share, left = share_done(plan, passed), seconds_left(plan, passed)
        assert share is not None and left is not None
        assert share * plan.seconds == pytest.approx(passed.seconds)
        assert left == pytest.approx(plan.seconds - passed.seconds)


@pytest.mark.parametrize("slowness", [0.25, 1.0, 8.0])
def test_the_time_left_comes_out_right_on_a_machine_that_is_faster_or_slower(slowness: float) -> None:
    plan = Plan((Step("index", 30.0), Step("search", 70.0)))
    passed = Passed((Step("index", 30 * slowness),), Step("search", 35 * slowness), done=1, total=2)
    for known in (Plan(plan.steps), Plan(plan.steps, is_measured=True)):
        left = seconds_left(known, passed)
        assert left is not None
        assert left == pytest.approx(35 * slowness, rel=0.01 if not known.is_measured else 0.9)


def test_a_step_nobody_expected_adds_nothing_and_one_left_out_is_done() -> None:
    plan = Plan((Step("index", 1.0), Step("search", 3.0)))
    assert share_done(plan, Passed((Step("other", 50.0),), Step("another", 1.0), 1, 2)) == 0
    assert share_done(plan, Passed((), Step("search", 0.0))) == 0.25


def test_nothing_is_said_before_there_is_a_basis() -> None:
    begun = Passed((), Step("index", 0.5), done=1, total=2)
    plan = Plan((Step("index", 1.0), Step("search", 99.0)))
    assert seconds_left(Plan(), begun) is None, "a stage says nothing of the others"
    assert seconds_left(plan, begun) is None, "too early"
    assert seconds_left(Plan(plan.steps, is_measured=True), begun) is not None, "it was measured before"


@given(st.lists(st.tuples(seconds, st.floats(0.01, 5)), min_size=1, max_size=50))
def test_the_time_said_never_leaps_up(estimates: list[tuple[float, float]]) -> None:
    said = None
    for estimated, passed in estimates:
        now = steadied(said, estimated, passed)
        assert now is not None and 0 <= now < math.inf
        if said is not None:
            assert now <= said + MOST_RISE * passed + 1e-9
        said = now


def test_the_time_said_counts_down_where_there_is_no_new_estimate_and_comes_to_a_steady_one() -> None:
    assert steadied(10.0, None, 4.0) == 6.0
    assert steadied(1.0, None, 4.0) == 0.0
    for first in (5.0, 500.0):
        said: float | None = first
        for left in range(600, 0, -1):
            said = steadied(said, float(left), 1.0)
        assert said == pytest.approx(1.0, abs=2.0)
