"""Addresses of layouts that form: their visitor's page fetches frames there, and posts wishes such as pause."""

import secrets
import threading
from collections.abc import Callable, Mapping
from weakref import WeakValueDictionary

from embviz.projection.run.steering import Steering
from embviz.projection.run.wishes import MORE
from embviz.run import Run

WISHES: Mapping[str, Callable[[Steering], None]] = {
    "pause": Steering.pause,
    "resume": Steering.resume,
    "stop": Steering.stop,
    "more": lambda steering: steering.wish(more=MORE),
    "perturb": lambda steering: steering.wish(perturbations=1),
}
"""Wishes that the page may post, by name. Each takes effect within an iteration, and none once the layout has ended."""


class LiveRuns:
    """Addresses of runs, each known to one visitor only.

    Runs are held by weak references, so a run is gone as soon as its visitor's page has dropped it.
    """

    def __init__(self) -> None:
        self._secret = secrets.token_urlsafe(16)
        self._runs: WeakValueDictionary[str, Run] = WeakValueDictionary()
        self._lock = threading.Lock()  # pages put runs here, and the server's event loop looks for them

    def put(self, run: Run) -> str:
        """Address of `run` relative to the server's base, the same at each call; the server answers there."""
        with self._lock:
            self._runs[run.token] = run
        return f"embviz/live/{self._secret}/{run.token}"

    def get(self, secret: str, token: str) -> Run | None:
        """The run at an address; None if there is none."""
        with self._lock:
            return self._runs.get(token) if self.is_of_here(secret) else None

    def is_of_here(self, secret: str) -> bool:
        """Whether an address was made by this process, even if its run is gone."""
        return secrets.compare_digest(secret.encode(), self._secret.encode())


live_runs = LiveRuns()
"""The addresses of all layouts that form in this process."""
