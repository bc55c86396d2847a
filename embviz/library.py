"""Values that visitors share in memory: one copy of each while it is in use, and the most recently used after that."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, cast
from weakref import WeakKeyDictionary, WeakValueDictionary

from embviz.arrays import DataclassValue, array_bytes
from embviz.dataset import Dataset
from embviz.datasets import DataSource, Files, Uploaded, dataset_of
from embviz.datasets.own.preview import Preview, preview_of
from embviz.features.features import Activations, Features, FeatureSpec
from embviz.items.id_set import IdSet
from embviz.items.isolated import isolated_dataset
from embviz.pipeline import features_of, projection_of, stored_features, stored_projection
from embviz.progress import Progress, no_progress
from embviz.projection.projection import Projection
from embviz.projection.specs import LinearSpec, ProjectionSpec
from embviz.storage.store import Store

Value = TypeVar("Value", bound=DataclassValue)


@dataclass(frozen=True, eq=False)  # with slots, Python 3.11 cannot make a Kind[Dataset](…)
class Kind(Generic[Value]):
    """A kind of value that visitors share.

    Attributes
    ----------
    kept_bytes
        Bytes that values of this kind may take in memory while nobody uses them. A larger value is not kept at all.
    stage
        Stage of progress that visitors see while another visitor's request makes the value.
    """

    kept_bytes: int
    stage: str = "reading the data"


BYTES_WITHOUT_ARRAYS = 1_000
"""Bytes that a value without arrays, such as a few numbers with their names, is taken to have."""


@dataclass(eq=False, slots=True)
class _Kept:
    """The values of one kind that were used last, with their bytes, and the sum of these bytes."""

    values: OrderedDict[Hashable, tuple[Any, int]] = field(default_factory=OrderedDict)
    n_bytes: int = 0


class Library:
    """Values by kind and key. Not a store: of the values that nobody uses, only the most recently used are kept.

    A key holds all that a value depends on: sources with their stamps, fingerprints and specs, never a name alone.
    Changed data therefore have other keys, and no value has to be removed when data change.

    Examples
    --------
    >>> from embviz import dataset_from_arrays, vector_features
    >>> from embviz.features.features import Features
    >>> library, kind = Library(), Kind[Features](2**20)
    >>> made = library.shared(kind, "line", lambda: vector_features(dataset_from_arrays(vectors=[[0], [1], [3]])))
    >>> library.found(kind, "line") is made
    True
    """

    def __init__(self) -> None:
        self._values: WeakValueDictionary[Hashable, Any] = WeakValueDictionary()
        self._last: dict[Kind[Any], _Kept] = {}
        self._making: set[Hashable] = set()
        self._changed = threading.Condition()

    def found(self, kind: Kind[Value], key: Hashable) -> Value | None:
        """Value with this key, marked as the most recently used; None if it is not in memory."""
        with self._changed:
            value = cast(Value | None, self._values.get((kind, key)))
            if value is not None:
                self._use(kind, key, value)
        return value

    def added(self, kind: Kind[Value], key: Hashable, value: Value) -> Value:
        """Add a value and return the one that all share: `value`, or an equal one that already has this key."""
        with self._changed:
            value = cast(Value, self._values.setdefault((kind, key), value))
            self._use(kind, key, value)
        return value

    def shared(
        self, kind: Kind[Value], key: Hashable, make: Callable[[], Value], progress: Progress = no_progress
    ) -> Value:
        """Value with this key. If it is missing, one caller makes it; others wait for it and call `progress`."""
        while True:
            with self._changed:
                value = self.found(kind, key)
                if value is not None:
                    return value
                if (kind, key) not in self._making:
                    self._making.add((kind, key))
                    break
                self._changed.wait(0.1)
            progress(kind.stage, 0, 0)
        try:
            return self.added(kind, key, make())
        finally:
            with self._changed:
                self._making.discard((kind, key))
                self._changed.notify_all()

    def _use(self, kind: Kind[Value], key: Hashable, value: Value) -> None:
        last = self._last.setdefault(kind, _Kept())
        if key in last.values:  # with the same value, which is not gone as long as it is there
            last.values.move_to_end(key)
            return
        n_bytes = array_bytes(value) or BYTES_WITHOUT_ARRAYS
        if n_bytes > kind.kept_bytes:
            return
        last.values[key] = value, n_bytes
        last.n_bytes += n_bytes
        while last.n_bytes > kind.kept_bytes:
            _, (_, dropped) = last.values.popitem(last=False)
            last.n_bytes -= dropped


_libraries: WeakKeyDictionary[Store, Library] = WeakKeyDictionary()
_lock = threading.Lock()


def library_of(store: Store) -> Library:
    """Library of all who use this store object; it is dropped together with the store object.

    Examples
    --------
    >>> store = Store(None)
    >>> library_of(store) is library_of(store), library_of(store) is library_of(Store(None))
    (True, False)
    """
    with _lock:
        return _libraries.setdefault(store, Library())


# While nobody looks at them, the 10,000 test items of MNIST and their layouts are kept, so that a new page shows them
# at once. All 70,000 items take 280 MB and are read again in two seconds.
DATASETS = Kind[Dataset](16 * 2**20)
FEATURES = Kind[Features](40 * 2**20)
PROJECTIONS = Kind[Projection](4 * 2**20, "principal components")

PRIVATE_DATASETS, PRIVATE_FEATURES = Kind[Dataset](0), Kind[Features](0)
PRIVATE_PROJECTIONS = Kind[Projection](0, "principal components")
"""Values made from a visitor's upload: in memory only while that visitor looks at them."""

