"""News of layouts that form: each run has an address of its own, and stops when nobody asks for news any more."""

import gc
import json
import math
import re
import struct
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from embviz.errors import Unwatched
from embviz.features.features import Pixels
from embviz.jobs import job as jobs
from embviz.jobs.clock import Clock
from embviz.projection.run.steering import Steering
from embviz.projection.run.wishes import MORE, Wishes
from embviz.projection.specs import Tsne
from embviz.run import Run
from embviz.server import FRONTEND, Addresses, live_runs, news as module
from embviz.server.news import STATES
from embviz.view import ViewSpec
from tests.unit.asgi import ENOUGH, Answer, get

SPEC = ViewSpec("digits", "all", None, Pixels(), Tsne())
IMMUTABLE = "private, max-age=31536000, immutable"


def nothing(run: Run, clock: Clock) -> Any:
    return None


@dataclass(frozen=True)
class News:
    """News of a run, decoded as the page decodes an answer."""

    serial: int
    done: int
    total: int
    state: str
    speed: float
    divergence: float | None
    coords: list[float]


def news(answer: Answer) -> News:
    assert answer.status == 200
    serial, done, total, state, speed, divergence = struct.unpack_from("<4i2f", answer.body)
    coords = np.frombuffer(answer.body, "<f4", offset=24).tolist()
    return News(serial, done, total, STATES[state], speed, None if math.isnan(divergence) else divergence, coords)


@dataclass
class Layout:
    """A run whose frames are made by the test."""

    run: Run
    over: threading.Event

    @property
    def steering(self) -> Steering:
        return self.run.steering

    @property
    def address(self) -> str:
        return "/" + live_runs.put(self.run)

    def show(self, *values: float) -> None:
        self.steering.show(np.array([values], np.float32), int(values[0]), 750)

    def ask(self, after: int = -1, state: str = "", **how: bool) -> Answer:
        return get(f"{self.address}?after={after}" + (f"&state={STATES.index(state)}" if state else ""), **how)


@pytest.fixture
def layouts() -> Iterator[list[Layout]]:
    """Two runs, one for each of two visitors."""
    found = []
    for _ in range(2):
        over = threading.Event()

        def work(run: Run, clock: Clock, over: threading.Event = over) -> Any:
            while not over.wait(0.01):
                clock("forming", 0, 0)

        found.append(Layout(Run(SPEC, work), over))
    yield found
    for layout in found:
        layout.over.set()
        layout.run.job.wait(ENOUGH)


@pytest.fixture
def layout(layouts: list[Layout]) -> Layout:
    return layouts[0]


def test_the_page_and_the_server_mean_the_same_by_the_number_of_a_state() -> None:
    script = (FRONTEND / "state" / "protocol.js").read_text(encoding="utf-8")
    (told,) = re.findall(r"RUN_STATES = (\[.*?\]);", script)
    assert json.loads(told) == list(STATES)


def test_the_newest_frame_is_sent_to_whoever_does_not_know_it(layout: Layout) -> None:
    layout.show(1, 2)
    layout.show(3, 4)
    for after in (-1, 0, 1):
        assert news(layout.ask(after, "running")) == News(2, 3, 750, "running", 0.0, None, [3.0, 4.0])


def test_frames_are_neither_compressed_nor_kept_by_the_browser(layout: Layout) -> None:
    layout.show(1, 2)
    headers = layout.ask().headers
    assert headers["content-encoding"] == "identity" and headers["cache-control"] == "no-store"
    assert headers["content-type"] == "application/octet-stream" and headers["x-content-type-options"] == "nosniff"


def test_whoever_knows_all_waits_for_the_next_frame(layout: Layout) -> None:
    layout.show(1, 2)
    with ThreadPoolExecutor(3) as threads:
        waiting = [threads.submit(layout.ask, 1, "running") for _ in range(3)]
        layout.show(3, 4)
        assert [news(each.result(ENOUGH)).coords for each in waiting] == [[3.0, 4.0]] * 3


