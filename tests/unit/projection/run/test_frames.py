"""Kept frames: half as large, hardly wrong, evenly spread, and limited for one run and for all."""

import gc
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from hypothesis.extra import numpy as arrays

from embviz.arrays import Float32Array
from embviz.projection.run import frames as module
from embviz.projection.run.frames import Frame, KeptFrames, kept_frame

FRAME_BYTES = 4 * 2 * 2 + 2 * 2 * 4
"""Four items in two dimensions, and the ends of the two axes."""


def frame_at(serial: int, n: int = 4) -> Frame:
    return Frame(serial, serial, 750, np.full((n, 2), serial, np.float32), None)


def recorded(shown: int, n: int = 4) -> KeptFrames:
    kept = KeptFrames()
    for serial in range(1, shown + 1):
        kept.add(frame_at(serial, n))
    return kept


@pytest.fixture(autouse=True)
def nothing_left_of_other_tests() -> None:
    gc.collect()


coordinates = st.floats(-(2.0**100), 2.0**100, width=32)


@given(coords=arrays.arrays(np.float32, st.tuples(st.integers(1, 30), st.integers(2, 3)), elements=coordinates))
def test_a_kept_frame_is_wrong_by_less_than_a_hundredth_of_a_pixel_in_a_thousand(coords: Float32Array) -> None:
    kept = kept_frame(Frame(3, 40, 750, coords, None))
    assert (kept.serial, kept.done, kept.coords.dtype, kept.coords.shape) == (3, 40, np.float32, coords.shape)
    width = np.ptp(coords.astype(np.float64), axis=0)
    rounding = 4 * np.abs(coords).max(axis=0) * np.finfo(np.float32).eps  # what float32 itself cannot tell apart
    assert (np.abs(kept.coords - coords.astype(np.float64)) <= width * 1e-5 + rounding + 1e-37).all()


def test_a_kept_frame_takes_half_of_the_memory() -> None:
    coords = np.random.default_rng(0).normal(size=(1000, 2)).astype(np.float32)
    assert kept_frame(Frame(1, 1, 750, coords, None)).places.nbytes == coords.nbytes / 2


@settings(max_examples=60)
@given(shown=st.integers(1, 400), room=st.integers(2, 40))
def test_kept_frames_fit_their_room_are_evenly_spread_and_have_the_first(shown: int, room: int) -> None:
    before = module.KEPT_BYTES
    module.KEPT_BYTES = room * FRAME_BYTES  # Hypothesis does not reset monkeypatch between examples
    try:
        serials = [frame.serial for frame in recorded(shown).frames]
    finally:
        module.KEPT_BYTES = before
    assert serials[0] == 1 and serials == sorted(set(serials))
    assert len(serials) <= max(room, 2)
    assert len(set(np.diff(serials).tolist())) <= 1
    assert len(serials) >= min(shown, max(room, 2)) / 2


def test_all_runs_together_have_a_limit_and_the_one_with_most_frames_gives_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "ALL_KEPT_BYTES", 30 * FRAME_BYTES)
    few, many = recorded(6), recorded(40)
    assert len(few.frames) == 6
    assert few.n_bytes + many.n_bytes <= 30 * FRAME_BYTES
    assert 12 <= len(many.frames) <= 24
    del many
    gc.collect()
    assert len(recorded(24).frames) == 24, "the room of a run that is gone is free"


def test_the_ends_of_a_run_are_kept_however_little_room_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ALL_KEPT_BYTES", 0)
    runs = [recorded(10) for _ in range(3)]
    assert [run.frames[0].serial for run in runs] == [1, 1, 1]
    assert all(len(run.frames) <= 2 for run in runs)


def test_runs_that_go_on_at_once_thin_each_other_out_without_waiting_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ALL_KEPT_BYTES", 20 * FRAME_BYTES)
    convert = module.kept_frame

    def interrupted(frame: Frame) -> module.KeptFrame:
        time.sleep(1e-4)  # the other runs go on here, and thin this one out
        return convert(frame)

    monkeypatch.setattr(module, "kept_frame", interrupted)
    with ThreadPoolExecutor(4) as threads:
        runs = [each.result(60) for each in [threads.submit(recorded, 300) for _ in range(4)]]
    assert sum(run.n_bytes for run in runs) <= 20 * FRAME_BYTES
    for run in runs:
        serials = [frame.serial for frame in run.frames]
        assert serials[0] == 1 and len(set(np.diff(serials).tolist())) <= 1
