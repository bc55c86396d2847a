"""HTTP routes that hand the page its scripts and its binary data."""

import asyncio
import gzip
import hashlib
import math
import re
import secrets
import struct
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_args
from weakref import WeakValueDictionary

import numpy as np
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from embviz.jobs import Job
from embviz.projection.steering import RunState, Steering
from embviz.wishes import WISHES

Body = Callable[[], bytes]

FRONTEND = Path(__file__).parent / "ui" / "frontend"
MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css"}
FOREVER = {"Cache-Control": "private, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
PASSING = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
GZIPPED = ".gz"
"""Ending of an address whose body is sent compressed."""
MOST_BODIES = 1024
"""How many published bodies are kept; the least recently published or fetched goes first."""

POLL_SECONDS = 20.0
"""How long a question for news of a run may stay open."""
GONE_SECONDS = 10.0
"""A page that was just given a frame, or hung up, and does not ask again within so long is closed."""
STATES = (*get_args(RunState), "over")
"""Where a run may be; it is over when its job is, somewhat later than the layout has ended."""


class Shelf:
    """Bodies by content address, behind a secret of this process.

    Not a file server: only what was put here has an address, and an address says nothing about
    where its bytes come from. The same content put twice is kept once.
    """

    def __init__(self) -> None:
        self._secret = secrets.token_urlsafe(16)
        self._bodies: OrderedDict[str, Body] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, key: str, body: Body, *, compressed: bool = False) -> str:
        """Address of `body` relative to the server's base; `key` must name its content.

        `body` runs when the address is first fetched, and its result is kept.
        """
        key += GZIPPED if compressed else ""
        with self._lock:
            if key not in self._bodies:
                self._bodies[key] = cache(_gzipped(body)) if compressed else cache(body)
            self._bodies.move_to_end(key)
            while len(self._bodies) > MOST_BODIES:
                self._bodies.popitem(last=False)
        return f"embviz/data/{self._secret}/{key}"

    def get(self, secret: str, key: str) -> Body | None:
        """The body at an address, or None."""
        if not secrets.compare_digest(secret.encode(), self._secret.encode()):
            return None
        with self._lock:
            body = self._bodies.get(key)
            if body is not None:
                self._bodies.move_to_end(key)
        return body


shelf = Shelf()
"""The one shelf of this process: all visitors' pages fetch from it."""


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class LiveRun:
    """A layout that forms, and the job in which it does."""

    steering: Steering
    job: Job[Any]


class LiveRuns:
    """Addresses of layouts that form, each known to one visitor only.

    Holds no run itself: one that its visitor's page has dropped is gone.
    """

    def __init__(self) -> None:
        self._secret = secrets.token_urlsafe(16)
        self._runs: WeakValueDictionary[str, LiveRun] = WeakValueDictionary()

    def put(self, run: LiveRun) -> str:
        """Address of `run` relative to the server's base."""
        name = secrets.token_urlsafe(16)
        self._runs[name] = run
        return f"embviz/live/{self._secret}/{name}"

    def get(self, secret: str, name: str) -> LiveRun | None:
        """The run at an address, or None."""
        return self._runs.get(name) if self.is_of_here(secret) else None

    def is_of_here(self, secret: str) -> bool:
        """Whether an address is of this process, whatever has become of the run."""
        return secrets.compare_digest(secret.encode(), self._secret.encode())


live_runs = LiveRuns()
"""Those of this process."""


def routes(base_path: str = "") -> list[Route]:
    """The routes for ``st.App``; `base_path` is Streamlit's ``server.baseUrlPath``."""
    base = f"/{base_path.strip('/')}" if base_path.strip("/") else ""
    return [
        Route(f"{base}/embviz/js/{{version}}/{{name}}", _script),
        Route(f"{base}/embviz/plotly/{{version}}", _plotly),
        Route(f"{base}/embviz/data/{{secret}}/{{key}}", _data),
        Route(f"{base}/embviz/live/{{secret}}/{{run}}", _news),
        Route(f"{base}/embviz/live/{{secret}}/{{run}}/wishes/{{wish}}", _granted, methods=["POST"]),
        Route(f"{base}/embviz/live/{{secret}}/{{run}}/frames", _kept_frames),
        Route(f"{base}/embviz/live/{{secret}}/{{run}}/frames/{{serial}}", _kept_frame),
        Route(f"{base}/embviz/{{rest:path}}", _not_found),
    ]


def frontend_version() -> str:
    """Hash of the scripts and styles, so that a changed file has a new address."""
    digest = hashlib.sha256()
    for path in sorted(FRONTEND.iterdir()):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def plotly_version() -> str:
    """Version of the plotly.js inside the installed plotly package."""
    from plotly.offline import get_plotlyjs_version

    return str(get_plotlyjs_version())


