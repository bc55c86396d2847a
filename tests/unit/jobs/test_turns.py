"""The queue: never more turns at work than allowed, in order of arrival, and no place is ever lost."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from hypothesis import given, settings, strategies as st

from embviz.errors import Cancelled
from embviz.jobs.turns import Turn, Turns
from embviz.progress import no_progress

ENOUGH = 20.0
"""Seconds that a test waits at most; nothing takes so long unless it hangs."""


class Worker:
    """Thread that waits for its turn, works until told to end, and keeps the progress it was told while it waited."""

    def __init__(self, threads: ThreadPoolExecutor, turns: Turns) -> None:
        self.turns = turns
        self.said: list[str] = []
        self.told, self.working, self.cancelled, self.go = (threading.Event() for _ in range(4))
        self.error: Exception | None = None
        self.done: Future[None] = threads.submit(self._work)

    def progress(self, stage: str, done: int, total: int) -> None:
        if self.cancelled.is_set():
            raise Cancelled("enough")
        self.said.append(stage)
        self.told.set()

    def _work(self) -> None:
        with self.turns.turn(self.progress):
            self.working.set()
            self.go.wait(ENOUGH)
            if self.error is not None:
                raise self.error

    def waits(self) -> "Worker":
        """The worker itself, once it is in the queue."""
        assert self.told.wait(ENOUGH)
        return self


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(16) as pool:
        yield pool


def test_ten_at_once_are_two_at_work_and_eight_in_order_of_arrival(threads: ThreadPoolExecutor) -> None:
    turns = Turns(2)
    workers = []
    for place in range(10):
        workers.append(Worker(threads, turns))
        assert workers[-1].working.wait(ENOUGH) if place < 2 else workers[-1].waits()
    assert (turns.n_working, turns.n_waiting) == (2, 8)
    assert [worker.said[0] for worker in workers[2:]] == [f"{before} others before you" for before in range(2, 10)]
    for place, worker in enumerate(workers):
        assert worker.working.wait(ENOUGH)
        assert not any(later.working.is_set() for later in workers[place + 2 :])
        worker.go.set()
        worker.done.result(ENOUGH)
    assert (turns.n_working, turns.n_waiting) == (0, 0)


def test_whoever_waits_is_told_when_he_moves_up(threads: ThreadPoolExecutor) -> None:
    turns = Turns(1)
    first = Worker(threads, turns)
    assert first.working.wait(ENOUGH)
    second, third = Worker(threads, turns).waits(), Worker(threads, turns).waits()
    first.go.set()
    assert second.working.wait(ENOUGH)
    for _ in range(20):  # the place before may have been reported once more
        third.told.clear()
        if third.waits().said[-1] == "1 other before you":
            break
    assert third.said[-1] == "1 other before you"
    for worker in (second, third):
        worker.go.set()
        worker.done.result(ENOUGH)


@pytest.mark.parametrize("where", ["queue", "work"])
def test_the_place_of_whoever_is_cancelled_or_fails_is_given_on_at_once(
    threads: ThreadPoolExecutor, where: str
) -> None:
    turns = Turns(1)
    first = Worker(threads, turns)
    assert first.working.wait(ENOUGH)
    second, third = Worker(threads, turns).waits(), Worker(threads, turns).waits()
    if where == "queue":
        second.cancelled.set()
        with pytest.raises(Cancelled):
            second.done.result(ENOUGH)
        assert turns.n_waiting == 1
        first.go.set()
    else:
        first.error = ZeroDivisionError()
        first.go.set()
        with pytest.raises(ZeroDivisionError):
            first.done.result(ENOUGH)
        assert second.working.wait(ENOUGH)
        second.go.set()
    assert third.working.wait(ENOUGH)
    third.go.set()
    third.done.result(ENOUGH)
    assert (turns.n_working, turns.n_waiting) == (0, 0)


def test_whoever_stands_still_lets_others_work_and_comes_before_who_has_not_begun(threads: ThreadPoolExecutor) -> None:
    turns = Turns(1)
    with turns.turn(no_progress) as paused:
        other, later = Worker(threads, turns).waits(), Worker(threads, turns).waits()
        turns.leave(paused)
        assert other.working.wait(ENOUGH)
        back = threads.submit(turns.go_on, paused, no_progress)
        while turns.n_waiting < 2:
            time.sleep(0.001)
        other.go.set()
        back.result(ENOUGH)
        assert not later.working.is_set()
        turns.go_on(paused, lambda *said: pytest.fail("he is at work already"))
    assert later.working.wait(ENOUGH)
    later.go.set()
    later.done.result(ENOUGH)


def test_whoever_gives_up_his_way_back_is_neither_at_work_nor_in_the_queue(threads: ThreadPoolExecutor) -> None:
    turns = Turns(1)
    other = Worker(threads, turns)
    assert other.working.wait(ENOUGH)
    turns.go_on(Turn(has_begun=True), no_progress, lambda: True)
    assert (turns.n_working, turns.n_waiting) == (1, 0)
    other.go.set()
    other.done.result(ENOUGH)


@settings(max_examples=20)
@given(most=st.integers(1, 3), fates=st.lists(st.sampled_from(["works", "fails", "cancelled", "pauses"]), max_size=12))
def test_whatever_happens_no_place_is_lost_and_never_are_more_at_work(most: int, fates: list[str]) -> None:
    turns, crowded = Turns(most), []

    def work(fate: str) -> None:
        def progress(stage: str, done: int, total: int) -> None:
            if fate == "cancelled":
                raise Cancelled("enough")

        with turns.turn(progress) as turn:
            crowded.append(turns.n_working > most)
            if fate == "fails":
                raise ZeroDivisionError
            if fate == "pauses":
                turns.leave(turn)
                turns.go_on(turn, progress)
                crowded.append(turns.n_working > most)

    with ThreadPoolExecutor(12) as pool:
        for each in [pool.submit(work, fate) for fate in fates]:
            assert isinstance(each.exception(ENOUGH), Cancelled | ZeroDivisionError | None)
    assert not any(crowded) and (turns.n_working, turns.n_waiting) == (0, 0)
