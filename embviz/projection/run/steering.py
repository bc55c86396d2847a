"""How a running layout is watched and steered: frames come out, wishes go in, from any thread."""

import threading
import time
from collections.abc import Callable
from typing import Literal

from embviz.arrays import Float32Array
from embviz.checks.arguments import checked
from embviz.errors import SpecError
from embviz.projection.layout import Layout
from embviz.projection.run.frames import Frame, KeptFrame, KeptFrames
from embviz.projection.run.wishes import (
    MOST_ITERATIONS,
    MOST_SHAKES,
    PLANNED,
    Planned,
    Wishes,
    check_can_exaggerate,
    check_count,
)
from embviz.projection.specs import check_exaggeration, check_learning_rate

RunState = Literal["starting", "running", "paused", "ended", "waiting"]
"""Where a run is: it is waiting where it is to go on, and others are before it."""


class Steering:
    """One run of one layout, seen from outside. Not for several layouts: make a new one for each.

    The optimizer's thread calls `begin`, `show`, `wishes`, `finish` and `end`; whoever watches calls the rest, from
    any thread. Given to `project` again after `go_on`, the run continues where it ended.

    Attributes
    ----------
    waited_seconds
        How long the optimizer stood still, being paused.
    learning_rate, exaggeration
        What was asked for last; None where it is as planned.
    """

    def __init__(self) -> None:
        self.waited_seconds = 0.0
        self.learning_rate: float | None = None
        self.exaggeration: float | None = None
        self._changed = threading.Condition()
        self._layout: Layout | None = None
        self._state: RunState = "starting"
        self._stopping = False
        self._steered = False
        self._wishes = Wishes()
        self._kept = KeptFrames()
        self._newest: Frame | None = None
        self._speed = 0.0
        self._shown_at: tuple[float, int] | None = None

    # ---- for the optimizer

    def begin(self, layout: Layout) -> None:
        """Say what the run works on.

        Raises
        ------
        SpecError
            If something was asked for that its method does not have.
        """
        with self._changed:
            if self._wishes.exaggeration is not None:
                check_can_exaggerate(layout)
            self._layout = layout

    def show(self, coords: Float32Array, done: int, total: int, divergence: float | None = None) -> None:
        """Publish a frame; `coords` must not change afterwards."""
        with self._changed:
            serial = 1 if self._newest is None else self._newest.serial + 1
            self._newest = Frame(serial, done, total, coords, divergence)
            self._measure_speed(done)
            if self._state == "starting":
                self._state = "running"
            self._changed.notify_all()
        self._kept.add(self._newest)

    def wishes(self, idle: Callable[[], None]) -> Wishes | None:
        """What is asked for by now, or None to stop here; while paused it waits, calling `idle` ten times a second."""
        began = time.monotonic()
        while True:
            with self._changed:
                self.waited_seconds += time.monotonic() - began
                began = time.monotonic()
                if self._stopping:
                    self._end()
                    return None
                wishes, self._wishes = self._wishes, Wishes()
                if self._state != "paused" or wishes != Wishes():
                    return wishes
                self._shown_at = None
                self._changed.wait(0.1)
            idle()

    def finish(self) -> bool:
        """End the run because all that was planned is done; False if it stands still, or more was asked for meanwhile.

        From then on wishes come too late, although the result may still take a moment.
        """
        with self._changed:
            if self._state == "paused" or self._wishes != Wishes():
                return False
            self._end()
            return True

    def end(self) -> None:
        """Say that no frames will follow, whatever the reason."""
        with self._changed:
            self._end()

    def _end(self) -> None:
        self._state, self._wishes = "ended", Wishes()
        self._changed.notify_all()

    def wait_turn(self) -> None:
        """Say that others are before this run, until `take_turn`."""
        with self._changed:
            if self._state == "running":
                self._state = "waiting"
                self._changed.notify_all()

    def take_turn(self) -> None:
        """Say that nobody is before this run any longer."""
        with self._changed:
            if self._state == "waiting":
                self._state = "running"
                self._changed.notify_all()

    # ---- for whoever watches

    @property
    def layout(self) -> Layout | None:
        """What the run works on; None before it begins, and after `forget_layout`."""
        return self._layout

    @property
    def can_go_on(self) -> bool:
        """Whether it has ended, and what it worked on is still there."""
        with self._changed:
            return self._state == "ended" and self._layout is not None

    @property
    def state(self) -> RunState:
        """Where the run is."""
        return self._state

    @property
    def is_wanted(self) -> bool:
        """Whether it is to move on now: it neither stands still nor is to stop."""
        return self._state not in ("paused", "ended") and not self._stopping

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
    def frames(self) -> list[Frame | KeptFrame]:
        """Frames kept for replay, first to last, evenly spread over the run; the last one is the layout itself."""
        newest = self._newest
        if newest is None:
            return []
        return [*(frame for frame in self._kept.frames if frame.serial < newest.serial), newest]

    def pause(self) -> None:
        """Stand still until `resume`."""
        with self._changed:
            if self._state in ("running", "waiting"):
                self._state = "paused"

    def resume(self) -> None:
        """Go on."""
        with self._changed:
            if self._state == "paused":
                self._state = "running"
                self._changed.notify_all()

    def stop(self) -> None:
        """End the run early, and keep the current layout."""
        with self._changed:
            if self._state != "ended":
                self._stopping = self._steered = True
                self._changed.notify_all()

    def forget_layout(self) -> None:
        """Release the optimizer's state if the run has ended; after that, the run cannot be continued."""
        with self._changed:
            if self._state == "ended":
                self._layout = None

    @checked(SpecError)
    def go_on(self, more: int) -> None:
        """Make ready for another run from where this one has ended, with so many iterations on top of those planned.

        Raises
        ------
        SpecError
            If it has not ended, its layout was given up, or `more` is out of range.
        """
        check_count("more", more, -MOST_ITERATIONS, MOST_ITERATIONS)
        with self._changed:
            if self._state != "ended":
                raise SpecError(f"a run that is {self._state} cannot go on; wish for more, or end it first")
            if self._layout is None:
                raise SpecError("what this run worked on is no longer in memory; start a new one")
            self._state, self._stopping, self._shown_at = "running", False, None
            self._steered, self._wishes = True, Wishes(more)
            self._changed.notify_all()

    @checked(SpecError)
    def wish(
        self,
        *,
        more: int = 0,
        perturbations: int = 0,
        learning_rate: float | Planned | None = None,
        exaggeration: float | Planned | None = None,
    ) -> None:
        """Ask for something; what was asked for and not yet done is kept. Too late once it has ended.

        Raises
        ------
        SpecError
            If a number is none that the spec could have, or the method has no exaggeration.
        """
        check_count("more", more, -MOST_ITERATIONS, MOST_ITERATIONS)
        check_count("perturbations", perturbations, 0, MOST_SHAKES)
        if isinstance(learning_rate, float | int):
            check_learning_rate(learning_rate)
        if isinstance(exaggeration, float | int):
            check_exaggeration("exaggeration", exaggeration)
        with self._changed:
            if self._state == "ended":
                return
            if exaggeration is not None and self._layout is not None:
                check_can_exaggerate(self._layout)
            self._steered = True
            if learning_rate is not None:
                self.learning_rate = None if learning_rate == PLANNED else learning_rate
            if exaggeration is not None:
                self.exaggeration = None if exaggeration == PLANNED else exaggeration
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
