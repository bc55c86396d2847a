"""The library: one copy of each value for all who use it, and nothing that nobody uses but the last ones that fit."""

import gc
import os
import threading
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embviz.arrays import DataclassValue, array_bytes
from embviz.datasets import dataset_from_arrays, source_named
from embviz.errors import Cancelled, DatasetError
from embviz.features import vector_features
from embviz.features.features import Features
from embviz.items.id_set import id_set
from embviz.library import Kind, Library, library_of, shared_dataset, shared_isolated_dataset, shared_projection
from embviz.pipeline import projection_of
from embviz.progress import no_progress
from embviz.projection.projection import Projection
from embviz.projection.specs import Pca
from embviz.storage.store import Store

ENOUGH = 20.0
"""Seconds nothing here takes."""

BYTES_PER_ITEM = 16
"""Four numbers of a vector: an item's share of `Features` is that and its id."""


def features(n: int = 10) -> Features:
    return vector_features(dataset_from_arrays(vectors=np.arange(4 * n, dtype=np.float32).reshape(n, 4)))


NONE_KEPT = Kind[Features](0)
MANY_KEPT = Kind[Features](2**20)


def kept(library: Library, kind: Kind[Features], *keys: str) -> list[str]:
    """Asked of the last one first, which leaves the order in which they were used last as it is."""
    gc.collect()
    return [key for key in keys if library.found(kind, key) is not None]


def test_all_who_ask_get_the_same_value_and_it_is_made_once() -> None:
    library, made = Library(), []

    def make() -> Features:
        made.append(1)
        return features()

    first = library.shared(MANY_KEPT, "a", make)
    assert library.shared(MANY_KEPT, "a", make) is first and library.found(MANY_KEPT, "a") is first and made == [1]


def test_a_value_that_somebody_uses_is_found_however_large_it_is() -> None:
    library = Library()
    used = library.added(NONE_KEPT, "a", features())
    assert library.found(NONE_KEPT, "a") is used
    del used
    assert kept(library, NONE_KEPT, "a") == []


def test_of_what_nobody_uses_the_last_ones_stay_that_fit() -> None:
    library, kind = Library(), Kind[Features](int(2.5 * 10 * (BYTES_PER_ITEM + 8)))
    for key in "ab":
        library.added(kind, key, features())
    assert library.found(kind, "a") is not None, "and so it is used later than b"
    library.added(kind, "c", features())
    assert kept(library, kind, *"abc") == ["a", "c"]
    library.added(kind, "large", features(100))
    assert kept(library, kind, "a", "c", "large") == ["a", "c"]


@dataclass(frozen=True)
class Number:
    """A value without arrays."""

    value: float


def test_values_without_arrays_do_not_become_ever_more() -> None:
    library, kind = Library(), Kind[Number](2500)
    for number in range(5):
        library.added(kind, number, Number(number))
    gc.collect()
    assert [library.found(kind, number) for number in range(5)] == [None, None, None, Number(3), Number(4)]
    private = Kind[Number](0)
    library.added(private, "a", Number(1))
    gc.collect()
    assert library.found(private, "a") is None


def test_a_use_does_not_measure_all_that_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    library, measured = Library(), []

    def counted(value: DataclassValue) -> int:
        measured.append(value)
        return array_bytes(value)

    monkeypatch.setattr("embviz.library.array_bytes", counted)
    for number in range(20):
        library.added(MANY_KEPT, number, features())
    for number in range(20):
        assert library.found(MANY_KEPT, number) is not None
    assert len(measured) == 20, "each value once"


def test_kinds_are_kept_apart_and_take_no_room_from_each_other() -> None:
    library, one, other = Library(), Kind[Features](2**12), Kind[Features](2**12)
    first = library.added(one, "a", features())
    assert library.found(other, "a") is None
    for number in range(100):
        library.added(other, number, features())
    gone = weakref.ref(first)
    del first
    gc.collect()
    assert gone() is not None and library.found(one, "a") is gone()


def test_what_was_added_twice_is_shared_from_then_on() -> None:
    library = Library()
    first, second = features(), features()
    assert library.added(NONE_KEPT, "a", first) is first
    assert library.added(NONE_KEPT, "a", second) is first
    gone = weakref.ref(second)
    del second
    assert gone() is None