def _script(request: Request) -> Response:
    files = {path.name: path for path in FRONTEND.iterdir() if path.suffix in MEDIA_TYPES}
    path = files.get(request.path_params["name"])
    if path is None:
        return _not_found(request)
    return Response(path.read_bytes(), media_type=MEDIA_TYPES[path.suffix], headers=FOREVER)


def _plotly(request: Request) -> Response:
    headers = FOREVER | {"Content-Encoding": "gzip"}
    return Response(plotly_script(), media_type="text/javascript", headers=headers)


@cache
def plotly_script() -> bytes:
    """The plotly.js of the installed plotly package, gzipped."""
    from plotly.offline import get_plotlyjs

    return gzip.compress(get_plotlyjs().encode(), compresslevel=6)


def _data(request: Request) -> Response:
    body = shelf.get(request.path_params["secret"], request.path_params["key"])
    if body is None:
        return _not_found(request)
    encoding = "gzip" if request.path_params["key"].endswith(GZIPPED) else "identity"
    return _binary(body(), FOREVER, encoding)


async def _news(request: Request) -> Response:
    """What the page does not know yet: waits until there is a frame after `after` or a state other than `state`.

    Answers six little-endian numbers (int32 serial, iterations done and planned, place of the state
    in `STATES`; float32 iterations per second, divergence or NaN), then the coordinates if the frame is
    new. 204: no news; 410: the run has been dropped; 404: an address of another process.
    """
    run = _live_run(request)
    after, known = (_number(request.query_params.get(name, "-1")) for name in ("after", "state"))
    if run is None and live_runs.is_of_here(request.path_params["secret"]):
        return PlainTextResponse("Dropped: its page asked for something else.", status_code=410)
    if run is None or after is None or known is None:
        return _not_found(request)
    deadline = time.monotonic() + POLL_SECONDS
    while time.monotonic() < deadline:
        run.job.watch()
        state = STATES.index(run.steering.state if run.job.is_running else "over")  # first: no frame follows
        frame = run.steering.newest
        is_new = frame is not None and frame.serial > after
        if is_new or state != known:
            serial, done, total = (frame.serial, frame.done, frame.total) if frame else (0, 0, 0)
            divergence = math.nan if frame is None or frame.divergence is None else frame.divergence
            header = struct.pack("<4i2f", serial, done, total, state, run.steering.speed, divergence)
            body = header + (frame.coords.tobytes() if frame and is_new else b"")
            return _binary(body, PASSING, after=BackgroundTask(run.job.watch, GONE_SECONDS))
        if await request.is_disconnected():
            run.job.watch(GONE_SECONDS)
            break
        await asyncio.sleep(0.01 if run.steering.state == "running" else 0.05)  # a thread per page would be dearer
    return Response(status_code=204, headers=PASSING)


async def _granted(request: Request) -> Response:
    """Ask something of a run: at once, also where the page's own script would have to wait for its turn."""
    run, wish = _live_run(request), WISHES.get(request.path_params["wish"])
    if run is None or wish is None:
        return _not_found(request)
    wish(run.steering)
    return Response(status_code=204, headers=PASSING)


def _kept_frames(request: Request) -> Response:
    """Serial number and iterations done of every frame kept for replay, as int32."""
    run = _live_run(request)
    if run is None:
        return _not_found(request)
    numbers = np.array([(frame.serial, frame.done) for frame in run.steering.frames], np.int32)
    return _binary(numbers.tobytes(), PASSING)


def _kept_frame(request: Request) -> Response:
    run, serial = _live_run(request), _number(request.path_params["serial"])
    for frame in run.steering.frames if run else []:
        if frame.serial == serial:
            return _binary(frame.coords.tobytes(), FOREVER)
    return _not_found(request)


def _number(text: str) -> int | None:
    """The whole number in an address; None for what is none, or so long that Python might refuse to read it."""
    return int(text) if re.fullmatch(r"-?[0-9]{1,10}", text, re.ASCII) else None


def _live_run(request: Request) -> LiveRun | None:
    return live_runs.get(request.path_params["secret"], request.path_params["run"])


def _binary(
    body: bytes, headers: dict[str, str], encoding: str = "identity", after: BackgroundTask | None = None
) -> Response:
    """A response, with what is to be done once it is sent.

    Streamlit's middleware would compress float coordinates, which costs more than it saves: "identity" says no.
    """
    headers = headers | {"Content-Encoding": encoding}
    return Response(body, media_type="application/octet-stream", headers=headers, background=after)


def _not_found(request: Request) -> Response:
    return PlainTextResponse(
        "Not here: the server was restarted or the data replaced. Reload the page.", status_code=404
    )


def _gzipped(body: Body) -> Body:
    return lambda: gzip.compress(body(), compresslevel=4, mtime=0)
