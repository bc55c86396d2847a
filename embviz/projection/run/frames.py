"""The frames of a run: the layout at one moment, and those that are kept for replay."""

import threading
from dataclasses import dataclass
from weakref import WeakSet

import numpy as np

from embviz.arrays import Float32Array, UInt16Array, array_bytes, summary

KEPT_BYTES = 24 * 2**20
"""How much a run keeps for replay; every second frame is dropped when there is more."""

ALL_KEPT_BYTES = 128 * 2**20
"""How much all runs of this process keep together."""


MOST_PLACES = 65_535
"""Of an axis of a kept frame: what 16 bits can tell apart."""


@dataclass(frozen=True, eq=False, slots=True, repr=False)
class Frame:
    """The layout at one moment.

    Attributes
    ----------
    serial
        Counts from 1; later frames have higher ones.
    done, total
        Iterations or epochs done, and planned.
    coords
        float32, shape (n, 2 or 3), in the order of the items.
    divergence
        Kullback-Leibler divergence of t-SNE at most 50 iterations ago, in nats; None elsewhere.
    """

    serial: int
    done: int
    total: int
    coords: Float32Array
    divergence: float | None

    __repr__ = summary


@dataclass(frozen=True, eq=False, slots=True, repr=False)
class KeptFrame:
    """A frame of the past: half as large, and good enough to be looked at, but not to be gone on from.

    Attributes
    ----------
    serial, done
        As those of `Frame`.
    places
        uint16, shape (n, 2 or 3): where the items are between `low` and `low + span` of each axis, in 65,535 parts.
    low, span
        float32, shape (2 or 3,).
    """

    serial: int
    done: int
    places: UInt16Array
    low: Float32Array
    span: Float32Array

    __repr__ = summary

    @property
    def coords(self) -> Float32Array:
        """The layout, each coordinate wrong by at most 1/131,070 of the width of its axis."""
        return self.low + self.places * (self.span / np.float32(MOST_PLACES))


def kept_frame(frame: Frame) -> KeptFrame:
    """The frame in half the memory.

    Examples
    --------
    >>> print(kept_frame(Frame(1, 10, 750, np.array([[0, 5], [2, 5], [4, 5]], np.float32), None)).coords.round(6))
    [[0.      5.     ]
     [2.00003 5.     ]
     [4.      5.     ]]
    """
    low = frame.coords.min(axis=0)
    span = frame.coords.max(axis=0) - low
    share = (frame.coords - low) / np.where(span > 0, span, np.float32(1))
    return KeptFrame(frame.serial, frame.done, np.rint(share * MOST_PLACES).astype(np.uint16), low, span)


class KeptFrames:
    """The frames of one run that can be replayed: evenly spread over it, and fewer where they take too much.

    Those of the run that has most are thinned out first where all runs together keep too much.
    """

    def __init__(self) -> None:
        self._frames: list[KeptFrame] = []
        self._stride = 1
        self._lock = threading.Lock()
        with _making_room:
            _of_all_runs.add(self)

    @property
    def frames(self) -> list[KeptFrame]:
        """First to last."""
        with self._lock:
            return list(self._frames)

    @property
    def n_bytes(self) -> int:
        """Of all of them."""
        with self._lock:
            return self._bytes()

    def add(self, frame: Frame) -> None:
        """Keep the frame if its turn has come; they come one after the other, numbered from 1."""
        with self._lock:  # from the question on: another run may thin out this one, and change whose turn it is
            if (frame.serial - 1) % self._stride != 0:
                return
            self._frames.append(kept_frame(frame))
            while self._bytes() > KEPT_BYTES and self._thin_out():
                pass
        _make_room()

    def thin_out(self) -> bool:
        """Drop every second frame; False where only the ends are left."""
        with self._lock:
            return self._thin_out()

    def _thin_out(self) -> bool:
        if len(self._frames) <= 2:
            return False
        del self._frames[1::2]
        self._stride *= 2
        return True

    def _bytes(self) -> int:
        return len(self._frames) * array_bytes(self._frames[0]) if self._frames else 0


_of_all_runs: WeakSet[KeptFrames] = WeakSet()
_making_room = threading.Lock()


def _make_room() -> None:
    with _making_room:
        runs = list(_of_all_runs)
        while sum(run.n_bytes for run in runs) > ALL_KEPT_BYTES:
            if not max(runs, key=lambda run: run.n_bytes).thin_out():
                return
