"""The run of a layout: what pressing Run has started, the layout that forms in it, and where its frames are."""

from dataclasses import dataclass, field, replace
from functools import partial
from secrets import token_urlsafe

from embviz.jobs.job import Job
from embviz.projection.run.steering import Steering
from embviz.server import LiveRun, live_runs
from embviz.ui.contract.requests import RunAddress
from embviz.ui.waiting.watch import Watched
from embviz.view import Forming, ViewSpec


@dataclass(eq=False, slots=True)
class Run:
    """What pressing Run has started. Kept until the next one: its frames can be replayed.

    Attributes
    ----------
    spec
        What was asked for.
    is_asked
        Whether it still is: False once something else was asked for, which ends the run.
    steering
        That of the run that goes on in this one, or None.
    forming
        The layout while it forms and after; set by the job's thread, None before.
    has_failed
        Whether it ended with an error, and so made no layout.
    earlier
        The run that goes on in this one and what it made, for `current_view`; None once this one moves.
    place
        See `RunAddress`.
    """

    spec: ViewSpec
    is_asked: bool = True
    steering: Steering | None = None
    forming: Forming | None = None
    has_failed: bool = False
    earlier: "tuple[Run, Watched] | None" = None
    place: str = field(default_factory=partial(token_urlsafe, 8))
    _live: LiveRun | None = None
    _address: RunAddress | None = None

    def begin(self, forming: Forming) -> None:
        """Take over the layout that begins to form."""
        self.forming = forming
        self.earlier = None

    def made(self, spec: ViewSpec) -> bool:
        """Whether the layout of this spec that is there is the one this run made."""
        if self.spec != spec or self.has_failed or not self.is_visible():
            return False  # one without a frame found the layout that somebody else had made meanwhile
        return self.is_asked or self.is_as_planned()

    def is_as_planned(self) -> bool:
        """Whether it ran to its end and was not steered, so that it made what its spec describes."""
        steering = None if self.forming is None else self.forming.steering
        return steering is not None and steering.state == "ended" and not steering.was_steered

    def is_visible(self) -> bool:
        """Whether there is something to look at."""
        return self.forming is not None and self.forming.steering.newest is not None

    def address(self, job: Job[object] | None) -> RunAddress | None:
        """Where the page asks for frames; None where there were none.

        What answers there is held here, and nowhere else. `job` is the one in which the layout forms.
        """
        if self._address is None and self.forming is not None and job is not None:
            self._live = LiveRun(self.forming.steering, job)
            self._address = RunAddress(live_runs.put(self._live), self.place)
        steering = None if self.forming is None else self.forming.steering
        if self._address is not None and steering is not None and steering.state == "ended" and steering.layout is None:
            return replace(self._address, more=0)
        return self._address
