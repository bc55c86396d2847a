"""The script waits briefly for work that has just begun, once, and not for what takes longer."""

import threading
from collections.abc import Iterator

import pytest

from embviz.jobs.latest import Latest
from embviz.ui.waiting import brief
from embviz.ui.waiting.brief import job_waited_for, wait_briefly

ENOUGH = 20.0
"""Seconds nothing here takes."""


@pytest.fixture(autouse=True)
def looks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The looks whether the page has asked for another run; here there is no page."""
    found: list[int] = []
    monkeypatch.setattr(brief, "session", lambda: found.append(1))
    return found


@pytest.fixture
def go() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def test_quick_work_is_done_when_it_is_returned_and_slow_work_is_not_waited_for(go: threading.Event) -> None:
    latest = Latest[bool]()
    assert not job_waited_for(latest, "quick", lambda clock: True, ENOUGH).is_running
    assert job_waited_for(latest, "slow", lambda clock: go.wait(ENOUGH), 0.01).is_running


def test_work_that_goes_on_is_not_waited_for_again(go: threading.Event, looks: list[int]) -> None:
    latest = Latest[bool]()
    first = job_waited_for(latest, "slow", lambda clock: go.wait(ENOUGH), 0.05)
    looks.clear()
    assert job_waited_for(latest, "slow", lambda clock: True, ENOUGH) is first and not looks


def test_another_run_that_the_page_asks_for_ends_the_wait(go: threading.Event, monkeypatch: pytest.MonkeyPatch) -> None:
    class AnotherRun(BaseException):
        """As Streamlit's own exception for this, which is not of its public names."""

    def asked() -> None:
        raise AnotherRun

    monkeypatch.setattr(brief, "session", asked)
    latest = Latest[bool]()
    with pytest.raises(AnotherRun):
        job_waited_for(latest, "slow", lambda clock: go.wait(ENOUGH), ENOUGH)
    assert latest.job is not None and latest.job.is_running, "the work goes on"
    with pytest.raises(AnotherRun):
        wait_briefly(latest.job, ENOUGH)
