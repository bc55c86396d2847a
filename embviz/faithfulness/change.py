"""The `OverlapChange` value: for every two classes, how much more they overlap in a layout than in the features."""

from dataclasses import dataclass

import numpy as np

from embviz.arrays import BoolArray, Float64Array, frozen_array, summary
from embviz.checks.arguments import check_fields, checked
from embviz.errors import SpecError
from embviz.overlap import OverlapMatrix


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True, repr=False)
class OverlapChange:
    """The overlap index of every two of C classes in a layout, minus that in feature space.

    It has no intervals, so a change may be chance: `overlap_ladder` has the interval for one pair.

    Attributes
    ----------
    k
        Number of neighbors per item.
    in_features, in_layout
        float64, shape (C, C), symmetric: overlap index; 0 for pairs that are not `is_known`.
    is_known
        bool, shape (C, C): whether both indices are known; False on the diagonal.
    """

    k: int
    in_features: Float64Array
    in_layout: Float64Array
    is_known: BoolArray

    __repr__ = summary

    def __post_init__(self) -> None:
        check_fields(self)
        shape = (len(self.is_known), len(self.is_known))
        for name, dtype in (("in_features", np.float64), ("in_layout", np.float64), ("is_known", np.bool_)):
            object.__setattr__(self, name, frozen_array(name, getattr(self, name), dtype, shape))

    def __len__(self) -> int:
        return len(self.is_known)

    @property
    def values(self) -> Float64Array:
        """The differences: above 0 if the layout shows more overlap, below 0 if less; NaN for pairs not `is_known`."""
        return np.where(self.is_known, self.in_layout - self.in_features, np.nan)


@checked(SpecError)
def overlap_change(in_features: OverlapMatrix, in_layout: OverlapMatrix) -> OverlapChange:
    """The change of the overlap of every two classes from the features to a layout.

    Raises
    ------
    SpecError
        If the two tables differ in their classes, numbers of items or k.

    Examples
    --------
    >>> from embviz.overlap import overlap_matrix
    >>> labels = np.array([0, 0, 1, 1])
    >>> apart, mixed = np.array([[0], [1], [8], [9]], np.float32), np.array([[0], [5], [1], [6]], np.float32)
    >>> tables = [overlap_matrix(each, labels, 2, 1, space="line") for each in (apart, mixed)]
    >>> overlap_change(*tables).values.tolist()  # from 0 to 1 divided by 2/3
    [[nan, 1.5], [1.5, nan]]
    """
    if in_features.k != in_layout.k or not np.array_equal(in_features.n_per_class, in_layout.n_per_class):
        raise SpecError("the two tables must be of the same items and the same k; measure them alike")
    before, after = in_features.index, in_layout.index
    is_known = ~(np.isnan(before) | np.isnan(after))
    return OverlapChange(in_features.k, np.where(is_known, before, 0.0), np.where(is_known, after, 0.0), is_known)
