"""Server routes: every script and every published body has an address, and nothing else has."""

import asyncio
import gc
import gzip
import shutil
import struct
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.types import Message

from embviz import jobs, server
from embviz.errors import Cancelled
from embviz.jobs import Job
from embviz.progress import Progress
from embviz.projection.steering import Steering
from embviz.server import (
    FRONTEND,
    STATES,
    LiveRun,
    LiveRuns,
    Shelf,
    frontend_version,
    live_runs,
    plotly_version,
    routes,
    shelf,
)

SCRIPTS = sorted(path.name for path in FRONTEND.iterdir() if path.suffix in (".js", ".css"))
ENOUGH = 20.0
"""Seconds nothing here takes."""
IMMUTABLE = "private, max-age=31536000, immutable"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


def get(path: str, base_path: str = "", *, hangs_up: bool = False) -> Answer:
    """What the routes answer to a GET of `path`, asked as a web server asks: one ASGI call."""
    sent: list[Message] = []
    path, _, query = path.partition("?")

    async def receive() -> Message:
        if not hangs_up:
            await asyncio.sleep(2 * ENOUGH)
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [],
        "server": ("localhost", 8501),
        "client": ("localhost", 50000),
    }
    # In a thread of its own: after the browser tests Playwright's event loop still runs in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, Starlette(routes=routes(base_path))(scope, receive, send)).result()
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], headers, b"".join(message.get("body", b"") for message in sent[1:]))


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_script_and_style_is_served_as_it_is(name: str) -> None:
    answer = get(f"/embviz/js/{frontend_version()}/{name}")
    assert (answer.status, answer.body) == (200, (FRONTEND / name).read_bytes())
    kind = "text/javascript" if name.endswith(".js") else "text/css"
    assert answer.headers["content-type"].startswith(kind)
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_addresses_start_with_the_base_path_where_there_is_one() -> None:
    assert get("/tools/digits/embviz/js/v/index.js", "/tools/digits/").status == 200
    assert get("/embviz/js/v/index.js", "/tools/digits/").status == 404


def test_the_plotly_script_is_served_compressed() -> None:
    answer = get(f"/embviz/plotly/{plotly_version()}.min.js")
    assert answer.headers["content-encoding"] == "gzip"
    assert f"plotly.js v{plotly_version()}".encode() in gzip.decompress(answer.body)[:300]


@pytest.mark.parametrize(
    "path",
    [
        "/embviz/js/v/no_such.js",
        "/embviz/js/v/package.json",
        "/embviz/js/v/",
        "/embviz/js/v",
        "/embviz/",
        "/embviz/data",
        "/embviz/js/v/../../../server.py",
        "/embviz/js/v/../server.py",
        "/embviz/js/v/..",
        "/embviz/js/../contract.py",
        "/embviz/js/v/..\\contract.py",
        "/embviz/js/v//etc/passwd",
        "/embviz/js/v/%2e%2e%2fcontract.py",
        "/embviz/js/v/index.js\0.css",
    ],
)
def test_what_is_not_a_script_is_not_found(path: str) -> None:
    answer = get(path)
    assert answer.status == 404
    assert answer.headers["content-type"].startswith("text/plain"), "never Streamlit's own page"


def test_a_raw_body_is_served_as_it_is() -> None:
    answer = get("/" + shelf.put("test-server-raw", lambda: b"\x00\x01\xff"))
    assert (answer.status, answer.body) == (200, b"\x00\x01\xff")
    assert answer.headers["content-encoding"] == "identity"
    assert answer.headers["content-type"] == "application/octet-stream"


def test_a_compressed_body_is_served_with_its_encoding() -> None:
    answer = get("/" + shelf.put("test-server-gz", lambda: b"digits" * 100, compressed=True))
    assert answer.headers["content-encoding"] == "gzip"
    assert len(answer.body) < 600
    assert gzip.decompress(answer.body) == b"digits" * 100


def test_what_has_an_address_never_changes_so_it_is_kept_forever() -> None:
    addresses = [shelf.put("test-server-forever", lambda: b""), "embviz/js/v/index.js", "embviz/plotly/v"]
    assert {get(f"/{address}").headers["cache-control"] for address in addresses} == {IMMUTABLE}


def test_without_the_secret_a_body_is_not_found() -> None:
    address = shelf.put("test-server-secret", lambda: b"private")
    secret = address.split("/")[2]
    assert len(secret) >= 16
    for wrong in ("x", secret[:-1], secret + "x", "é" * 22):
        assert get("/" + address.replace(secret, wrong)).status == 404


def test_a_body_that_was_never_published_is_not_found() -> None:
    address = shelf.put("test-server-known", lambda: b"")
    assert get("/" + address.replace("known", "unknown")).status == 404
    assert get(f"/{address}/more").status == 404


def test_two_shelves_have_different_secrets() -> None:
    assert Shelf().put("a", lambda: b"") != Shelf().put("a", lambda: b"")


def fetched(shelf: Shelf, address: str) -> bytes | None:
    secret, key = address.split("/")[2:]
    body = shelf.get(secret, key)
    return None if body is None else body()


def test_a_body_is_made_when_first_fetched_and_only_once() -> None:
    made: list[int] = []

    def body() -> bytes:
        made.append(1)
        return b"coords"

    own = Shelf()
    address = own.put("coords-1", body)
    assert made == []
    assert [fetched(own, address), fetched(own, address)] == [b"coords", b"coords"]
    assert own.put("coords-1", body) == address
    assert fetched(own, address) == b"coords"
    assert made == [1]


