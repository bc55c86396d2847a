"""A fair queue for work that uses all processors: a few run at a time, the others wait in order of arrival."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from embviz.progress import Progress

MOST_AT_ONCE = 2
"""Layouts that are computed at the same time; each uses all processors, so that more would slow all of them down."""

BEFORE_YOU = "before you"
"""End of the text about a position in the queue, such as "2 others before you"."""

ASK_SECONDS = 0.1
"""Seconds between the progress calls of a waiting turn, and so the longest time until a cancelled one leaves."""


@dataclass(eq=False, slots=True)
class Turn:
    """A turn: a position in the queue, or among those at work.

    Attributes
    ----------
    has_begun
        Whether the turn has been at work before; when it returns to the queue, it is before all that have not.
    """

    has_begun: bool = False


class Turns:
    """A queue in which at most `most` turns are at work at a time, in order of arrival.

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
        """Number of turns at work."""
        return len(self._working)

    @property
    def n_waiting(self) -> int:
        """Number of turns in the queue."""
        return len(self._waiting)

    @contextmanager
    def turn(self, progress: Progress) -> Iterator[Turn]:
        """A context with a turn at work, after a wait in which `progress` is called with the number of turns before it.

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
        """Remove a turn from work or from the queue, for good or until `go_on`."""
        with self._changed:
            self._working.discard(turn)
            if turn in self._waiting:
                self._waiting.remove(turn)
            self._changed.notify_all()

    def go_on(self, turn: Turn, progress: Progress, gives_up: Callable[[], bool] = lambda: False) -> None:
        """Wait in the queue until the turn is at work; return at once if it is already.

        If `gives_up` returns True meanwhile, the turn leaves the queue instead.

        Raises
        ------
        Cancelled
            If `progress` raised it while waiting; the turn is then still in the queue, and the caller has to `leave`.
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
    """The text about a position in the queue with `before` others before it.

    Examples
    --------
    >>> place_said(1), place_said(4)
    ('1 other before you', '4 others before you')
    """
    return f"{before} other{'' if before == 1 else 's'} {BEFORE_YOU}"
