"""A run is one thing in three threads: its job makes it, the server answers for it, the page asks and steers it."""

import gc
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor

import pytest

import embviz.view
from embviz.datasets import source_named
from embviz.errors import Cancelled, SpecError
from embviz.features.features import Pixels
from embviz.jobs.turns import Turns
from embviz.progress import no_progress
from embviz.projection.run import ended
from embviz.projection.run.wishes import MORE
from embviz.projection.specs import Tsne, Umap
from embviz.run import Run, started_run
from embviz.storage.store import Store
from embviz.view import Forming, ViewSpec
from tests.unit.frames import frame_after

ENOUGH = 60.0
"""Seconds nothing here takes."""

ENDLESS = 10**6
"""Iterations that nobody waits for."""


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path)


@pytest.fixture(autouse=True)
def nothing_kept_in_memory(monkeypatch):
    monkeypatch.setattr(embviz.view, "turns", Turns(2))
    monkeypatch.setattr(ended, "_ended", weakref.WeakKeyDictionary())


@pytest.fixture
def start(store):
    """Starts runs of few items, which end with the test."""
    started = []

    def run(max_iter=300, **spec):
        wanted = ViewSpec(source_named("digits"), "test", 20, Pixels(), Tsne(perplexity=3.0, max_iter=max_iter, **spec))
        started.append(started_run(wanted, store=store))
        return started[-1]

    yield run
    for each in started:
        each.job.cancel()
    for each in started:
        over(each)


def over(run):
    run.job.wait(ENOUGH)
    assert not run.job.is_running
    return run


def moving(run):
    """The run, which has something to look at."""
    frame_after(run.steering, 0)
    return run


def test_a_run_makes_what_was_asked_for_and_shows_it_while_it_forms(start):
    run = over(start())
    view = run.job.result()
    assert view.spec == run.spec and view.projection.iterations == 300
    assert (run.forming.spec, run.forming.dataset, run.forming.features) == (run.spec, view.dataset, view.features)
    assert run.is_visible and run.is_as_planned and run.made(run.spec)
    assert (run.steering.newest.coords == view.projection.coords).all()
    assert (run.steering.state, run.more) == ("ended", MORE)


def test_what_is_there_already_is_taken_and_has_no_frames(start):
    first, second = over(start()), over(start())
    assert second.job.result().projection.fingerprint == first.job.result().projection.fingerprint
    assert not second.is_visible and not second.made(second.spec) and second.more == 0
    with pytest.raises(SpecError):
        second.gone_on()


def test_two_runs_share_neither_tokens_nor_frames_nor_wishes(start):
    one, other = moving(start(ENDLESS)), moving(start(ENDLESS, seed=1))
    assert len({one.token, other.token, one.place, other.place}) == 2 and len(one.token) >= 16
    one.steering.pause()
    one.steering.wish(perturbations=1)
    assert other.steering.state == "running" and not other.steering.was_steered
    one.drop()
    over(one)
    assert other.job.is_running and other.is_asked


def test_a_run_that_is_replaced_while_it_forms_stops_and_was_never_made(start):
    run = moving(start(ENDLESS))
    assert run.is_asked and run.made(run.spec)
    run.drop()
    assert not run.is_asked and not run.made(run.spec)
    assert isinstance(over(run).job.error, Cancelled) and run.steering.state == "ended"
    assert not run.is_as_planned and not run.made(run.spec)


def test_a_run_that_came_to_its_end_is_made_also_when_something_else_is_asked_for_unless_it_was_steered(start):
    planned, steered = over(start()), moving(start(ENDLESS))
    steered.steering.stop()
    over(steered)
    for run in (planned, steered):
        assert run.made(run.spec)
        run.drop()
    assert planned.made(planned.spec) and not steered.made(steered.spec)
    assert not planned.made(steered.spec)


@pytest.mark.parametrize("when", ["it waits for its turn", "it forms", "it stands still"])
def test_a_run_that_is_cancelled_has_ended_for_whoever_watches_it(start, when):
    if when == "it waits for its turn":
        with embviz.view.turns.turn(no_progress), embviz.view.turns.turn(no_progress):
            run = start()
            run.job.cancel()
            over(run)
        assert run.steering.newest is None and not run.is_visible
    else:
        run = moving(start(ENDLESS))
        if when == "it stands still":
            run.steering.pause()
        run.job.cancel()
        over(run)
    assert isinstance(run.job.error, Cancelled)
    assert run.steering.state == "ended"