def test_the_body_least_recently_published_or_fetched_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "MOST_BODIES", 3)
    own = Shelf()
    a, b, c = (own.put(name, name.encode) for name in "abc")
    fetched(own, a)
    own.put("b", "b".encode)
    d = own.put("d", "d".encode)
    assert [fetched(own, address) for address in (a, b, c, d)] == [b"a", b"b", None, b"d"]


def test_a_changed_script_has_a_new_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = frontend_version()
    copy = shutil.copytree(FRONTEND, tmp_path / "frontend")
    monkeypatch.setattr(server, "FRONTEND", copy)
    assert frontend_version() == before
    with (copy / "index.js").open("a") as script:
        script.write("// changed\n")
    assert frontend_version() != before


@dataclass(frozen=True)
class News:
    """What the page reads out of an answer about a run."""

    serial: int
    done: int
    total: int
    state: str
    speed: float
    coords: list[float]


def news(answer: Answer) -> News:
    assert answer.status == 200
    serial, done, total, state, speed = struct.unpack_from("<4if", answer.body)
    return News(serial, done, total, STATES[state], speed, np.frombuffer(answer.body, "<f4", offset=20).tolist())


@dataclass
class Layout:
    """A run whose frames a test makes by hand."""

    steering: Steering
    run: LiveRun
    address: str
    over: threading.Event

    def show(self, *values: float) -> None:
        self.steering.show(np.array([values], np.float32), int(values[0]), 750)

    def ask(self, after: int = -1, state: str = "", **how: bool) -> Answer:
        return get(f"{self.address}?after={after}" + (f"&state={STATES.index(state)}" if state else ""), **how)


@pytest.fixture
def layouts() -> Iterator[list[Layout]]:
    """Two runs of two visitors."""
    found = []
    for _ in range(2):
        steering, over = Steering(), threading.Event()

        def work(progress: Progress, over: threading.Event = over) -> None:
            while not over.wait(0.01):
                progress("forming", 0, 0)

        run = LiveRun(steering, Job(work))
        found.append(Layout(steering, run, "/" + live_runs.put(run), over))
    yield found
    for layout in found:
        layout.over.set()
        layout.run.job.wait(ENOUGH)


@pytest.fixture
def layout(layouts: list[Layout]) -> Layout:
    return layouts[0]


def test_the_newest_frame_is_sent_to_whoever_does_not_know_it(layout: Layout) -> None:
    layout.show(1, 2)
    layout.show(3, 4)
    for after in (-1, 0, 1):
        assert news(layout.ask(after, "running")) == News(2, 3, 750, "running", 0.0, [3.0, 4.0])


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
        assert news(waiting.result(ENOUGH)) == News(1, 1, 750, after, 0.0, [])


def test_the_last_frame_comes_with_the_end(layout: Layout) -> None:
    layout.show(1, 2)
    layout.show(3, 4)
    layout.steering.end()
    assert news(layout.ask(1, "running")) == News(2, 3, 750, "ended", 0.0, [3.0, 4.0])


def test_a_run_without_a_frame_says_so(layout: Layout) -> None:
    assert news(layout.ask()) == News(0, 0, 0, "starting", 0.0, [])


def test_a_question_without_news_ends_without_an_answer(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    layout.show(1, 2)
    monkeypatch.setattr(server, "POLL_SECONDS", 0.05)
    answer = layout.ask(1, "running")
    assert (answer.status, answer.body, answer.headers["cache-control"]) == (204, b"", "no-store")


def test_two_runs_have_addresses_of_their_own_and_never_each_others_frames(layouts: list[Layout]) -> None:
    one, other = layouts
    one.show(1, 1)
    other.show(2, 2)
    assert news(one.ask()).coords == [1.0, 1.0] and news(other.ask()).coords == [2.0, 2.0]
    (*_, secret, name), (*_, other_secret, other_name) = (each.address.split("/") for each in layouts)
    assert secret == other_secret and name != other_name and min(len(secret), len(name)) >= 16


@pytest.mark.parametrize("ending", ["", "/frames", "/frames/1", "?after=x", "?after=1&state=-", "/more"])
def test_what_is_no_run_is_not_found(layout: Layout, ending: str) -> None:
    layout.show(1, 2)
    base, secret, name = layout.address.rsplit("/", 2)
    wrong = [layout.address[:-1], f"{base}/{secret[:-1]}/{name}", f"{base}/x/{name}", f"{base}/{secret}/é"]
    asked = [layout.address] if ending in ("?after=x", "?after=1&state=-", "/more") else wrong
    for answer in [get(address + ending) for address in asked]:
        assert answer.status == 404 and answer.headers["content-type"].startswith("text/plain")


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


def test_a_run_that_nobody_holds_is_gone() -> None:
    runs = LiveRuns()
    run = LiveRun(Steering(), Job(lambda progress: None))
    *_, secret, name = runs.put(run).split("/")
    assert runs.get(secret, name) is run
    del run
    gc.collect()
    assert runs.get(secret, name) is None


@pytest.mark.parametrize("how", ["hangs up", "got a frame"])
def test_a_run_stops_when_its_page_hangs_up_or_asks_no_more(
    layout: Layout, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(server, "GONE_SECONDS", 0.05)
    layout.show(1, 2)
    layout.ask(1 if how == "hangs up" else 0, "running", hangs_up=how == "hangs up")
    layout.run.job.wait(ENOUGH)
    with pytest.raises(Cancelled, match="nobody is watching"):
        layout.run.job.result()


def test_a_run_goes_on_while_its_page_waits(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "UNWATCHED_SECONDS", 0.5)
    monkeypatch.setattr(server, "POLL_SECONDS", 1.5)
    layout.show(1, 2)
    layout.steering.pause()
    assert layout.ask(1, "paused").status == 204
    assert layout.run.job.is_running
