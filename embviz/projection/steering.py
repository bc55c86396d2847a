"""How a running layout is watched and steered: frames come out, wishes go in, from any thread."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from embviz.arrays import Float32Array

if TYPE_CHECKING:  # numba: half a second
    from embviz.projection.forming import Layout

RunState = Literal["starting", "running", "paused", "ended"]

KEPT_BYTES = 48 * 2**20
"""How much a run keeps for replay; every second frame is dropped when there is more."""


@dataclass(frozen=True, eq=False, slots=True)
class Frame:
    """The layout at one moment.

    Attributes
    ----------
    serial
        Counts from 1; later frames have higher ones.
    done, total
        Iterations or epochs done, and planned.
    coords
        float32, shape (n, 2 or 3), in the order of the items.
    divergence
        Kullback-Leibler divergence of t-SNE at most 50 iterations ago, in nats; None elsewhere.
    """

    serial: int
    done: int
    total: int
    coords: Float32Array
    divergence: float | None


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the optimizer is asked to do next.

    Attributes
    ----------
    more
        Iterations to add to those planned.
    perturbations
        How often to shake the layout.
    learning_rate, exaggeration
        Use these from now on; None leaves them as they are.
    """

    more: int = 0
    perturbations: int = 0
    learning_rate: float | None = None
    exaggeration: float | None = None


class Steering:
    """One run of one layout, seen from outside. Not for several layouts: make a new one for each.

    The optimizer calls `show`, `wishes` and `end`; whoever watches calls the rest. Given to `project`
    again after `go_on`, the run continues where it ended.

    Attributes
    ----------
    layout
        What the run works on; set when it begins.
    """

    layout: "Layout | None"

    def __init__(self) -> None:
        self.layout = None
        self._changed = threading.Condition()
        self._state: RunState = "starting"
        self._stopping = False
        self._steered = False
        self._wishes = Wishes()
        self._frames: list[Frame] = []
        self._stride = 1
        self._newest: Frame | None = None
        self._speed = 0.0
        self._shown_at: tuple[float, int] | None = None

    # ---- for the optimizer

    def show(self, coords: Float32Array, done: int, total: int, divergence: float | None = None) -> None:
        """Publish a frame; `coords` must not change afterwards."""
        with self._changed:
            serial = 1 if self._newest is None else self._newest.serial + 1
            self._newest = Frame(serial, done, total, coords, divergence)
            self._measure_speed(done)
            if serial % self._stride == 1 % self._stride:
                self._frames.append(self._newest)
            while len(self._frames) * coords.nbytes > KEPT_BYTES and len(self._frames) > 2:
                del self._frames[1::2]
                self._stride *= 2
            if self._state == "starting":
                self._state = "running"
            self._changed.notify_all()

    def wishes(self, idle: Callable[[], None]) -> Wishes | None:
        """What is asked for by now, or None to stop here; while paused it waits, calling `idle` ten times a second."""
        while True:
            with self._changed:
                if self._stopping:
                    return None
                wishes, self._wishes = self._wishes, Wishes()
                if self._state != "paused" or wishes != Wishes():
                    return wishes
                self._shown_at = None
                self._changed.wait(0.1)
            idle()

    def end(self) -> None:
        """Say that no frames will follow."""
        with self._changed:
            self._state = "ended"
            self._changed.notify_all()

    # ---- for whoever watches

    @property
    def state(self) -> RunState:
        """Where the run is."""
        return self._state

    @property
    def was_steered(self) -> bool:
        """Whether anything was asked for that makes the layout another one than its spec describes."""
        return self._steered

    @property
    def speed(self) -> float:
        """Iterations per second lately; 0 if unknown."""
        return self._speed

    @property
    def newest(self) -> Frame | None:
        """The last frame, or None before the first."""
        return self._newest

    @property
    def frames(self) -> list[Frame]:
        """Frames kept for replay, first to last, evenly spread over the run."""
        with self._changed:
            frames = list(self._frames)
            if self._newest is not None and frames[-1].serial != self._newest.serial:
                frames.append(self._newest)
            return frames

    def wait_for(self, after: int, seconds: float) -> Frame | None:
        """A frame later than the one numbered `after`; None if none came within so long, or none will."""
        deadline = time.monotonic() + seconds
        with self._changed:
            while True:
                if self._newest is not None and self._newest.serial > after:
                    return self._newest
                left = deadline - time.monotonic()
                if self._state == "ended" or left <= 0:
                    return None
                self._changed.wait(left)

    def pause(self) -> None:
        """Stand still until `resume`."""
        with self._changed:
            if self._state == "running":
                self._state = "paused"

    def resume(self) -> None:
        """Go on."""
        with self._changed:
            if self._state == "paused":
                self._state = "running"
                self._changed.notify_all()

    def stop(self) -> None:
        """Be content with the layout as it is."""
        with self._changed:
            if self._state != "ended":
                self._stopping = self._steered = True
                self._changed.notify_all()

    def go_on(self, more: int) -> None:
        """Make ready for another run from where this one has ended, with so many iterations on top of those planned."""
        with self._changed:
            assert self._state == "ended", "it still runs"
            self._state, self._stopping, self._shown_at = "running", False, None
        self.wish(more=more)

    def wish(
        self,
        *,
        more: int = 0,
        perturbations: int = 0,
        learning_rate: float | None = None,
        exaggeration: float | None = None,
    ) -> None:
        """Ask for something; what was asked for and not yet done is kept. Too late once it has ended."""
        with self._changed:
            if self._state == "ended":
                return
            self._steered = True
            before = self._wishes
            self._wishes = Wishes(
                before.more + more,
                before.perturbations + perturbations,
                before.learning_rate if learning_rate is None else learning_rate,
                before.exaggeration if exaggeration is None else exaggeration,
            )
            self._changed.notify_all()

    def _measure_speed(self, done: int) -> None:
        now = time.monotonic()
        if self._shown_at is None:
            self._shown_at = (now, done)
        elif now - self._shown_at[0] > 0.5:
            self._speed = (done - self._shown_at[1]) / (now - self._shown_at[0])
            self._shown_at = (now, done)