def test_a_run_goes_on_from_its_end_in_another_one_with_the_same_frames_and_zoom(start):
    first = over(start())
    frames, at_end = len(first.steering.frames), first.job.result().projection
    second = over(first.gone_on(100))
    view = second.job.result()
    assert view.projection.iterations == 400 and view.projection.departure == "steered"
    assert second.steering is first.steering and len(second.steering.frames) > frames
    assert second.place == first.place and second.token != first.token
    assert second.before is None, "it has moved"
    assert first.job.result().projection is at_end and at_end.iterations == 300
    assert second.made(second.spec) and not second.is_as_planned
    assert over(second.gone_on(50)).job.result().projection.iterations == 450


def test_a_run_that_goes_on_and_is_cancelled_before_it_moves_leaves_the_one_before_as_it_was(start):
    first = over(start())
    newest = first.steering.newest
    with embviz.view.turns.turn(no_progress), embviz.view.turns.turn(no_progress):
        second = first.gone_on()
        assert second.before is first and not second.is_visible, "its frames are those of before"
        second.job.cancel()
        over(second)
    assert second.before is first and first.steering.newest is newest
    assert first.steering.can_go_on and first.more == MORE
    assert over(first.gone_on(100)).job.result().projection.iterations == 400


def test_a_run_goes_on_only_from_its_end_and_only_once(start):
    running, done = moving(start(ENDLESS)), over(start())
    with pytest.raises(SpecError, match="wait for it, or stop it"):
        running.gone_on()
    with ThreadPoolExecutor(8) as threads:
        pressed = [threads.submit(done.gone_on, ENDLESS) for _ in range(8)]
        went_on = [press.result(ENOUGH) for press in pressed if press.exception(ENOUGH) is None]
    (only,) = went_on
    assert all(isinstance(press.exception(), SpecError) for press in pressed if press.exception() is not None)
    only.job.cancel()
    over(only)


def test_what_is_no_longer_in_memory_cannot_go_on(start, monkeypatch):
    first = over(start())
    monkeypatch.setattr(ended, "MOST_ITEMS", 20)
    second = over(start(seed=1))
    assert (first.more, second.more) == (0, MORE)
    with pytest.raises(SpecError, match="no longer in memory"):
        first.gone_on()
    assert first.made(first.spec) and first.steering.frames, "it can still be looked at"


def test_what_the_job_says_is_seen_whole_by_whoever_asks_meanwhile():
    """A run that moves has let go of the one before: nobody sees it do the one without the other."""
    spec = ViewSpec(source_named("digits"), "test", 20, Pixels(), Umap())
    before, asking, told, forming = Run(spec, lambda run, clock: None), threading.Event(), threading.Event(), object()

    def work(run, clock):
        assert asking.wait(ENOUGH)
        run.begin(forming)
        told.set()

    run = Run(spec, work, before)
    seen = []
    asking.set()
    while not told.is_set():
        was_before = run.before
        seen.append((was_before is before, run.forming))
    assert run.before is None and run.forming is forming
    assert all(was_before or now is forming for was_before, now in seen)
    over(run)


def test_an_error_of_the_work_is_told_and_ends_the_steering(store):
    run = over(started_run(ViewSpec(source_named("digits"), "test", 20, Pixels(), Tsne(perplexity=30.0)), store=store))
    with pytest.raises(SpecError, match="perplexity 30 needs at least 91 items"):
        run.job.result()
    assert run.steering.state == "ended" and not run.made(run.spec)


def test_a_run_that_its_page_has_dropped_is_gone_with_its_frames_and_its_view(store):
    """At once, without waiting for the garbage collector."""
    spec = ViewSpec(source_named("digits"), "test", 20, Pixels(), Tsne(perplexity=3.0, max_iter=251))
    gc.disable()
    try:
        run = over(started_run(spec, store=store))
        again = over(run.gone_on(10))
        gone = [weakref.ref(each) for each in (run, run.steering, again)]
        del run, again
        assert [each() for each in gone] == [None] * 3
    finally:
        gc.enable()


def test_a_forming_layout_is_of_one_piece(start):
    run = moving(start(ENDLESS))
    assert isinstance(run.forming, Forming)
    assert len(run.steering.newest.coords) == len(run.forming.dataset) == len(run.forming.features) == 20
