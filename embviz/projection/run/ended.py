"""Runs that have ended and can be continued: only the latest, because the state of an optimizer is large."""

import threading
from collections.abc import MutableMapping
from weakref import WeakKeyDictionary

from embviz.projection.run.steering import Steering

MOST_ITEMS = 200_000
"""Number of items in all ended runs that can be continued; each takes 1.5 kB, mostly neighbors and their weights."""

_ended: MutableMapping[Steering, int] = WeakKeyDictionary()  # in the order in which they ended
_changing = threading.Lock()


def keep_ended(steering: Steering) -> None:
    """Keep the state of this run, so that it can be continued, and forget that of the oldest runs beyond `MOST_ITEMS`.

    A forgotten run keeps its frames; its `Steering.layout` is None.
    """
    with _changing:
        _ended.pop(steering, None)
        if steering.layout is not None:
            _ended[steering] = len(steering.layout.rows)
        items = 0
        for other, n in reversed(list(_ended.items())):
            items += n
            if items > MOST_ITEMS:
                other.forget_layout()
                del _ended[other]
