"""Runs that have ended and can go on: the last ones only, because what an optimizer works on is large."""

import threading
from collections.abc import MutableMapping
from weakref import WeakKeyDictionary

from embviz.projection.run.steering import Steering

MOST_ITEMS = 200_000
"""In all runs that can go on, one and a half kilobytes each: neighbors and their weights above all."""

_ended: MutableMapping[Steering, int] = WeakKeyDictionary()  # in the order in which they ended
_changing = threading.Lock()


def keep_ended(steering: Steering) -> None:
    """Let this run go on later, and those not that ended long before, if all together would have too many items.

    A run that was forgotten keeps its frames, and can be told by its `Steering.layout`, which is None.
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