@pytest.mark.parametrize(
    ("action", "before", "after"),
    [("pause", "running", "paused"), ("resume", "paused", "running"), ("end", "running", "ended")],
)
def test_another_state_is_told_without_repeating_the_coordinates(
    layout: Layout, action: str, before: str, after: str
) -> None:
    layout.show(1, 2)
    if before == "paused":
        layout.steering.pause()
    with ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(layout.ask, 1, before)
        getattr(layout.steering, action)()
        assert news(waiting.result(ENOUGH)) == News(1, 1, 750, after, 0.0, None, [])


def test_the_last_frame_comes_with_the_end(layout: Layout) -> None:
    layout.show(1, 2)
    layout.show(3, 4)
    layout.steering.end()
    assert news(layout.ask(1, "running")) == News(2, 3, 750, "ended", 0.0, None, [3.0, 4.0])


def test_the_divergence_is_told_where_it_is_known(layout: Layout) -> None:
    layout.steering.show(np.zeros((1, 2), np.float32), 50, 750, 1.5)
    assert news(layout.ask()) == News(1, 50, 750, "running", 0.0, 1.5, [0.0, 0.0])


def test_a_run_is_over_when_its_job_is(layout: Layout) -> None:
    layout.show(1, 2)
    layout.steering.end()
    with ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(layout.ask, 1, "ended")
        layout.over.set()
        assert news(waiting.result(ENOUGH)) == News(1, 1, 750, "over", 0.0, None, [])


def test_a_run_without_a_frame_says_so(layout: Layout) -> None:
    assert news(layout.ask()) == News(0, 0, 0, "starting", 0.0, None, [])


