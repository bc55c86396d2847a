"""When a visitor leaves: his computations stop, and his session with all it holds is gone when its time is over."""

import asyncio
import gc
import threading
from types import SimpleNamespace

import pytest
from streamlit.runtime.caching.ttl_cache import TTLCache
from streamlit.runtime.memory_session_storage import MemorySessionStorage

from embviz.errors import Unwatched
from embviz.jobs.job import UNWATCHED_SECONDS, Job
from embviz.progress import Progress
from embviz.ui.waiting import departures
from embviz.ui.waiting.departures import Visit, leave

ENOUGH = 20.0
"""Seconds nothing here takes."""


def work_until_stopped(progress: Progress) -> None:
    while True:
        progress("looping", 0, 0)


def left(visit: Visit) -> None:
    async def in_a_loop() -> None:
        leave(visit)

    thread = threading.Thread(target=asyncio.run, args=(in_a_loop(),))  # a browser test's loop may run in this one
    thread.start()
    thread.join()


def test_the_jobs_of_a_visitor_stop_when_he_has_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(departures, "GONE_SECONDS", 0.0)
    visit, other = Visit(), Visit()
    jobs = [Job(work_until_stopped) for _ in range(3)]
    for job in jobs[:2]:
        visit.add(job)
    other.add(jobs[2])
    left(visit)
    for job in jobs[:2]:
        job.wait(ENOUGH)
        with pytest.raises(Unwatched):
            job.result()
    assert jobs[2].is_running
    jobs[2].cancel()
    jobs[2].wait(ENOUGH)


def test_a_visitor_who_comes_back_in_time_finds_his_job_at_work() -> None:
    visit, job = Visit(), Job(work_until_stopped)
    visit.add(job)
    left(visit)
    job.watch()
    assert job.is_running and job._patience == UNWATCHED_SECONDS
    job.cancel()
    job.wait(ENOUGH)


def test_a_visit_holds_no_job() -> None:
    visit = Visit()
    visit.add(Job(lambda progress: None))
    gc.collect()
    assert not visit.jobs


def test_sessions_whose_time_is_over_are_ended_and_others_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """With Streamlit's own storage: a release that keeps sessions elsewhere fails here."""
    now = 0.0
    storage = MemorySessionStorage()
    assert isinstance(storage._cache, TTLCache)
    storage._cache = TTLCache(maxsize=10, ttl=50, timer=lambda: now)
    manager = SimpleNamespace(_session_storage=storage)
    monkeypatch.setattr(departures.runtime, "get_instance", lambda: SimpleNamespace(_session_mgr=manager))
    storage.save(SimpleNamespace(session=SimpleNamespace(id="left")))  # type: ignore[arg-type]  # all that it reads
    now = 30.0
    storage.save(SimpleNamespace(session=SimpleNamespace(id="just left")))  # type: ignore[arg-type]
    now = 51.0
    departures._end_left_sessions()
    assert list(storage._cache._data) == ["just left"]
