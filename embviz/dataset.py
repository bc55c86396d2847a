"""The `Dataset` value: labelled items with ids that survive every subset and sample."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from embviz.arrays import AnyArray, Float32Array, Int64Array, UInt8Array, fingerprint, frozen_array
from embviz.errors import DatasetError, InputError


@dataclass(frozen=True, eq=False, slots=True)
class Dataset:
    """Items with ids, and what is known of them: images, vectors, labels, metadata.

    Not a table to edit: arrays are read-only, and every function that takes part of a dataset
    returns a new one whose items keep their ids.

    Attributes
    ----------
    name
        For example ``mnist``.
    split
        ``train``, ``test`` or ``all``; empty where the notion does not apply.
    ids
        int64, shape (n,), unique, 0 <= id < n_source: the position in the source.
    n_source
        Number of items of the source that `ids` count in; n of them are here.
    n_split
        Number of items of the split before a limit was applied.
    images
        uint8, shape (n, h, w) or (n, h, w, 3), or None. 0 is paper, 255 is ink.
    vectors
        float32, shape (n, d), finite, or None.
    labels
        int64, shape (n,), codes 0 .. len(class_names) - 1, or None.
    class_names
        One name per class code.
    metadata
        Column name to array of shape (n,): text, int64, float64 (NaN is "none") or bool.
    origin
        What `load_dataset` was given, so that other splits can be loaded; empty for arrays.
    fingerprint
        Hash of all of the above but the origin.
    """

    name: str
    split: str
    ids: Int64Array
    n_source: int
    n_split: int
    images: UInt8Array | None = None
    vectors: Float32Array | None = None
    labels: Int64Array | None = None
    class_names: tuple[str, ...] = ()
    metadata: Mapping[str, AnyArray] = field(default_factory=dict)
    origin: str = ""
    fingerprint: str = field(init=False)

    def __post_init__(self) -> None:
        n = len(self.ids)
        if n == 0:
            raise DatasetError(f"dataset {self.name!r} has no items; give at least one")
        try:
            self._freeze("ids", np.int64, (n,))
            if self.images is not None:
                colors = (3,) if self.images.ndim == 4 else ()
                self._freeze("images", np.uint8, (n, None, None, *colors))
            if self.vectors is not None:
                self._freeze("vectors", np.float32, (n, None))
            if self.labels is not None:
                self._freeze("labels", np.int64, (n,))
            columns = {
                name: frozen_array(name, column, column.dtype, (n,))
                if column.dtype.kind != "f"
                else _frozen_floats(name, column, n)
                for name, column in self.metadata.items()
            }
        except DatasetError:
            raise
        except InputError as error:
            raise DatasetError(f"dataset {self.name!r}: {error}") from error
        object.__setattr__(self, "metadata", columns)
        self._check_ids_and_labels()
        parts = [self.name, self.split, str(self.n_source), *self.class_names, self.ids]
        for name, value in (
            ("images", self.images),
            ("vectors", self.vectors),
            ("labels", self.labels),
            *columns.items(),
        ):
            if value is not None:
                parts += [name, value]
        object.__setattr__(self, "fingerprint", fingerprint(*parts))

    def _freeze(self, name: str, dtype: npt.DTypeLike, shape: Sequence[int | None]) -> None:
        object.__setattr__(self, name, frozen_array(name, getattr(self, name), dtype, shape))

    def _check_ids_and_labels(self) -> None:
        if len(np.unique(self.ids)) != len(self.ids):
            raise DatasetError(f"dataset {self.name!r}: ids must be unique")
        if self.ids.min() < 0 or self.ids.max() >= self.n_source:
            raise DatasetError(
                f"dataset {self.name!r}: ids must be in 0..{self.n_source - 1}, got {self.ids.min()}..{self.ids.max()}"
            )
        if self.labels is not None and (self.labels.min() < 0 or self.labels.max() >= len(self.class_names)):
            raise DatasetError(
                f"dataset {self.name!r}: labels must be in 0..{len(self.class_names) - 1}, got {self.labels.min()}..{self.labels.max()}"
            )

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def title(self) -> str:
        """Name and split as a person would say it: ``mnist test``."""
        return f"{self.name} {self.split}".strip()


def _frozen_floats(name: str, column: AnyArray, n: int) -> AnyArray:
    """A metadata column of floats may hold NaN (no value), so only its shape is checked."""
    if column.shape != (n,):
        raise DatasetError(f"{name} must have shape ({n},), got {column.shape}")
    floats = np.ascontiguousarray(column, dtype=np.float64)
    floats.flags.writeable = False
    return floats


def subset(dataset: Dataset, rows: Int64Array) -> Dataset:
    """The items at `rows`, in that order, with their ids.

    Parameters
    ----------
    dataset
        The items to take from.
    rows
        int64, shape (m,), positions in `dataset` (not ids), m >= 1, none twice.

    Raises
    ------
    DatasetError
        If no row is given, one is given twice, or one is out of range.
    """
    if len(rows) and not 0 <= rows.min() <= rows.max() < len(dataset):
        raise DatasetError(f"rows must be in 0..{len(dataset) - 1}, got {rows.min()}..{rows.max()}")
    return replace(
        dataset,
        ids=dataset.ids[rows],
        images=None if dataset.images is None else dataset.images[rows],
        vectors=None if dataset.vectors is None else dataset.vectors[rows],
        labels=None if dataset.labels is None else dataset.labels[rows],
        metadata={name: column[rows] for name, column in dataset.metadata.items()},
    )


def stratified_sample(dataset: Dataset, limit: int, seed: int = 0) -> Dataset:
    """A seeded sample of `limit` items that keeps the share of each class, in source order.

    Not the first `limit` items, and not a plain random draw: every class gets its share rounded
    down, and the items left over go to the largest remainders. Without labels, a plain draw. The
    dataset itself where it has no more than `limit` items.

    Parameters
    ----------
    dataset
        The items to sample from.
    limit
        How many items, >= 1.
    seed
        Same seed, same items.

    Raises
    ------
    DatasetError
        If `limit` is below 1.

    Examples
    --------
    >>> many = Dataset(name="toy", split="", ids=np.arange(8), n_source=8, n_split=8, images=np.zeros((8, 2, 2), np.uint8),
    ...                labels=np.array([0, 0, 0, 0, 0, 0, 1, 1]), class_names=("a", "b"))
    >>> stratified_sample(many, 4).labels.tolist()
    [0, 0, 0, 1]
    """
    if limit < 1:
        raise DatasetError(f"limit must be at least 1, got {limit}")
    if limit >= len(dataset):
        return dataset
    rng = np.random.default_rng(seed)
    if dataset.labels is None:
        return subset(dataset, np.sort(rng.choice(len(dataset), limit, replace=False)))
    counts = np.bincount(dataset.labels, minlength=len(dataset.class_names))
    shares = counts * limit / len(dataset)
    wanted = np.floor(shares).astype(np.int64)
    largest_remainders = np.argsort(wanted - shares, kind="stable")[: limit - wanted.sum()]
    wanted[largest_remainders] += 1
    rows = [
        rng.choice(np.flatnonzero(dataset.labels == code), count, replace=False) for code, count in enumerate(wanted)
    ]
    return subset(dataset, np.sort(np.concatenate(rows)))
