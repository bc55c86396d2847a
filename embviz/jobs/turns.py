"""A fair queue in front of work that fills the processors: some do it at once, the others wait in order of arrival."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from embviz.progress import Progress

MOST_AT_ONCE = 2
"""Layouts that form at the same time. Each uses all processors: with more, all would wait for all others."""

BEFORE_YOU = "before you"
"""How what is said of a place in the queue ends."""

ASK_SECONDS = 0.1
"""How often whoever waits says so, and so how soon his place is given on when he no longer wants it."""


@dataclass(eq=False, slots=True)
class Turn:
    """One place at work, or in the queue. One that has begun and has left meanwhile comes before all others."""

    has_begun: bool = False


class Turns:
    """At most so many at work at a time, in order of arrival; whoever is cancelled or fails gives his place on.

    Examples
    --------
    >>> from embviz.progress import no_progress
    >>> turns = Turns(1)
    >>> with turns.turn(no_progress):
    ...     turns.n_working
    1
    >>> turns.n_working
    0
    """

    def __init__(self, most: int = MOST_AT_ONCE) -> None:
        self._most = most
        self._working: set[Turn] = set()
        self._waiting: list[Turn] = []
        self._changed = threading.Condition()

    @property
    def n_working(self) -> int:
        """How many are at work."""
        return len(self._working)

    @property
    def n_waiting(self) -> int:
        """How many are in the queue."""
        return len(self._waiting)

    @contextmanager
    def turn(self, progress: Progress) -> Iterator[Turn]:
        """Wait for one's turn, telling `progress` how many are before oneself; it ends with the block.

        Raises
        ------
        Cancelled
            If `progress` raised it while waiting.
        """
        turn = Turn()
        try:
            self.go_on(turn, progress)
            yield turn
        finally:
            self.leave(turn)

    def leave(self, turn: Turn) -> None:
        """Give the place on, for good or until `go_on`."""
        with self._changed:
            self._working.discard(turn)
            if turn in self._waiting:
                self._waiting.remove(turn)
            self._changed.notify_all()

    def go_on(self, turn: Turn, progress: Progress, gives_up: Callable[[], bool] = lambda: False) -> None:
        """Wait until there is room at work, or somebody `gives_up`; nothing to do for who is at work already.

        Raises
        ------
        Cancelled
            If `progress` raised it while waiting; `leave` is still to be called.
        """
        with self._changed:
            if turn in self._working:
                return
            place = sum(other.has_begun for other in self._waiting) if turn.has_begun else len(self._waiting)
            self._waiting.insert(place, turn)
        while True:
            with self._changed:
                if len(self._working) < self._most and self._waiting[0] is turn:
                    self._waiting.pop(0)
                    self._working.add(turn)
                    turn.has_begun = True
                    self._changed.notify_all()
                    return
                before = len(self._working) + self._waiting.index(turn)
                self._changed.wait(ASK_SECONDS)
            if gives_up():
                return self.leave(turn)
            progress(place_said(before), 0, 0)


def place_said(before: int) -> str:
    """Somebody's place in the queue, in words.

    Examples
    --------
    >>> place_said(1), place_said(4)
    ('1 other before you', '4 others before you')
    """
    return f"{before} other{'' if before == 1 else 's'} {BEFORE_YOU}"
