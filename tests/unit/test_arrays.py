"""Checked, read-only arrays, and hashes of content."""

import tracemalloc

import numpy as np
import pytest

from embviz.arrays import fingerprint, frozen_array, is_finite
from embviz.errors import InputError


def test_fitting_array_is_frozen_in_place_without_a_copy() -> None:
    given = np.zeros((3, 2), dtype=np.float32)
    frozen = frozen_array("x", given, np.float32, (3, None))
    assert frozen is given
    with pytest.raises(ValueError, match="read-only"):
        frozen[0, 0] = 1


def test_array_of_another_layout_becomes_contiguous() -> None:
    given = np.arange(6, dtype=np.float32).reshape(2, 3).T
    frozen = frozen_array("x", given, np.float32, (3, 2))
    assert frozen.flags.c_contiguous
    assert np.array_equal(frozen, given)
    assert given.flags.writeable


@pytest.mark.parametrize(
    ("value", "dtype", "shape", "sentence"),
    [
        (np.zeros(2), np.float32, (2,), "x must be float32, got float64"),
        (np.zeros(2, ">i8"), np.int64, (2,), "x must be int64, got >i8"),
        (np.zeros((2, 3)), np.float64, (2,), r"x must have shape \(2,\), got \(2, 3\)"),
        (np.zeros((2, 3)), np.float64, (None, 2), r"x must have shape \(any, 2\), got \(2, 3\)"),
        (np.zeros(()), np.float64, (None,), r"x must have shape \(any,\), got \(\)"),
        (np.array([0.0, np.nan]), np.float64, (2,), "x must be finite"),
    ],
)
def test_array_that_does_not_fit_is_refused(
    value: np.ndarray, dtype: object, shape: tuple[int | None, ...], sentence: str
) -> None:
    with pytest.raises(InputError, match=sentence):
        frozen_array("x", value, dtype, shape)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("position", [0, 500, 999])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_one_bad_value_anywhere_is_found(bad: float, position: int, dtype: type) -> None:
    values = np.ones(1000, dtype)
    assert is_finite(values)
    values[position] = bad
    assert not is_finite(values)
    assert not is_finite(values.reshape(10, 100).T)


def test_finite_check_is_right_at_the_limits_and_on_nothing() -> None:
    assert is_finite(np.array([np.finfo(np.float32).max, np.finfo(np.float32).min], np.float32))
    assert is_finite(np.empty((0, 3)))


def test_finite_check_needs_no_mask() -> None:
    values = np.zeros((1000, 1000))
    tracemalloc.start()
    is_finite(values)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < values.size / 10


def test_equal_content_has_equal_fingerprints_whatever_the_layout() -> None:
    array = np.arange(6).reshape(2, 3)
    assert fingerprint("a", array) == fingerprint("a", array.T.copy().T)


@pytest.mark.parametrize(
    "other",
    [
        ("b", np.zeros((2, 3))),
        ("a", np.ones((2, 3))),
        ("a", np.zeros((3, 2))),
        ("a", np.zeros((2, 3), np.float32)),
        ("a", np.zeros((2, 3), np.int64)),
        (np.zeros((2, 3)), "a"),
        ("a", np.zeros((2, 3)), ""),
    ],
)
def test_other_content_has_another_fingerprint(other: tuple[object, ...]) -> None:
    assert fingerprint(*other) != fingerprint("a", np.zeros((2, 3)))


def test_texts_do_not_run_into_each_other() -> None:
    assert fingerprint("ab", "c") != fingerprint("a", "bc")
    assert fingerprint(np.array(["ab", "c"])) != fingerprint(np.array(["a", "bc"]))
