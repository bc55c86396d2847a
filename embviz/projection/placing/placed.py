"""The `Placed` value: coordinates of new items in a finished layout, and whether they are far from its items."""

import math
from dataclasses import dataclass

import numpy as np

from embviz.arrays import BoolArray, Float32Array, Float64Array, Int64Array, frozen_array, summary
from embviz.checks.arguments import check_fields, check_range
from embviz.errors import InputError
from embviz.projection.specs import ProjectionSpec

FAR = 0.01
"""A placed item counts as far if less than this share of the laid-out items is as far from all other laid-out items."""


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True, repr=False)
class Placed:
    """Coordinates of new items in a finished layout, and their nearest laid-out items.

    Every vector gets a position, even one unlike all laid-out items. The position of an item among sevens says nothing
    if the item is far from all laid-out items: see `is_far`.

    Attributes
    ----------
    coords
        float32, shape (m, 2 or 3), finite.
    ids
        int64, shape (m,): ids of the placed items.
    nearest_ids
        int64, shape (m,): id of the nearest laid-out item, in the space in which neighbors are searched.
    nearest_distances
        float32, shape (m,): distance to the nearest laid-out item, by the metric of the spec, ``euclidean`` for PCA.
    farther_shares
        float64, shape (m,): share of the laid-out items, 0..1, that are at least as far from their nearest neighbor as
        the placed item is from its nearest laid-out item. Small for an item unlike the laid-out ones; spread evenly
        over 0..1 if the placed items are like them.
    usual_distances
        float32, shape (n,): the distance of each laid-out item to the nearest of the others.
    spec
        Spec of the layout.
    source
        Fingerprint of the placed items' features.
    items
        Fingerprint of the placed items, as in `Dataset.items`.
    layout, laid_out
        Fingerprints of the layout and of the features that were laid out: `Projection.fingerprint` and `source`.
    seconds
        Time that placing took.
    """

    coords: Float32Array
    ids: Int64Array
    nearest_ids: Int64Array
    nearest_distances: Float32Array
    farther_shares: Float64Array
    usual_distances: Float32Array
    spec: ProjectionSpec
    source: str
    items: str
    layout: str
    laid_out: str
    seconds: float

    __repr__ = summary

    def __post_init__(self) -> None:
        check_fields(self)
        m = len(self.ids)
        for name, dtype, shape in (
            ("coords", np.float32, (m, self.spec.n_components)),
            ("ids", np.int64, (m,)),
            ("nearest_ids", np.int64, (m,)),
            ("nearest_distances", np.float32, (m,)),
            ("farther_shares", np.float64, (m,)),
            ("usual_distances", np.float32, (None,)),
        ):
            object.__setattr__(self, name, frozen_array(name, getattr(self, name), dtype, shape))
        check_range("seconds", self.seconds, 0)
        for name, high in (("nearest_distances", math.inf), ("usual_distances", math.inf), ("farther_shares", 1)):
            values = getattr(self, name)
            if len(values) and not 0 <= values.min() <= values.max() <= high:
                allowed = "0..1" if high == 1 else "at least 0"
                raise InputError(f"{name} must be {allowed}, got {values.min():g}..{values.max():g}")

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def is_far(self) -> BoolArray:
        """Whether each placed item is so far that fewer than 1 % of the laid-out items are as far from all others.

        About 1 % of new items that are like the laid-out ones count as far, too.
        """
        return self.farther_shares < FAR


def farther_shares(distances: Float32Array, usual: Float32Array) -> Float64Array:
    """Share of the usual distances that are at least as large as each distance.

    Examples
    --------
    >>> farther_shares(np.array([0, 2, 9], np.float32), np.array([1, 2, 2, 4], np.float32)).tolist()
    [1.0, 0.75, 0.0]
    """
    shares: Float64Array = 1 - np.searchsorted(np.sort(usual), distances) / len(usual)
    return shares
