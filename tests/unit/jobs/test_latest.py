"""One job for one purpose: another key stops it, the same key never starts it again."""

import pytest

from embviz.errors import Cancelled
from embviz.jobs.job import Job
from embviz.jobs.latest import Latest
from embviz.progress import Progress

ENOUGH = 20.0
"""Seconds nothing here takes."""


def endless(progress: Progress) -> int:
    while True:
        progress("looping", 0, 0)


def cancelled(job: Job[int]) -> bool:
    job.wait(ENOUGH)
    return isinstance(job.error, Cancelled)


def test_the_same_key_gives_the_same_job_and_starts_nothing() -> None:
    latest, started = Latest[int](), []
    jobs = [latest.job_for("one", lambda clock: started.append(1) or 42) for _ in range(3)]
    jobs[0].wait(ENOUGH)
    assert jobs == [jobs[0]] * 3 and started == [1]
    assert latest.job is jobs[0] and latest.key == "one" and jobs[0].result() == 42


def test_another_key_stops_the_job_before() -> None:
    latest = Latest[int]()
    first = latest.job_for("one", endless)
    second = latest.job_for("other", endless)
    assert cancelled(first) and second.is_running and latest.job is second
    latest.forget()
    assert cancelled(second) and latest.job is None and latest.key is None


def test_what_is_forgotten_is_started_again_even_for_the_same_key() -> None:
    latest = Latest[int]()
    first = latest.job_for("one", lambda clock: 1)
    first.wait(ENOUGH)
    latest.forget()
    second = latest.job_for("one", lambda clock: 2)
    second.wait(ENOUGH)
    assert second is not first and latest.job is second and second.result() == 2


@pytest.mark.parametrize("n", [1, 3])
def test_two_visitors_have_a_job_each(n: int) -> None:
    visitors = [Latest[int]() for _ in range(n + 1)]
    jobs = [each.job_for("one", endless) for each in visitors]
    visitors[0].forget()
    assert cancelled(jobs[0]) and all(job.is_running for job in jobs[1:])
    for each in visitors:
        each.forget()
