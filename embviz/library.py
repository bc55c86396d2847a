"""What visitors share in memory: one copy of each value while somebody uses it, and for a while the last ones used."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar
from weakref import WeakValueDictionary

from embviz.arrays import DataclassValue, array_bytes
from embviz.progress import Progress, no_progress

Value = TypeVar("Value", bound=DataclassValue)


class Library(Generic[Value]):
    """Values by key. Not a store: what nobody uses is made again, but for the last ones that fit `kept_bytes`.

    Parameters
    ----------
    kept_bytes
        Of the values that are held although nobody may use them. A value larger than that is never held.
    stage
        What those who wait for another to make a value say that is being done.

    Examples
    --------
    >>> from embviz import dataset_from_arrays, vector_features
    >>> from embviz.features.features import Features
    >>> features = Library[Features](2**20)
    >>> made = features.shared("line", lambda: vector_features(dataset_from_arrays(vectors=[[0], [1], [3]])))
    >>> features.found("line") is made
    True
    """

    def __init__(self, kept_bytes: int, stage: str = "reading the data") -> None:
        self._kept_bytes = kept_bytes
        self._stage = stage
        self._values: WeakValueDictionary[Hashable, Value] = WeakValueDictionary()
        self._last: OrderedDict[Hashable, Value] = OrderedDict()
        self._making: set[Hashable] = set()
        self._changed = threading.Condition()

    def found(self, key: Hashable) -> Value | None:
        """The value, which is now the last one used; None if it is not in memory."""
        with self._changed:
            value = self._values.get(key)
            if value is not None:
                self._use(key, value)
        return value

    def added(self, key: Hashable, value: Value) -> Value:
        """The value that all share from now on: this one, or the one that somebody else has added before."""
        with self._changed:
            value = self._values.setdefault(key, value)
            self._use(key, value)
        return value

    def shared(self, key: Hashable, make: Callable[[], Value], progress: Progress = no_progress) -> Value:
        """The value; made if need be, by one of those who ask for it, while the others wait and call `progress`."""
        while True:
            with self._changed:
                value = self.found(key)
                if value is not None:
                    return value
                if key not in self._making:
                    self._making.add(key)
                    break
                self._changed.wait(0.1)
            progress(self._stage, 0, 0)
        try:
            return self.added(key, make())
        finally:
            with self._changed:
                self._making.discard(key)
                self._changed.notify_all()

    def clear(self) -> None:
        """Hold nothing that nobody uses, and find nothing that was added before."""
        with self._changed:
            self._values.clear()
            self._last.clear()

    def _use(self, key: Hashable, value: Value) -> None:
        if array_bytes(value) > self._kept_bytes:
            return
        self._last[key] = value
        self._last.move_to_end(key)
        while sum(map(array_bytes, self._last.values())) > self._kept_bytes:
            self._last.popitem(last=False)
