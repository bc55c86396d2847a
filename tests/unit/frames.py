"""The frames of a run, for tests that watch it."""

import time

from embviz.projection.run.frames import Frame
from embviz.projection.run.steering import Steering


def frame_after(steering: Steering, serial: int, seconds: float = 60.0) -> Frame:
    """The newest frame as soon as it is later than the one numbered `serial`; fails if none comes within so long."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if (newest := steering.newest) is not None and newest.serial > serial:
            return newest
        time.sleep(0.005)
    raise AssertionError(f"no frame after number {serial} within {seconds:.0f} seconds")
