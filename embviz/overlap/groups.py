"""Groups of items that are not independent of each other, such as those of one writer, patient or session."""

from dataclasses import dataclass

import numpy as np

from embviz.arrays import AnyArray, Int64Array, frozen_array, summary
from embviz.checks.arguments import checked
from embviz.dataset import Dataset
from embviz.errors import InputError, SpecError
from embviz.overlap.classes import Measurable


@dataclass(frozen=True, eq=False, slots=True, repr=False)
class Groups:
    """The group of each item.

    Attributes
    ----------
    name
        Name of a group, in the singular: ``writer``. Empty if every item is a group of its own.
    codes
        int64, shape (n,): items of the same code belong together.
    items
        `Dataset.items`, the fingerprint of the dataset's items.
    """

    name: str
    codes: Int64Array
    items: str

    __repr__ = summary

    def __post_init__(self) -> None:
        object.__setattr__(self, "codes", frozen_array("codes", self.codes, np.int64, (None,)))

    @property
    def has_single_items(self) -> bool:
        """Whether every item is a group of its own."""
        return len(np.unique(self.codes)) == len(self.codes)

    def among(self, rows: Int64Array) -> Int64Array:
        """The groups of the items at these rows, numbered from 0 without a gap."""
        return numbered(self.codes[rows])


@checked(SpecError)
def groups_of(dataset: Dataset, column: str | None = "") -> Groups:
    """The groups that a metadata column makes; an item without a value is a group of its own.

    Parameters
    ----------
    dataset
        The items.
    column
        Name of the column. Empty for the column that `Dataset.group` names; None makes each item a group of its own.

    Raises
    ------
    SpecError
        If the dataset has no such column, or the column holds numbers with a fraction, which do not define groups.

    Examples
    --------
    >>> from embviz.datasets import dataset_from_arrays
    >>> toy = dataset_from_arrays(vectors=[[0], [1], [2]], metadata=[{"writer": w} for w in ("ann", "bob", "ann")])
    >>> groups_of(toy, "writer").codes.tolist(), groups_of(toy, None).codes.tolist()
    ([0, 1, 0], [0, 1, 2])
    """
    n = len(dataset)
    name = dataset.group if column == "" else column
    if not name:
        return Groups("", np.arange(n), dataset.items)
    if name not in dataset.metadata:
        known = ", ".join(dataset.metadata) or "none"
        raise SpecError(f"dataset {dataset.name!r} has no column {name!r} to group by; its columns: {known}")
    values = dataset.metadata[name]
    is_missing = np.isnan(values) if values.dtype == np.float64 else values == "" if values.dtype.kind == "U" else None
    if values.dtype == np.float64 and (values[~np.isnan(values)] % 1).any():
        raise SpecError(f"column {name!r} holds numbers with a fraction; group by a column of names or whole numbers")
    codes = numbered(values)
    if is_missing is not None and is_missing.any():
        codes[is_missing] = n + np.arange(is_missing.sum())
    return Groups(name, codes, dataset.items)


def numbered(values: AnyArray) -> Int64Array:
    """Equal values as equal numbers, from 0 without a gap.

    Examples
    --------
    >>> numbered(np.array(["b", "a", "b"])).tolist()
    [1, 0, 1]
    """
    _, codes = np.unique(values, return_inverse=True)
    return codes.astype(np.int64)


def check_groups(groups: Groups, vectors: Measurable, n: int) -> None:
    """Refuse groups of other items than the n items of `vectors`.

    Raises
    ------
    SpecError
        If the groups belong to another number of items.
    InputError
        If the groups belong to other items than the features or the layout, or to these in another order.
    """
    if len(groups.codes) != n:
        raise SpecError(f"groups must be of the {n} items measured, got {len(groups.codes)}; use `groups_of`")
    if not isinstance(vectors, np.ndarray) and vectors.items != groups.items:
        raise InputError("the groups are of other items than the vectors, or in another order; use `groups_of`")
