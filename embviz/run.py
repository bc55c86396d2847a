"""The `Run` of a layout: the spec that was asked for, the job that computes it, its steering, and its address."""

import threading
from collections.abc import Callable
from functools import partial
from secrets import token_urlsafe

from embviz.errors import SpecError
from embviz.jobs.clock import Clock
from embviz.jobs.durations import expected_plan, keep_durations
from embviz.jobs.job import Job
from embviz.projection.run.steering import Steering
from embviz.projection.run.wishes import MORE
from embviz.storage.store import Store
from embviz.view import Forming, View, ViewSpec, inputs_of, view_of, work_of

RunWork = Callable[["Run", Clock], View]
"""Function that computes the view of a run, in the thread of its job."""


class Run:
    """A layout that somebody has asked for. It starts at once, and is dropped when something else is asked for.

    Three threads use a run: its job computes the layout, the server hands out frames, and the page asks for its state
    and steers it. So every value that changes is behind a lock, or in the `Steering`.

    Parameters
    ----------
    spec
        The view that was asked for.
    work
        Function that computes the view; `started_run` passes one that reads and fills its store.
    before
        The ended run whose layout this one continues; None for a new layout.

    Attributes
    ----------
    spec
        The view that was asked for.
    steering
        Takes wishes of the page and hands out frames; the same in a run and in those that continue it.
    token
        Secret part of the address at which the server hands out frames of this run and answers questions about them.
    place
        Key under which the page keeps its zoom; the same in a run and in those that continue it.
    job
        Computes the view. When it has ended, in whatever way, so has the steering.
    """

    def __init__(self, spec: ViewSpec, work: RunWork, before: "Run | None" = None) -> None:
        self.spec = spec
        self.steering: Steering = Steering() if before is None else before.steering
        self.token = token_urlsafe(16)
        self.place: str = self.token if before is None else before.place
        self._work = work
        self._lock = threading.Lock()
        self._is_asked = True
        self._before = before
        self._forming: Forming | None = None
        self.job: Job[View] = Job(self._make)  # last, because its thread uses all of the above

    def _make(self, clock: Clock) -> View:
        try:
            return self._work(self, clock)
        finally:
            self.steering.end()

    def begin(self, forming: Forming) -> None:
        """Note that the layout begins to form, or to continue; called in the thread of the job."""
        with self._lock:
            self._forming, self._before = forming, None

    def drop(self) -> None:
        """Note that something else is asked for, and cancel the job."""
        with self._lock:
            self._is_asked = False
        self.job.cancel()

    @property
    def is_asked(self) -> bool:
        """Whether the page still asks for the layout that this run computes."""
        with self._lock:
            return self._is_asked

    @property
    def forming(self) -> Forming | None:
        """The `Forming` view of the run; None until its layout begins to form."""
        with self._lock:
            return self._forming

    @property
    def before(self) -> "Run | None":
        """The ended run that this one continues, shown again if this run is cancelled before `begin`; None after that.

        None for a new layout, too.
        """
        with self._lock:
            return self._before

    @property
    def is_visible(self) -> bool:
        """Whether the run has a frame of the layout that the page can show."""
        return self.forming is not None and self.steering.newest is not None

    @property
    def is_as_planned(self) -> bool:
        """Whether the run ended without an error and was not steered, so that its layout is the one of its spec."""
        has_ended = self.is_visible and self.steering.state == "ended" and self.job.error is None
        return has_ended and not self.steering.was_steered

    @property
    def more(self) -> int:
        """Number of steps that one press of the page's button adds; 0 if the run has ended and cannot be continued."""
        return 0 if self.steering.state == "ended" and self.steering.layout is None else MORE

    def made(self, spec: ViewSpec) -> bool:
        """Whether this run is computing, or has computed, the layout that is shown for this spec."""
        if self.spec != spec or self.job.error is not None or not self.is_visible:
            return False  # a run has no frame if somebody else had made its layout meanwhile
        return self.is_asked or self.is_as_planned

    def gone_on(self, more: int = MORE) -> "Run":
        """A new run, already started, that continues the layout of this one, with `more` steps on top of those planned.

        Raises
        ------
        SpecError
            If this one has not ended, or its layout is no longer in memory.
        """
        if self.job.is_running:
            raise SpecError("a run can be continued only when it has ended; wait for it, or stop it")
        self.steering.go_on(more)
        return Run(self.spec, self._work, self)


def started_run(spec: ViewSpec, *, store: Store) -> Run:
    """A run, already started, that computes the view of `spec`; results that are in the store are read from there."""
    return Run(spec, partial(_made_view, store))


def _made_view(store: Store, run: Run, clock: Clock) -> View:
    inputs = inputs_of(run.spec, store=store, progress=clock)
    work = work_of(run.spec, inputs, store=store)
    clock.plan = expected_plan(work, store)
    view = view_of(run.spec, compute=True, store=store, progress=clock, steering=run.steering, on_forming=run.begin)
    assert view is not None, "it was to be computed"
    if not view.projection.departure:
        keep_durations(work, clock.passed(), store)
    return view
