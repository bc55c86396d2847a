"""What a hand does on a plot: orbit, sweep, jump. Sent at a hand's pace, never waiting for the page."""

import asyncio
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.bench.visits import Visit

MOVES_PER_SECOND = 60
GESTURE_SECONDS = 4
JUMPS = 20
JUMP_SECONDS = 3
SEED = 0

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """Where the plot's canvas is in the window, in CSS pixels, and how many pixels it draws."""

    left: float
    top: float
    width: float
    height: float
    pixels: tuple[int, int]

    def place(self, right: float, down: float) -> Point:
        """The point so many widths right and heights down of the middle."""
        return self.left + self.width * (0.5 + right), self.top + self.height * (0.5 + down)


@dataclass(frozen=True, slots=True)
class Gesture:
    """What the page did meanwhile: from the first event sent to the last one handled.

    Attributes
    ----------
    seconds
        How long that was; longer than `GESTURE_SECONDS` if the page fell behind.
    latencies
        Milliseconds from pointer event to item shown, one for each time the item changed.
    frames, draws
        Animation frames, and times the points were drawn.
    sent_per_second
        Pointer moves that the driver managed to send.
    """

    seconds: float
    latencies: list[float]
    frames: int
    draws: int
    sent_per_second: float


async def canvas_box(visit: Visit) -> Box:
    """The canvas of the points; the plot's frame may itself be nested."""
    box = await visit.ask("probe.box()")
    left, top = box["left"], box["top"]
    if visit.frame.parent_frame is not None:
        holder = await (await visit.frame.frame_element()).bounding_box()  # in the window, however deep
        assert holder is not None, "a frame that draws is visible"
        left, top = left + holder["x"], top + holder["y"]
    return Box(left, top, box["width"], box["height"], tuple(box["pixels"]))


async def orbit(visit: Visit, box: Box) -> Gesture:
    """Drag in circles."""
    points = [box.place(0.15 * math.cos(turn), 0.15 * math.sin(turn)) for turn in _turns(2)]
    await visit.move(*points[0])
    await visit.move(*points[0], "mousePressed", pressed=True)
    gesture = await _recorded(visit, points, pressed=True)
    await visit.move(*points[-1], "mouseReleased")
    await _settle(visit)
    return gesture


async def sweep(visit: Visit, box: Box) -> Gesture:
    """Wander over the middle half of the plot without pressing."""
    points = [box.place(0.25 * math.sin(3 * turn), 0.25 * math.sin(2 * turn)) for turn in _turns(1)]
    await visit.move(*points[0])
    await _settle(visit)
    return await _recorded(visit, points, pressed=False)


async def jumps(visit: Visit, box: Box) -> list[float]:
    """Milliseconds until an item was shown after each jump from the corner to the middle that met one."""
    spots = np.random.default_rng(SEED).normal(0, 0.08, (JUMPS, 2)).tolist()
    latencies = []
    for right, down in spots:
        await visit.move(*box.place(-0.49, -0.49))
        await _settle(visit)
        await visit.ask("probe.begin()")
        await visit.move(*box.place(right, down))
        latencies += (await visit.ask("seconds => probe.first(seconds)", JUMP_SECONDS))["latencies"][:1]
    return latencies


def _turns(count: int) -> Sequence[float]:
    steps = MOVES_PER_SECOND * GESTURE_SECONDS
    return [2 * math.pi * count * step / steps for step in range(steps)]


async def _settle(visit: Visit) -> None:
    await visit.ask("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


async def _recorded(visit: Visit, points: Sequence[Point], *, pressed: bool) -> Gesture:
    await visit.ask("probe.begin()")
    began = time.perf_counter()
    moves: list[asyncio.Task[None]] = []
    for at, point in enumerate(points):
        await asyncio.sleep(max(0.0, began + at / MOVES_PER_SECOND - time.perf_counter()))
        moves.append(asyncio.create_task(visit.move(*point, pressed=pressed)))
    sent_per_second = len(points) / (time.perf_counter() - began + 1 / MOVES_PER_SECOND)
    for handled in await asyncio.gather(*moves, return_exceptions=True):
        if handled is not None:
            raise handled
    did: dict[str, Any] = await visit.ask("probe.end()")
    return Gesture(did["seconds"], did["latencies"], did["frames"], did["draws"], sent_per_second)
