"""Jobs: a computation in a thread gives its result or its error, and stops when cancelled or no longer watched."""

import gc
import logging
import threading
import weakref

import pytest

from embviz.errors import Cancelled, OutOfMemoryError, SpecError, Unwatched
from embviz.jobs import job as jobs
from embviz.jobs.job import Job, JobProgress
from embviz.progress import Progress

ENOUGH = 20.0
"""Seconds that a test waits at most; nothing takes so long unless it hangs."""


def work_until_stopped(progress: Progress) -> None:
    while True:
        progress("looping", 0, 0)


def ended(job: Job[object]) -> Job[object]:
    job.wait(ENOUGH)
    assert not job.is_running
    return job


def test_the_result_is_what_the_work_returned() -> None:
    assert ended(Job(lambda progress: {"answer": 42})).result() == {"answer": 42}


def test_none_is_a_result_too() -> None:
    assert ended(Job(lambda progress: None)).result() is None


def test_progress_is_what_the_work_said_last() -> None:
    said, seen = threading.Event(), threading.Event()

    def work(progress: Progress) -> None:
        progress("reading", 1, 2)
        progress("laying out", 3, 12)
        said.set()
        seen.wait(ENOUGH)

    job = Job(work)
    assert said.wait(ENOUGH)
    assert job.watch() == JobProgress("laying out", 3, 12)
    seen.set()
    ended(job)


def test_a_cancelled_job_stops_at_its_next_progress_call() -> None:
    ready, go = threading.Event(), threading.Event()
    reached: list[str] = []

    def work(progress: Progress) -> None:
        progress("before", 0, 0)
        ready.set()
        go.wait(ENOUGH)
        reached.append("still computing")
        progress("after", 0, 0)
        reached.append("beyond")

    job = Job(work)
    assert ready.wait(ENOUGH)
    job.cancel()
    go.set()
    with pytest.raises(Cancelled):
        ended(job).result()
    assert reached == ["still computing"]


def test_a_job_that_is_done_already_keeps_its_result_when_cancelled() -> None:
    job = ended(Job(lambda progress: 1))
    job.cancel()
    assert job.result() == 1


def test_a_job_stops_that_nobody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "UNWATCHED_SECONDS", 0.05)
    with pytest.raises(Unwatched, match="did not ask"):
        ended(Job(work_until_stopped)).result()


def test_whoever_watches_may_say_how_long_it_goes_on_unwatched() -> None:
    job = Job(work_until_stopped)
    job.watch(0.0)
    with pytest.raises(Unwatched, match="did not ask"):
        ended(job).result()


def test_a_job_goes_on_while_it_is_watched() -> None:
    job = Job(work_until_stopped)
    job.watch()
    assert job.is_running
    job.cancel()
    ended(job)


def test_waiting_for_a_while_does_not_stop_the_job() -> None:
    go = threading.Event()
    job = Job(lambda progress: go.wait(ENOUGH))
    job.wait(0)
    assert job.is_running
    go.set()
    assert ended(job).result() is True


def test_an_error_of_the_work_is_raised_to_whoever_asks_every_time(caplog: pytest.LogCaptureFixture) -> None:
    def work(progress: Progress) -> None:
        raise SpecError("perplexity 50 needs more items")

    job = ended(Job(work))
    for _ in range(2):
        with pytest.raises(SpecError, match="perplexity 50"):
            job.result()
    assert caplog.records == [], "not a bug: the page shows it"


def test_a_bug_is_raised_and_keeps_its_traceback_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    def work(progress: Progress) -> None:
        {}["missing"]

    with caplog.at_level(logging.ERROR, logger="embviz.jobs.job"):
        job = ended(Job(work))
    with pytest.raises(KeyError, match="missing"):
        job.result()
    (record,) = caplog.records
    assert record.exc_info is not None


def test_a_job_without_enough_memory_says_what_to_do(caplog: pytest.LogCaptureFixture) -> None:
    def work(progress: Progress) -> None:
        raise MemoryError("Unable to allocate 3.1 TiB")

    with caplog.at_level(logging.ERROR, logger="embviz.jobs.job"):
        job = ended(Job(work))
    with pytest.raises(OutOfMemoryError, match="not enough memory for this; choose fewer items"):
        job.result()
    assert "3.1 TiB" in caplog.text


def test_jobs_do_not_share_their_progress_or_their_end() -> None:
    one, other = Job(work_until_stopped), Job(work_until_stopped)
    one.cancel()
    ended(one)
    assert other.is_running
    other.cancel()
    ended(other)


def test_a_job_and_its_result_are_gone_as_soon_as_nobody_holds_them() -> None:
    """Without waiting for the garbage collector: a result may hold the vectors of 70,000 items."""

    class Result:
        pass

    gc.disable()
    try:
        job = ended(Job(lambda progress: Result()))
        gone = weakref.ref(job.result()), weakref.ref(job)
        del job
        assert [each() for each in gone] == [None, None]
    finally:
        gc.enable()


class Held:
    """Stands for the arrays that the work of a job holds."""


@pytest.mark.parametrize("kind", [Cancelled, SpecError, KeyError, MemoryError])
def test_what_the_work_held_is_gone_as_soon_as_its_job_has_failed(
    kind: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without waiting for the garbage collector, and while the page still holds the job."""
    monkeypatch.setattr(jobs.logger, "disabled", True)  # pytest keeps what is logged
    held: list[weakref.ref[Held]] = []

    def inner() -> None:
        arrays = Held()
        held.append(weakref.ref(arrays))
        raise LookupError("the cause")

    def work(progress: Progress) -> None:
        arrays = Held()
        held.append(weakref.ref(arrays))
        try:
            inner()
        except LookupError as cause:
            raise kind("enough") from cause

    gc.disable()
    try:
        job = ended(Job(work))
        assert job.error is not None
        assert [each() for each in held] == [None, None]
    finally:
        gc.enable()


def test_an_error_that_is_raised_again_and_again_does_not_grow() -> None:
    def work(progress: Progress) -> None:
        raise SpecError("no such k")

    job = ended(Job(work))
    lengths = []
    for _ in range(3):
        with pytest.raises(SpecError) as raised:
            job.result()
        lengths.append(len(raised.traceback))
    assert lengths == [lengths[0]] * 3
