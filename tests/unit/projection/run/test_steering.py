"""Steering: whoever watches sees the newest frame, and what is asked for reaches the optimizer once."""

import math
import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import numpy as np
import pytest

from embviz.arrays import Float32Array
from embviz.errors import Cancelled, SpecError
from embviz.projection.layout import Layout
from embviz.projection.run import steering as module
from embviz.projection.run.steering import Steering
from embviz.projection.run.wishes import PLANNED, Wishes
from tests.unit.frames import frame_after

ENOUGH = 20.0
"""Seconds nothing here takes."""


def coords_at(done: int, n: int = 4) -> Float32Array:
    return np.full((n, 2), done, np.float32)


def layout_of(can_exaggerate: bool = True) -> Layout:
    """The layout of an optimizer of which steering needs no more than this."""
    return Layout(SimpleNamespace(can_exaggerate=can_exaggerate, name="X"), np.arange(4), "source")


def never() -> None:
    pytest.fail("it does not wait")


def running(frames: int = 1, n: int = 4, can_exaggerate: bool = True) -> Steering:
    steering = Steering()
    steering.begin(layout_of(can_exaggerate))
    for done in range(1, frames + 1):
        steering.show(coords_at(done, n), done, 750)
    return steering


def optimize(steering: Steering, total: int = 10**9) -> tuple[int, int]:
    """An optimizer as steering wants it: iterations done, and shakes, when it was stopped or has come to its end."""
    done, shakes = 0, 0
    while done < total or not steering.finish():
        wishes = steering.wishes(lambda: None)
        if wishes is None:
            break
        total += wishes.more
        shakes += wishes.perturbations
        if steering.state != "paused" and done < total:
            done += 1
        steering.show(coords_at(done), done, total)
    return done, shakes


def test_a_run_starts_with_its_first_frame_and_ends_for_good() -> None:
    steering = Steering()
    assert (steering.state, steering.newest, steering.frames, steering.speed) == ("starting", None, [], 0.0)
    steering.pause()
    assert steering.state == "starting", "there is nothing to stand still yet"
    steering.show(coords_at(1), 1, 750)
    assert steering.state == "running"
    steering.pause()
    assert steering.state == "paused"
    steering.resume()
    assert steering.state == "running"
    steering.end()
    for action in (steering.pause, steering.resume, steering.stop):
        action()
        assert steering.state == "ended"


def test_the_newest_frame_is_the_last_one_shown() -> None:
    steering = running(frames=3)
    newest = steering.newest
    assert newest is not None
    assert (newest.serial, newest.done, newest.total, newest.coords[0, 0]) == (3, 3, 750, 3.0)


def test_the_last_of_the_frames_is_the_layout_itself_and_the_others_nearly_what_they_were() -> None:
    steering = running(frames=3)
    first, second, last = steering.frames
    assert last is steering.newest
    assert [frame.done for frame in (first, second)] == [1, 2]
    np.testing.assert_allclose(second.coords, coords_at(2), atol=1e-6)


def test_a_wish_comes_once_and_wishes_that_wait_add_up() -> None:
    steering = running()
    assert steering.wishes(never) == Wishes()
    steering.wish(more=250, exaggeration=4.0)
    steering.wish(perturbations=1)
    steering.wish(more=250, perturbations=1, exaggeration=2.0)
    steering.wish(learning_rate=100.0)
    assert steering.wishes(never) == Wishes(500, 2, 100.0, 2.0)
    assert steering.wishes(never) == Wishes()


def test_a_paused_run_waits_and_goes_on_where_it_was() -> None:
    steering = running()
    steering.pause()
    idle = threading.Event()
    with ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(steering.wishes, idle.set)
        assert idle.wait(ENOUGH)
        assert not waiting.done()
        steering.resume()
        assert waiting.result(ENOUGH) == Wishes()


@pytest.mark.parametrize("wish", [{"more": 250}, {"perturbations": 1}, {"learning_rate": 10.0}, {"exaggeration": 2.0}])
def test_a_paused_run_listens(wish: dict[str, float]) -> None:
    steering = running()
    steering.pause()
    with ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(steering.wishes, lambda: None)
        steering.wish(**wish)
        assert waiting.result(ENOUGH) == Wishes(**wish)
    assert steering.state == "paused"


def test_what_is_asked_after_the_end_comes_too_late() -> None:
    steering = running()
    steering.end()
    steering.stop()
    steering.wish(more=250)
    assert not steering.was_steered
    steering.go_on(100)
    assert steering.wishes(lambda: None) == Wishes(more=100)


@pytest.mark.parametrize("is_paused", [False, True])
def test_a_stopped_run_is_told_so_even_while_it_is_paused(is_paused: bool) -> None:
    steering = running()
    if is_paused:
        steering.pause()
    with ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(steering.wishes, lambda: None) if is_paused else None
        steering.stop()
        assert waiting is None or waiting.result(ENOUGH) is None
    assert steering.wishes(never) is None, "and stays so"


def test_an_error_of_the_idle_callback_ends_the_wait() -> None:
    steering = running()
    steering.pause()

    def cancelled() -> None:
        raise Cancelled("stopped as asked")

    with pytest.raises(Cancelled):
        steering.wishes(cancelled)


def test_nothing_moves_while_paused_and_nothing_asked_for_is_lost() -> None:
    steering = Steering()
    with ThreadPoolExecutor(5) as threads:
        optimizer = threads.submit(optimize, steering)
        frame_after(steering, 0)
        steering.pause()
        still = steering.newest
        assert still is not None
        askers = [threads.submit(lambda: [steering.wish(perturbations=1) for _ in range(50)]) for _ in range(4)]
        for asker in askers:
            asker.result(ENOUGH)
        later = frame_after(steering, still.serial)
        assert later.done <= still.done + 1, "at most the step that was under way"
        steering.resume()
        steering.wish(more=-(10**9))  # the end: all that was asked for before is granted by then
        _, shakes = optimizer.result(ENOUGH)
    assert shakes == 200
    assert steering.state == "ended"


