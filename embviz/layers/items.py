"""The `PairItems` value: the items of two classes, with their rows, ids, vectors and groups."""

from dataclasses import dataclass

import numpy as np

from embviz.arrays import BoolArray, Float32Array, Int64Array
from embviz.dataset import Dataset
from embviz.errors import InputError, SpecError
from embviz.features.features import Features
from embviz.overlap import Groups, labeled_vectors
from embviz.overlap.classes import why_not


@dataclass(frozen=True, eq=False, slots=True)
class PairItems:
    """The items of two classes a and b, in the order of their rows.

    Attributes
    ----------
    rows, ids
        int64, shape (n,): rows of the items in the dataset, and their ids.
    vectors
        float32, shape (n, d).
    is_second
        bool, shape (n,): whether each item is of class b.
    groups
        int64, shape (n,): group of each item, numbered from 0 without a gap. Without groups, each item is its own.
    group
        Name of a group; empty if there are no groups.
    """

    rows: Int64Array
    ids: Int64Array
    vectors: Float32Array
    is_second: BoolArray
    groups: Int64Array
    group: str

    @property
    def n_per_class(self) -> tuple[int, int]:
        """Number of items of a, and of b."""
        return int((~self.is_second).sum()), int(self.is_second.sum())


def pair_items(features: Features, dataset: Dataset, classes: tuple[int, int], groups: Groups | None) -> PairItems:
    """The items of two classes.

    Raises
    ------
    SpecError
        If the classes are the same, one has no items, or the dataset has no labels.
    InputError
        If the features or the groups belong to other items than the dataset's.
    """
    vectors, codes = labeled_vectors(features, dataset)
    if reason := why_not(classes, np.bincount(codes), 1, dataset.class_names):
        raise SpecError(reason)
    if groups is not None and groups.items != dataset.items:
        raise InputError("the groups are of other items than the dataset, or in another order; use `groups_of`")
    rows = np.flatnonzero(np.isin(codes, classes)).astype(np.int64)
    own = np.arange(len(rows)) if groups is None else groups.among(rows)
    named = "" if groups is None else groups.name
    return PairItems(rows, dataset.ids[rows], vectors[rows], codes[rows] == classes[1], own, named)