PREVIEWS = Kind[Preview](16 * 2**20, "looking through the files")


def shared_dataset(source: DataSource, split: str, limit: int | None, store: Store, progress: Progress) -> Dataset:
    """Dataset that `dataset_of` reads, from memory if any visitor holds it already.

    Raises
    ------
    DatasetError
        As `dataset_of`.
    """

    def read() -> Dataset:
        return dataset_of(source, split, limit, progress=progress)

    kind = PRIVATE_DATASETS if isinstance(source, Uploaded) else DATASETS
    return library_of(store).shared(kind, (source, split, limit), read, progress)


def shared_isolated_dataset(dataset: Dataset, items: IdSet, store: Store) -> Dataset:
    """Dataset of some items that `isolated_dataset` makes (and raises), from memory if any visitor holds it already."""
    kind = PRIVATE_DATASETS if isinstance(dataset.source, Uploaded) else DATASETS
    key = (dataset.source, dataset.fingerprint, items)  # the value has the source, which the fingerprint leaves out
    return library_of(store).shared(kind, key, lambda: isolated_dataset(dataset, items))


def shared_preview(source: Files, store: Store, progress: Progress) -> Preview:
    """Preview of files that `preview_of` makes, from memory if any visitor holds it already.

    Raises
    ------
    DatasetError
        As `preview_of`.
    """

    def look() -> Preview:
        return preview_of(source, progress=progress)

    return library_of(store).shared(PREVIEWS, source, look, progress)


def shared_features(
    dataset: Dataset, spec: FeatureSpec, compute: bool, store: Store, progress: Progress
) -> Features | None:
    """Features of a dataset, from memory if any visitor holds them; None if they take long and `compute` is False.

    Raises
    ------
    DatasetError
        As `features_of`.
    Cancelled
        If `progress` raised it.
    """
    library = library_of(store)
    kind = PRIVATE_FEATURES if isinstance(dataset.source, Uploaded) else FEATURES
    if not isinstance(spec, Activations):

        def made() -> Features:
            return features_of(dataset, spec, store=store, progress=progress)

        return library.shared(kind, (dataset.items, spec), made, progress)
    key = (dataset.source, dataset.fingerprint, spec)  # the classifier is trained on other items of the source
    features = library.found(kind, key)
    if features is None:
        make = features_of if compute else stored_features
        features = make(dataset, spec, store=store, progress=progress)
    return None if features is None else library.added(kind, key, features)


def shared_projection(
    dataset: Dataset, features: Features, spec: ProjectionSpec, store: Store, progress: Progress
) -> Projection | None:
    """Layout of the features, from the memory that visitors share, the store, or computed; None if that takes long.

    Raises
    ------
    InputError
        If the features belong to other items than the dataset's, or if `projection_of` raises it.
    Cancelled
        If `progress` raised it.
    """
    library, key = library_of(store), (dataset.fingerprint, features.fingerprint, spec)
    kind = PRIVATE_PROJECTIONS if isinstance(dataset.source, Uploaded) else PROJECTIONS
    if isinstance(spec, LinearSpec):

        def made() -> Projection:
            return projection_of(features, spec, store=store, labels=dataset, progress=progress)

        return library.shared(kind, key, made, progress)
    projection = library.found(kind, key)
    if projection is None:
        projection = stored_projection(features, spec, store=store, labels=dataset)
    return None if projection is None else library.added(kind, key, projection)
