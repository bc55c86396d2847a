"""Routes to a layout that forms: its newest frame as soon as there is one, and the frames kept for replay."""

import asyncio
import math
import re
import struct
import time
from typing import NamedTuple, get_args

import numpy as np
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from embviz.jobs.job import UNWATCHED_SECONDS
from embviz.projection.run.steering import RunState
from embviz.run import Run
from embviz.server.answers import FOREVER, PASSING, binary, not_found
from embviz.server.live import WISHES, live_runs

POLL_SECONDS = 20.0
"""Seconds for which a request for news of a run may stay open."""
GONE_SECONDS = 10.0
"""Seconds within which a page must ask again after an answer, or a broken connection; otherwise it counts as closed.

After an answer, it has the time that a slow network needs for it besides.
"""
SLOW_BYTES = 50_000
"""Bytes that a slow network takes to the page in a second: an answer counts as sent when it is queued here."""
STATES = (*get_args(RunState), "over")
"""States of a run that the page is told; "over" comes when the job has ended, somewhat later than the layout."""


class NewsHeader(NamedTuple):
    """Header before the coordinates in news of a run: four int32, then two float32, little-endian.

    Attributes
    ----------
    serial, done, total
        Serial number of the newest frame, iterations done at it, and iterations planned; all 0 before the first frame.
    code
        Index of the state in `STATES`.
    speed
        Iterations per second, 0 if unknown.
    divergence
        Latest KL divergence of t-SNE; NaN where it is not known, as for other methods.
    """

    serial: int
    done: int
    total: int
    code: int
    speed: float
    divergence: float

    def packed(self) -> bytes:
        """The bytes that the page reads."""
        return struct.pack("<4i2f", *self)


async def news(request: Request) -> Response:
    """News of a run, sent as soon as there is a frame after number `after` or a state other than `state`.

    The answer is a `NewsHeader`, then the coordinates if the frame is new. Status 204: no news; 410: the run has been
    dropped; 404: no such address, as after a restart.
    """
    run = _live_run(request)
    after, known = (_number(request.query_params.get(name, "-1")) for name in ("after", "state"))
    if run is None and live_runs.is_of_here(request.path_params["secret"]):
        return PlainTextResponse("Dropped: its page asked for something else.", status_code=410)
    if run is None or after is None or known is None:
        return not_found(request)
    deadline = time.monotonic() + POLL_SECONDS
    while time.monotonic() < deadline:
        run.job.watch()
        # The state is read before the frame, so that no frame can follow after the page was told that a run is over.
        state = STATES.index(run.steering.state if run.job.is_running else "over")
        frame = run.steering.newest
        is_new = frame is not None and frame.serial > after
        if is_new or state != known:
            serial, done, total = (frame.serial, frame.done, frame.total) if frame else (0, 0, 0)
            divergence = math.nan if frame is None or frame.divergence is None else frame.divergence
            header = NewsHeader(serial, done, total, state, run.steering.speed, divergence)
            body = header.packed() + (frame.coords.tobytes() if frame and is_new else b"")
            return binary(body, PASSING, after=BackgroundTask(run.job.watch, _patience(len(body))))
        if await request.is_disconnected():
            run.job.watch(GONE_SECONDS)
            break
        await asyncio.sleep(0.01 if run.steering.state == "running" else 0.05)  # a thread per page would cost more
    return Response(status_code=204, headers=PASSING)


def _patience(n_bytes: int) -> float:
    """Seconds within which a page must ask again that was sent so many bytes."""
    return min(GONE_SECONDS + n_bytes / SLOW_BYTES, UNWATCHED_SECONDS)


async def granted(request: Request) -> Response:
    """Pass a wish to a run at once, even while the script of the page waits for its turn; answers with status 204."""
    run, wish = _live_run(request), WISHES.get(request.path_params["wish"])
    if run is None or wish is None:
        return not_found(request)
    wish(run.steering)
    return Response(status_code=204, headers=PASSING)


def kept_frames(request: Request) -> Response:
    """Serial number and iterations done of every frame kept for replay, as pairs of int32."""
    run = _live_run(request)
    if run is None:
        return not_found(request)
    numbers = np.array([(frame.serial, frame.done) for frame in run.steering.frames], np.int32)
    return binary(numbers.tobytes(), PASSING)


def kept_frame(request: Request) -> Response:
    """Coordinates of a frame kept for replay, as float32; of the next kept one if that frame has been dropped."""
    run, serial = _live_run(request), _number(request.path_params["serial"])
    if run is None or serial is None or serial < 1:
        return not_found(request)
    for frame in run.steering.frames:
        if frame.serial >= serial:
            return binary(frame.coords.tobytes(), FOREVER if frame.serial == serial else PASSING)
    return not_found(request)


def _number(text: str) -> int | None:
    """The whole number in a part of an address; None if that is not a number, or has more than ten digits."""
    return int(text) if re.fullmatch(r"-?[0-9]{1,10}", text, re.ASCII) else None


def _live_run(request: Request) -> Run | None:
    return live_runs.get(request.path_params["secret"], request.path_params["run"])
