"""The library: one copy of each value for all who use it, and nothing that nobody uses but the last ones that fit."""

import gc
import threading
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from embviz.datasets import dataset_from_arrays
from embviz.errors import Cancelled, DatasetError
from embviz.features import vector_features
from embviz.features.features import Features
from embviz.library import Library

ENOUGH = 20.0
"""Seconds nothing here takes."""

BYTES_PER_ITEM = 16
"""Four numbers of a vector: an item's share of `Features` is that and its id."""


def features(n: int = 10) -> Features:
    return vector_features(dataset_from_arrays(vectors=np.arange(4 * n, dtype=np.float32).reshape(n, 4)))


def kept(library: Library[Features], *keys: str) -> list[str]:
    gc.collect()
    return [key for key in keys if library._values.get(key) is not None]


def test_all_who_ask_get_the_same_value_and_it_is_made_once() -> None:
    library, made = Library[Features](2**20), []

    def make() -> Features:
        made.append(1)
        return features()

    first = library.shared("a", make)
    assert library.shared("a", make) is first and library.found("a") is first and made == [1]


def test_a_value_that_somebody_uses_is_found_however_large_it_is() -> None:
    library = Library[Features](0)
    used = library.added("a", features())
    assert library.found("a") is used
    del used
    assert kept(library, "a") == []


def test_of_what_nobody_uses_the_last_ones_stay_that_fit() -> None:
    library = Library[Features](int(2.5 * 10 * (BYTES_PER_ITEM + 8)))
    for key in "ab":
        library.added(key, features())
    assert library.found("a") is not None, "and so it is used later than b"
    library.added("c", features())
    assert kept(library, *"abc") == ["a", "c"]
    library.added("large", features(100))
    assert kept(library, "a", "c", "large") == ["a", "c"]


def test_what_was_added_twice_is_shared_from_then_on() -> None:
    library = Library[Features](0)
    first, second = features(), features()
    assert library.added("a", first) is first
    assert library.added("a", second) is first
    gone = weakref.ref(second)
    del second
    assert gone() is None


def test_two_who_ask_at_once_wait_for_one_copy_and_may_give_up() -> None:
    library, begun, go = Library[Features](0), threading.Event(), threading.Event()
    waited = threading.Event()

    def slowly() -> Features:
        begun.set()
        go.wait(ENOUGH)
        return features()

    def unexpected() -> Features:
        pytest.fail("it is being made")

    def give_up(stage: str, done: int, total: int) -> None:
        raise Cancelled("enough")

    with ThreadPoolExecutor(2) as threads:
        one = threads.submit(library.shared, "a", slowly)
        assert begun.wait(ENOUGH)
        with pytest.raises(Cancelled):
            library.shared("a", unexpected, give_up)
        other = threads.submit(library.shared, "a", unexpected, lambda stage, done, total: waited.set())
        assert waited.wait(ENOUGH)
        assert library.shared("b", features) is not None, "nobody waits for other data"
        go.set()
        assert one.result(ENOUGH) is other.result(ENOUGH)


def test_whoever_waited_for_one_who_failed_makes_it_himself() -> None:
    library, begun, go = Library[Features](0), threading.Event(), threading.Event()
    waited = threading.Event()

    def failing() -> Features:
        begun.set()
        go.wait(ENOUGH)
        raise DatasetError("no such file")

    with ThreadPoolExecutor(2) as threads:
        one = threads.submit(library.shared, "a", failing)
        assert begun.wait(ENOUGH)
        other: Callable[[], Features] = threads.submit(
            library.shared, "a", features, lambda stage, done, total: waited.set()
        ).result
        assert waited.wait(ENOUGH)
        go.set()
        with pytest.raises(DatasetError):
            one.result(ENOUGH)
        assert len(other()) == 10


def test_a_library_can_be_emptied() -> None:
    library = Library[Features](2**20)
    held = library.added("a", features())
    library.clear()
    assert library.found("a") is None and len(held) == 10