def test_two_who_ask_at_once_wait_for_one_copy_and_may_give_up() -> None:
    library, begun, go = Library(), threading.Event(), threading.Event()
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
        one = threads.submit(library.shared, NONE_KEPT, "a", slowly)
        assert begun.wait(ENOUGH)
        with pytest.raises(Cancelled):
            library.shared(NONE_KEPT, "a", unexpected, give_up)
        other = threads.submit(library.shared, NONE_KEPT, "a", unexpected, lambda stage, done, total: waited.set())
        assert waited.wait(ENOUGH)
        assert library.shared(NONE_KEPT, "b", features) is not None, "nobody waits for other data"
        go.set()
        assert one.result(ENOUGH) is other.result(ENOUGH)


def test_whoever_waited_for_one_who_failed_makes_it_himself() -> None:
    library, begun, go = Library(), threading.Event(), threading.Event()
    waited = threading.Event()

    def failing() -> Features:
        begun.set()
        go.wait(ENOUGH)
        raise DatasetError("no such file")

    with ThreadPoolExecutor(2) as threads:
        one = threads.submit(library.shared, NONE_KEPT, "a", failing)
        assert begun.wait(ENOUGH)
        other: Callable[[], Features] = threads.submit(
            library.shared, NONE_KEPT, "a", features, lambda stage, done, total: waited.set()
        ).result
        assert waited.wait(ENOUGH)
        go.set()
        with pytest.raises(DatasetError):
            one.result(ENOUGH)
        assert len(other()) == 10


def test_who_shares_a_store_shares_its_library_and_another_store_of_the_same_folder_has_its_own(tmp_path: Path) -> None:
    mine, other = Store(tmp_path), Store(tmp_path)
    held = library_of(mine).added(MANY_KEPT, "a", features())
    assert library_of(mine).found(MANY_KEPT, "a") is held
    assert library_of(other).found(MANY_KEPT, "a") is None
    gone = weakref.ref(library_of(mine))
    del mine
    gc.collect()
    assert gone() is None


def test_isolated_items_of_a_file_that_was_touched_have_the_source_of_who_asks(tmp_path: Path) -> None:
    path, store, isolated = tmp_path / "own.csv", Store(None), id_set([0, 2])
    path.write_text("x,y\n0,1\n2,3\n4,6\n")
    parts = []
    for seconds in (1_000_000_000, 1_000_000_010):
        os.utime(path, (seconds, seconds))
        dataset = shared_dataset(source_named(str(path)), "", None, store, no_progress)
        parts.append(shared_isolated_dataset(dataset, isolated, store))
        assert parts[-1].source == dataset.source and parts[-1].ids.tolist() == [0, 2]
    assert parts[0].fingerprint == parts[1].fingerprint and parts[0].source != parts[1].source


def test_principal_components_that_two_ask_for_at_once_are_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    dataset = dataset_from_arrays(vectors=np.random.default_rng(0).normal(size=(20, 4)).astype(np.float32))
    vectors, store = vector_features(dataset), Store(None)
    begun, go, waited = threading.Event(), threading.Event(), threading.Event()
    computed: list[int] = []
    said: list[str] = []

    def slowly(*arguments: Any, **options: Any) -> Projection:
        computed.append(1)
        begun.set()
        go.wait(ENOUGH)
        return projection_of(*arguments, **options)

    def waiting(stage: str, done: int, total: int) -> None:
        said.append(stage)
        waited.set()

    monkeypatch.setattr("embviz.library.projection_of", slowly)
    with ThreadPoolExecutor(2) as threads:
        one = threads.submit(shared_projection, dataset, vectors, Pca(), store, no_progress)
        assert begun.wait(ENOUGH)
        other = threads.submit(shared_projection, dataset, vectors, Pca(), store, waiting)
        try:
            assert waited.wait(ENOUGH), "the other one waits, and says so"
        finally:
            go.set()
        assert one.result(ENOUGH) is other.result(ENOUGH)
    assert computed == [1] and set(said) == {"principal components"}
