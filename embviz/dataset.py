"""The `Dataset` value: labelled items with ids that survive every subset and sample."""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from embviz.arrays import AnyArray, Float32Array, Int64Array, UInt8Array, fingerprint, frozen_array, summary
from embviz.checks.arguments import check_fields, checked
from embviz.checks.columns import frozen_column, whole_text
from embviz.checks.wording import described
from embviz.errors import DatasetError, InputError


@runtime_checkable
class Source(Protocol):
    """A source of data, see `embviz.datasets.source`; two sources are equal only if their data are the same."""

    @property
    def key(self) -> str:
        """Text that tells a browser which data ids belong to: the same for every split and sample of the source."""


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True, repr=False)
class Dataset:
    """Items with ids, and their images, vectors, labels and metadata.

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
        Number of items in the source. `ids` are positions in the source, and this dataset has n of its items.
    n_split
        Number of items of the split before a limit was applied.
    images
        uint8, shape (n, h, w) or (n, h, w, 3), or None. 0 is paper, 255 is ink.
    vectors
        float32, shape (n, d), finite, or None.
    more_vectors
        Further vectors by name, float32, shape (n, d): other feature spaces of the same items. Not to be changed.
    labels
        int64, shape (n,), codes 0 .. len(class_names) - 1, or None.
    class_names
        One name per class code.
    metadata
        Columns by name, of shape (n,): text, int64, float64 (NaN means no value) or bool. Not to be changed.
    splits
        Name and first id of each split, if the source numbers its splits one after the other. `item_name` then names an
        item by its position in its split. Empty if the source does not number its items in this way.
    group
        Name of the metadata column whose equal values mark items that belong together, such as those of one writer, and
        so are not independent samples; empty if no such column is known.
    source
        Source of the items, from which `dataset_of` reads other splits; None if the dataset was made from arrays.
    items
        Fingerprint of the items themselves: ids, images and vectors. Features and layouts carry it, so that they cannot
        be combined with other items, or with the same items in another order.
    fingerprint
        Hash of all fields above except `source`.
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
    more_vectors: Mapping[str, Float32Array] = field(default_factory=dict)
    group: str = ""
    splits: tuple[tuple[str, int], ...] = ()
    source: Source | None = None
    items: str = field(init=False)
    fingerprint: str = field(init=False)

    def __post_init__(self) -> None:
        check_fields(self, DatasetError)
        try:
            self._freeze()
            self._check_values()
        except InputError as error:
            raise DatasetError(f"dataset {self.name!r}: {error}") from error
        content = _named({"images": self.images, "vectors": self.vectors}) + _named(self.more_vectors)
        object.__setattr__(self, "items", fingerprint(self.ids, *content))
        object.__setattr__(self, "fingerprint", self._fingerprint())

    def _fingerprint(self) -> str:
        known = [self.name, self.split, str(self.n_source), str(self.n_split), *self.class_names]
        known += [str(part) for split in self.splits for part in split]
        said = [
            *_named({"labels": self.labels}),
            *_named(self.metadata),
            *(["group", self.group] if self.group else []),
        ]
        return fingerprint(self.items, *known, *said)

    def _freeze(self) -> None:
        n = len(self.ids)
        self._freeze_field("ids", np.int64, (n,))
        if self.images is not None:
            channels = (3,) if self.images.ndim == 4 else ()
            self._freeze_field("images", np.uint8, (n, None, None, *channels))
        if self.vectors is not None:
            self._freeze_field("vectors", np.float32, (n, None))
        more = {key: frozen_array(key, each, np.float32, (n, None)) for key, each in self.more_vectors.items()}
        object.__setattr__(self, "more_vectors", MappingProxyType(more))
        if self.labels is not None:
            self._freeze_field("labels", np.int64, (n,))
        names = {"the name": [self.name], "a class name": self.class_names, "a column name": self.metadata}
        names |= {"a set of vectors": self.more_vectors, "a split": [name for name, _ in self.splits]}
        for what, texts in names.items():
            for text in texts:
                whole_text(what, text)
        object.__setattr__(self, "metadata", _frozen_columns(self.metadata, n))

    def _freeze_field(self, name: str, dtype: npt.DTypeLike, shape: Sequence[int | None]) -> None:
        object.__setattr__(self, name, frozen_array(name, getattr(self, name), dtype, shape))

    def _check_values(self) -> None:
        n = len(self.ids)
        if n == 0:
            raise DatasetError("there are no items; give at least one")
        for name, array in {"images": self.images, "vectors": self.vectors, **self.more_vectors}.items():
            if array is not None and array.size == 0:
                raise DatasetError(f"{name} of shape {array.shape} hold nothing; give at least one value per item")
        if not (self.ids[1:] > self.ids[:-1]).all() and len(np.unique(self.ids)) != n:
            raise DatasetError("ids must be unique; give every item its own")
        if self.ids.min() < 0 or self.ids.max() >= self.n_source:
            raise DatasetError(f"ids must be in 0..{self.n_source - 1}, got {self.ids.min()}..{self.ids.max()}")
        if not n <= self.n_split <= self.n_source:
            raise DatasetError(f"n_split must be in {n}..{self.n_source} (here..in the source), got {self.n_split}")
        first_ids = [first for _, first in self.splits]
        if first_ids and (first_ids[0] != 0 or sorted(set(first_ids)) != first_ids or first_ids[-1] >= self.n_source):
            raise DatasetError(f"first ids of splits must ascend from 0 and be below {self.n_source}, got {first_ids}")
        if len(set(self.class_names)) < len(self.class_names):
            twice = next(name for name in self.class_names if self.class_names.count(name) > 1)
            raise DatasetError(f"class names must differ, got {twice!r:.80} twice; give each class its own")
        if self.group and self.group not in self.metadata:
            raise DatasetError(f"group must be one of the columns {', '.join(self.metadata)}, got {self.group!r:.80}")
        last = len(self.class_names) - 1
        if self.labels is not None and (self.labels.min() < 0 or self.labels.max() > last):
            raise DatasetError(
                f"labels must be in 0..{last} for {last + 1} class names, got {self.labels.min()}..{self.labels.max()}"
            )

    __repr__ = summary

    def __len__(self) -> int:
        return len(self.ids)

    def with_columns(self, columns: Mapping[str, AnyArray]) -> "Dataset":
        """The same items with these metadata columns, too; the items themselves are not read again, as `replace` would.

        Raises
        ------
        DatasetError
            If a column does not have a value for each item, or its name cannot be written.

        Examples
        --------
        >>> toy = Dataset(name="toy", split="", ids=np.arange(2), n_source=2, n_split=2)
        >>> larger = toy.with_columns({"size": np.array([3, 4])})
        >>> larger.metadata["size"].tolist(), larger.items == toy.items, larger.fingerprint == toy.fingerprint
        ([3, 4], True, False)
        """
        made = copy(self)
        try:
            for name in columns:
                whole_text("a column name", name)
            object.__setattr__(made, "metadata", _frozen_columns({**self.metadata, **columns}, len(self)))
        except InputError as error:
            raise DatasetError(f"dataset {self.name!r}: {error}") from error
        object.__setattr__(made, "fingerprint", made._fingerprint())
        return made

    @property
    def title(self) -> str:
        """Name and split as a person would say it: ``mnist test``."""
        return f"{self.name} {self.split}".strip()


def _frozen_columns(columns: Mapping[str, AnyArray], n: int) -> Mapping[str, AnyArray]:
    return MappingProxyType({name: frozen_column(name, column, n) for name, column in columns.items()})


def _named(arrays: Mapping[str, AnyArray | None]) -> list[str | AnyArray]:
    """Name and content of each array that is there."""
    return [part for name, array in arrays.items() if array is not None for part in (name, array)]


def check_same_items(what: str, items: str, dataset: Dataset) -> None:
    """Refuse a value that was made from other items than the dataset's, or from them in another order.

    Parameters
    ----------
    what
        What to call the value in a message, in the plural.
    items
        The value's field `items`: the fingerprint of the items that it was made from.
    dataset
        The dataset that the value must fit.

    Raises
    ------
    InputError
        If the fingerprints differ.
    """
    if items != dataset.items:
        raise InputError(
            f"the {what} are of other items than dataset {dataset.title!r}, or of them in another order; "
            "make them from this dataset"
        )


def check_rows(rows: Int64Array, dataset: Dataset) -> None:
    """Refuse rows that are not positions in the dataset, each given once; an empty array is allowed.

    Raises
    ------
    DatasetError
        If `rows` is a mask, holds no whole numbers, has another shape than (m,), or has a row out of range or twice.
    """
    n = len(dataset)
    if rows.ndim != 1 or rows.dtype.kind not in "iu":
        hint = "; use np.flatnonzero for a mask" if rows.dtype == np.bool_ else ""
        raise DatasetError(f"rows must be positions, whole numbers of shape (m,), got {described(rows)}{hint}")
    if len(rows) > n:  # checked first, because the array may be too large to look through
        raise DatasetError(f"rows must be of the {n} items here, each once, got {len(rows)}; give each once")
    if len(rows) and not 0 <= rows.min() <= rows.max() < n:
        raise DatasetError(f"rows must be in 0..{n - 1}, got {rows.min()}..{rows.max()}")
    if len(np.unique(rows)) < len(rows):
        raise DatasetError("rows must be unique; give each once")


@checked(DatasetError)
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
        If `rows` is empty, or `check_rows` refuses it.
    """
    check_rows(rows, dataset)
    return replace(
        dataset,
        ids=dataset.ids[rows],
        images=None if dataset.images is None else dataset.images[rows],
        vectors=None if dataset.vectors is None else dataset.vectors[rows],
        more_vectors={name: vectors[rows] for name, vectors in dataset.more_vectors.items()},
        labels=None if dataset.labels is None else dataset.labels[rows],
        metadata={name: column[rows] for name, column in dataset.metadata.items()},
    )
