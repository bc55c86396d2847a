"""Layouts that form, and the addresses at which their visitors' pages ask for them."""

import secrets
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

from embviz.jobs.job import Job
from embviz.projection.run.steering import Steering


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