def test_a_question_without_news_ends_without_an_answer(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    layout.show(1, 2)
    monkeypatch.setattr(module, "POLL_SECONDS", 0.05)
    answer = layout.ask(1, "running")
    assert (answer.status, answer.body, answer.headers["cache-control"]) == (204, b"", "no-store")


def test_two_runs_have_addresses_of_their_own_and_never_each_others_frames(layouts: list[Layout]) -> None:
    one, other = layouts
    one.show(1, 1)
    other.show(2, 2)
    assert news(one.ask()).coords == [1.0, 1.0] and news(other.ask()).coords == [2.0, 2.0]
    (*_, secret, name), (*_, other_secret, other_name) = (each.address.split("/") for each in layouts)
    assert secret == other_secret and name != other_name and min(len(secret), len(name)) >= 16


@pytest.mark.parametrize("ending", ["", "/frames", "/frames/1"])
def test_what_is_no_run_is_not_found(layout: Layout, ending: str) -> None:
    layout.show(1, 2)
    base, secret, name = layout.address.rsplit("/", 2)
    for wrong in (layout.address[:-1], f"{base}/{secret[:-1]}/{name}", f"{base}/x/{name}", f"{base}/{secret}/é"):
        is_of_here = not ending and wrong.startswith(f"{base}/{secret}/")
        assert_not_found(wrong + ending, status=410 if is_of_here else 404)


MANY = "9" * 5000


@pytest.mark.parametrize(
    "ending",
    [
        "/more",
        "?after=x",
        "?after=1&state=-",
        f"?after={MANY}",
        f"?after=1&state=-{MANY}",
        "?after=1_0",
        "?after=%D9%A1",
        "?after=1.0",
        f"/frames/{MANY}",
        "/frames/x",
        "/frames/1_0",
        "/frames/\u0661",
        "/frames/-1",
    ],
)
def test_what_is_no_question_is_not_found(layout: Layout, ending: str) -> None:
    layout.show(1, 2)
    assert_not_found(layout.address + ending)


def assert_not_found(address: str, status: int = 404) -> None:
    answer = get(address)
    assert answer.status == status and answer.headers["content-type"].startswith("text/plain")


def test_whoever_has_seen_the_last_number_there_is_is_told_of_another_state(layout: Layout) -> None:
    layout.show(1, 2)
    assert news(layout.ask(2**31 - 1, "paused")).state == "running"


def test_kept_frames_are_listed_and_each_has_an_address_for_good(layout: Layout) -> None:
    assert get(layout.address + "/frames").body == b""
    for done in (10, 20, 30):
        layout.show(done, -done)
    numbers = np.frombuffer(get(layout.address + "/frames").body, np.int32).reshape(-1, 2)
    assert numbers.tolist() == [[1, 10], [2, 20], [3, 30]]
    second = get(layout.address + "/frames/2")
    assert np.frombuffer(second.body, np.float32).tolist() == [20.0, -20.0]
    assert (second.headers["cache-control"], second.headers["content-encoding"]) == (IMMUTABLE, "identity")
    assert get(layout.address + "/frames/4").status == 404


def test_a_frame_that_was_dropped_since_it_was_listed_is_replaced_by_the_next_one(layout: Layout) -> None:
    for done in (10, 20, 30, 40):
        layout.show(done, -done)
    assert layout.steering._kept.thin_out()
    answer = get(layout.address + "/frames/2")
    assert np.frombuffer(answer.body, np.float32).tolist() == [30.0, -30.0]
    assert answer.headers["cache-control"] == "no-store"
    assert np.frombuffer(get(layout.address + "/frames/4").body, np.float32).tolist() == [40.0, -40.0]
    assert get(layout.address + "/frames/0").status == 404


def test_a_run_that_nobody_holds_is_gone() -> None:
    runs = Addresses[Run]("live")
    run = Run(SPEC, nothing)
    *_, secret, name = runs.put(run).split("/")
    assert runs.get(secret, name) is run
    del run
    gc.collect()
    assert runs.get(secret, name) is None


@pytest.mark.parametrize("how", ["hangs up", "got a frame"])
def test_a_run_stops_when_its_page_hangs_up_or_asks_no_more(
    layout: Layout, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(module, "GONE_SECONDS", 0.05)
    layout.show(1, 2)
    layout.ask(1 if how == "hangs up" else 0, "running", hangs_up=how == "hangs up")
    layout.run.job.wait(ENOUGH)
    with pytest.raises(Unwatched, match="did not ask"):
        layout.run.job.result()


@pytest.mark.parametrize(("n", "seconds"), [(10_000, 11.60048), (60_000, 19.60048), (10**6, 150)])
def test_a_run_goes_on_while_a_slow_network_takes_its_frame_to_the_page(layout: Layout, n: int, seconds: float) -> None:
    layout.steering.show(np.zeros((n, 2), np.float32), 1, 750)
    assert len(layout.ask(0, "running").body) == 8 * n + 24
    assert layout.run.job._patience == pytest.approx(seconds)
    layout.ask(1, "running", hangs_up=True)
    assert layout.run.job._patience == module.GONE_SECONDS, "a page that hung up loads nothing"


def test_a_run_goes_on_while_its_page_waits(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "UNWATCHED_SECONDS", 0.5)
    monkeypatch.setattr(module, "POLL_SECONDS", 1.5)
    layout.show(1, 2)
    layout.steering.pause()
    assert layout.ask(1, "paused").status == 204
    assert layout.run.job.is_running


def test_what_is_wished_of_a_run_reaches_it_and_no_other(layouts: list[Layout]) -> None:
    first, second = layouts
    for layout in layouts:
        layout.show(1, 2)
    for wish, state in (("pause", "paused"), ("resume", "running"), ("pause", "paused")):
        assert get(f"{first.address}/wishes/{wish}", method="POST").status == 204
        assert (first.steering.state, second.steering.state) == (state, "running")
    for _ in range(2):
        get(f"{first.address}/wishes/more", method="POST")
    get(f"{first.address}/wishes/perturb", method="POST")
    assert first.steering.wishes(lambda: None) == Wishes(more=2 * MORE, perturbations=1)
    assert get(f"{first.address}/wishes/stop", method="POST").status == 204
    assert first.steering.wishes(lambda: None) is None and second.steering.wishes(lambda: None) == Wishes()


def test_a_wish_that_is_none_or_only_looked_at_changes_nothing(layout: Layout) -> None:
    layout.show(1, 2)
    assert get(f"{layout.address}/wishes/__init__", method="POST").status == 404
    assert get(f"{layout.address}/wishes/pause").status in (404, 405)
    assert layout.steering.state == "running" and not layout.steering.was_steered


def test_a_run_that_was_dropped_is_told_from_one_of_another_process() -> None:
    run = Run(SPEC, nothing)
    address = "/" + live_runs.put(run)
    elsewhere = "/" + Addresses[Run]("live").put(run)
    assert get(f"{elsewhere}?after=0").status == 404
    del run
    gc.collect()
    assert get(f"{address}?after=0").status == 410
