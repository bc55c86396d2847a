"""The `Steering` of a running layout, by which any thread gets its frames, and pauses, changes or stops it."""

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
"""State of a run; a run in state ``waiting`` is in the queue behind other runs."""


class Steering:
    """The controls of one run of one layout; make a new one for each layout.

    The optimizer's thread calls `begin`, `show`, `wishes`, `finish` and `end`; any other thread may call the rest.
    If it is given to `project` again after `go_on`, the run continues where it ended.

    Attributes
    ----------
    waited_seconds
        Time that the run was paused.
    learning_rate, exaggeration
        The values asked for last; None for those of the spec.
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
        """Set the layout that the run works on.

        Raises
        ------
        SpecError
            If another exaggeration was asked for and the method has none.
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
        """Changes asked for, or None to stop; a paused run waits here, calling `idle` ten times a second."""
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
        """End the run because the planned iterations are done; False if it is paused, or more was asked for meanwhile.

        After that, `wish` has no effect, although the result may still take a moment.
        """
        with self._changed:
            if self._state == "paused" or self._wishes != Wishes():
                return False
            self._end()
            return True

    def end(self) -> None:
        """End the run, whatever the reason: no frames will follow."""
        with self._changed:
            self._end()

    def _end(self) -> None:
        self._state, self._wishes = "ended", Wishes()
        self._changed.notify_all()

    def wait_turn(self) -> None:
        """Set the state to ``waiting`` until `take_turn`, because other runs come first."""
        with self._changed:
            if self._state == "running":
                self._state = "waiting"
                self._changed.notify_all()

    def take_turn(self) -> None:
        """Set the state back to ``running``, because it is this run's turn."""
        with self._changed:
            if self._state == "waiting":
                self._state = "running"
                self._changed.notify_all()

    # ---- for other threads

    @property
    def layout(self) -> Layout | None:
        """The layout that the run works on; None before it begins, and after `forget_layout`."""
        return self._layout

    @property
    def can_go_on(self) -> bool:
        """Whether the run can be continued: it has ended, and its layout is still in memory."""
        with self._changed:
            return self._state == "ended" and self._layout is not None

    @property
    def state(self) -> RunState:
        """State of the run."""
        return self._state

    @property
    def is_wanted(self) -> bool:
        """Whether the run is to continue now: it is neither paused, nor ended, nor asked to stop."""
        return self._state not in ("paused", "ended") and not self._stopping

    @property
    def was_steered(self) -> bool:
        """Whether anything was asked for that makes the layout differ from the one that its spec describes."""
        return self._steered

    @property
    def speed(self) -> float:
        """Iterations or epochs per second, measured over the last half second or more; 0 if not measured yet."""
        return self._speed

    @property
    def newest(self) -> Frame | None:
        """The last frame, or None before the first."""
        return self._newest

    @property
    def frames(self) -> list[Frame | KeptFrame]:
        """Frames kept for replay, first to last, evenly spread over the run; the last one is the newest, unrounded."""
        newest = self._newest
        if newest is None:
            return []
        return [*(frame for frame in self._kept.frames if frame.serial < newest.serial), newest]

    def pause(self) -> None:
        """Pause the run until `resume`."""
        with self._changed:
            if self._state in ("running", "waiting"):
                self._state = "paused"

    def resume(self) -> None:
        """Continue a paused run."""
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
        """Prepare an ended run to be continued by `project`, with `more` iterations on top of those planned.

        Raises
        ------
        SpecError
            If the run has not ended, its layout is no longer in memory, or `more` is out of range.
        """
        check_count("more", more, -MOST_ITERATIONS, MOST_ITERATIONS)
        with self._changed:
            if self._state != "ended":
                raise SpecError(
                    f"a run that is {self._state} cannot be continued; ask for more with wish, or end it first"
                )
            if self._layout is None:
                raise SpecError("the layout of this run is no longer in memory; start a new run")
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
        """Ask for changes, in addition to those not yet made; an ended run ignores them.

        Raises
        ------
        SpecError
            If a number is out of range, or `exaggeration` is given and the method has none.
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
