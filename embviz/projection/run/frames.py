"""The frames of a run: its layout at one moment, and the frames that are kept for replay."""

import threading
from dataclasses import dataclass
from weakref import WeakSet

import numpy as np

from embviz.arrays import Float32Array, UInt16Array, array_bytes, summary

KEPT_BYTES = 24 * 2**20
"""Memory for the kept frames of one run; beyond it every second frame is dropped."""

ALL_KEPT_BYTES = 128 * 2**20
"""Memory for the kept frames of all runs of this process."""


MOST_PLACES = 65_535
"""Largest coordinate of a kept frame, as a 16-bit integer."""


@dataclass(frozen=True, eq=False, slots=True, repr=False)
class Frame:
    """The layout of a run at one moment.

    Attributes
    ----------
    serial
        Number of the frame in its run, from 1.
    done, total
        Iterations or epochs done, and planned.
    coords
        float32, shape (n, 2 or 3), in the order of the items.
    divergence
        Kullback-Leibler divergence of t-SNE at most 50 iterations ago, in nats, NaN before it was first computed; None
        for UMAP.
    """

    serial: int
    done: int
    total: int
    coords: Float32Array
    divergence: float | None

    __repr__ = summary


@dataclass(frozen=True, eq=False, slots=True, repr=False)
class KeptFrame:
    """A frame kept for replay: half as large, precise enough for drawing, not for continuing the run from it.

    Attributes
    ----------
    serial, done
        As those of `Frame`.
    places
        uint16, shape (n, 2 or 3): coordinates along each axis, 0 at `low` to 65,535 at `low + span`.
    low, span
        float32, shape (2 or 3,): least coordinate, and extent, along each axis.
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
    """The frame with 16-bit coordinates, in half the memory.

    Examples
    --------
    >>> print(kept_frame(Frame(1, 10, 750, np.array([[0, 5], [2, 5], [4, 5]], np.float32), None)).coords.round(6))
    [[0.      5.     ]
     [2.00003 5.     ]
     [4.      5.     ]]
    """
    axes = frame.coords.T.copy()  # one row per axis, along which NumPy is twenty times faster than across two columns
    low = axes.min(axis=1)
    span = axes.max(axis=1) - low
    axes -= low[:, None]
    axes /= np.where(span > 0, span, np.float32(1))[:, None]
    axes *= MOST_PLACES
    return KeptFrame(frame.serial, frame.done, np.rint(axes).T.astype(np.uint16, order="C"), low, span)


class KeptFrames:
    """The frames of one run that can be replayed, evenly spread over it, and fewer if they take too much memory.

    If all runs together keep too much, frames of the run that keeps most are dropped first.
    """

    def __init__(self) -> None:
        self._frames: list[KeptFrame] = []
        self._stride = 1
        self._lock = threading.Lock()
        with _making_room:
            _of_all_runs.add(self)

    @property
    def frames(self) -> list[KeptFrame]:
        """The kept frames, first to last."""
        with self._lock:
            return list(self._frames)

    @property
    def n_bytes(self) -> int:
        """Size of all kept frames, in bytes."""
        with self._lock:
            return self._bytes()

    def add(self, frame: Frame) -> None:
        """Keep every frame at first, later every second, fourth, ... one; add frames in the order of their numbers."""
        with self._lock:  # before the stride is read, because another run may thin out this one and change it
            if (frame.serial - 1) % self._stride != 0:
                return
            self._frames.append(kept_frame(frame))
            while self._bytes() > KEPT_BYTES and self._thin_out():
                pass
        _make_room()

    def thin_out(self) -> bool:
        """Drop every second frame; False if only the first and the last one are left."""
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