def test_what_is_asked_until_the_plan_is_done_is_done_and_what_is_asked_later_is_not() -> None:
    steering = running()
    steering.wish(more=250)
    assert not steering.finish(), "it is still to be granted"
    assert steering.wishes(never) == Wishes(more=250)
    steering.pause()
    assert not steering.finish(), "somebody wants to look at it"
    steering.resume()
    assert steering.finish() and steering.state == "ended"
    steering.stop()
    steering.wish(more=250)
    steering.go_on(10)
    assert steering.wishes(never) == Wishes(more=10)


def test_what_was_asked_for_together_with_a_stop_is_forgotten_when_it_goes_on() -> None:
    steering = running()
    steering.wish(more=250, perturbations=1)
    steering.stop()
    assert steering.wishes(never) is None and steering.state == "ended"
    steering.go_on(10)
    assert steering.wishes(never) == Wishes(more=10)


def test_numbers_asked_for_last_are_told_until_the_planned_ones_are_asked_for() -> None:
    steering = running()
    steering.wish(learning_rate=100.0)
    steering.wish(exaggeration=4.0)
    steering.wish(more=250)
    assert (steering.learning_rate, steering.exaggeration) == (100.0, 4.0)
    steering.wish(exaggeration=PLANNED)
    assert (steering.learning_rate, steering.exaggeration) == (100.0, None)
    assert steering.wishes(never) == Wishes(250, 0, 100.0, PLANNED)


@pytest.mark.parametrize("number", [math.nan, math.inf, -1.0, 0.0, 1e7])
@pytest.mark.parametrize("name", ["learning_rate", "exaggeration"])
def test_a_number_that_no_spec_could_have_is_refused(name: str, number: float) -> None:
    steering = running()
    with pytest.raises(SpecError, match=f"{name} must be"):
        steering.wish(**{name: number})  # type: ignore[arg-type]  # one of the two
    assert not steering.was_steered


def test_more_is_added_to_what_was_planned() -> None:
    steering = Steering()
    steering.wish(more=250)
    assert optimize(steering, total=10) == (260, 0)
    assert steering.newest is not None
    assert (steering.newest.done, steering.newest.total) == (260, 260)


def test_the_speed_is_iterations_per_second_and_a_pause_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: now))
    steering = running()
    now += 1.0
    steering.show(coords_at(51), 51, 750)
    assert steering.speed == 50.0
    steering.pause()
    steering.wish(more=1)
    steering.wishes(never)
    threading.Timer(0.05, steering.resume).start()
    steering.wishes(lambda: None)
    now += 1000.0
    steering.show(coords_at(52), 52, 751)
    now += 1.0
    steering.show(coords_at(152), 152, 751)
    assert steering.speed == 100.0


def test_another_exaggeration_is_refused_where_there_is_none_whenever_it_is_asked_for() -> None:
    steering = running(can_exaggerate=False)
    for factor in (4.0, PLANNED):
        with pytest.raises(SpecError, match="X has no exaggeration"):
            steering.wish(exaggeration=factor)
    assert not steering.was_steered and steering.wishes(never) == Wishes()
    early = Steering()
    early.wish(exaggeration=4.0)  # nobody knows yet what it will steer
    with pytest.raises(SpecError, match="X has no exaggeration"):
        early.begin(layout_of(can_exaggerate=False))


def test_a_run_that_waits_for_its_turn_says_so_and_can_be_paused_and_stopped_meanwhile() -> None:
    steering = Steering()
    steering.wait_turn()
    assert steering.state == "starting", "it has not begun"
    steering = running()
    steering.wait_turn()
    assert steering.state == "waiting" and steering.is_wanted
    steering.pause()
    steering.take_turn()
    assert steering.state == "paused" and not steering.is_wanted
    steering.wait_turn()
    assert steering.state == "paused"
    steering.resume()
    steering.wait_turn()
    steering.take_turn()
    assert steering.state == "running"
    steering.wait_turn()
    steering.stop()
    assert not steering.is_wanted and steering.wishes(never) is None


def test_a_run_whose_layout_was_given_up_cannot_go_on_and_one_that_goes_on_keeps_its_layout() -> None:
    given_up, going_on = running(), running()
    for steering in (given_up, going_on):
        assert not steering.can_go_on
        steering.forget_layout()
        assert steering.layout is not None, "it is at work"
        steering.end()
        assert steering.can_go_on
    given_up.forget_layout()
    with pytest.raises(SpecError, match="no longer in memory; start a new run"):
        given_up.go_on(10)
    assert given_up.state == "ended" and not given_up.can_go_on
    going_on.go_on(10)
    going_on.forget_layout()
    assert going_on.layout is not None
    with pytest.raises(SpecError, match="a run that is running cannot be continued"):
        going_on.go_on(10)


def test_of_going_on_and_giving_up_at_the_same_time_one_wins() -> None:
    for _ in range(200):
        steering = running()
        steering.end()
        together = threading.Barrier(2)

        def give_up(steering: Steering = steering, together: threading.Barrier = together) -> None:
            together.wait(ENOUGH)
            steering.forget_layout()

        def go_on(steering: Steering = steering, together: threading.Barrier = together) -> bool:
            together.wait(ENOUGH)
            try:
                steering.go_on(10)
            except SpecError:
                return False
            return True

        with ThreadPoolExecutor(2) as threads:
            threads.submit(give_up)
            assert threads.submit(go_on).result(ENOUGH) == (steering.layout is not None)
