"""Addresses of layouts that form, at which the page of their visitor asks for frames."""

import secrets
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

from embviz.jobs.job import Job
from embviz.projection.run.steering import Steering


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class LiveRun:
    """The steering of a layout that forms, and the job that computes it."""

    steering: Steering
    job: Job[Any]


class LiveRuns:
    """Addresses of layouts that form, each known to one visitor only.

    Runs are held by weak references, so a run is gone as soon as its visitor's page has dropped it.
    """

    def __init__(self) -> None:
        self._secret = secrets.token_urlsafe(16)
        self._runs: WeakValueDictionary[str, LiveRun] = WeakValueDictionary()

    def put(self, run: LiveRun) -> str:
        """A new address of `run`, relative to the server's base."""
        name = secrets.token_urlsafe(16)
        self._runs[name] = run
        return f"embviz/live/{self._secret}/{name}"

    def get(self, secret: str, name: str) -> LiveRun | None:
        """The run at an address; None if there is none."""
        return self._runs.get(name) if self.is_of_here(secret) else None

    def is_of_here(self, secret: str) -> bool:
        """Whether an address was made by this process, even if its run is gone."""
        return secrets.compare_digest(secret.encode(), self._secret.encode())


live_runs = LiveRuns()
"""All layouts that form in this process."""
