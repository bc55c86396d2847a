"""Mouse gestures on a plot: orbit, sweep, jump; events are sent at the pace of a hand, without waiting for the page."""

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
    """Position and size of the plot's canvas in the window, in CSS pixels, and the number of pixels it draws."""

    left: float
    top: float
    width: float
    height: float
    pixels: tuple[int, int]

    def place(self, right: float, down: float) -> Point:
        """Point in the window, `right` widths and `down` heights of the canvas from its middle."""
        return self.left + self.width * (0.5 + right), self.top + self.height * (0.5 + down)


@dataclass(frozen=True, slots=True)
class Gesture:
    """What the page did during a gesture: from the first event sent to the last event handled.

    Attributes
    ----------
    seconds
        Duration of the gesture; longer than `GESTURE_SECONDS` if the page fell behind.
    latencies
        Milliseconds from a pointer event to the item being shown, one for each time the item changed.
    frames, draws
        Number of animation frames, and of times that the points were drawn.
    sent_per_second
        Pointer moves per second that the driver managed to send.
    """

    seconds: float
    latencies: list[float]
    frames: int
    draws: int
    sent_per_second: float


async def canvas_box(visit: Visit) -> Box:
    """Position of the canvas of the points in the window; the plot may be in a frame."""
    box = await visit.ask("probe.box()")
    left, top = box["left"], box["top"]
    if visit.frame.parent_frame is not None:
        holder = await (await visit.frame.frame_element()).bounding_box()  # in the window, for nested frames too
        assert holder is not None, "a frame that draws is visible"
        left, top = left + holder["x"], top + holder["y"]
    return Box(left, top, box["width"], box["height"], tuple(box["pixels"]))


async def orbit(visit: Visit, box: Box) -> Gesture:
    """Drag in circles around the middle of the plot."""
    points = [box.place(0.15 * math.cos(turn), 0.15 * math.sin(turn)) for turn in _turns(2)]
    await visit.move(*points[0])
    await visit.move(*points[0], "mousePressed", pressed=True)
    gesture = await _recorded(visit, points, pressed=True)
    await visit.move(*points[-1], "mouseReleased")
    await _settle(visit)
    return gesture


async def sweep(visit: Visit, box: Box) -> Gesture:
    """Move over the middle half of the plot without pressing a button."""
    points = [box.place(0.25 * math.sin(3 * turn), 0.25 * math.sin(2 * turn)) for turn in _turns(1)]
    await visit.move(*points[0])
    await _settle(visit)
    return await _recorded(visit, points, pressed=False)


async def jumps(visit: Visit, box: Box) -> list[float]:
    """Milliseconds until an item was shown, for each jump from the plot's corner to its middle that met an item."""
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
