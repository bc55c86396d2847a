"""The `OverlapChange` value: for every two classes, by how much their overlap is another one in a layout."""

from dataclasses import dataclass

import numpy as np

from embviz.arrays import BoolArray, Float64Array, frozen_array, summary
from embviz.checks.arguments import check_fields, checked
from embviz.errors import SpecError
from embviz.overlap import OverlapMatrix


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True, repr=False)
class OverlapChange:
    """For every two of C classes, their overlap index in a layout less that in feature space.

    Not told from chance here: `overlap_ladder` has the interval of a pair.

    Attributes
    ----------
    k
        Number of neighbors per item.
    in_features, in_layout
        float64, shape (C, C), symmetric: overlap index; 0 where it is not known.
    is_known
        bool, shape (C, C): whether both are; False on the diagonal.
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
        """Above 0 where the layout shows more overlap, below where it shows less; NaN where that is not known."""
        return np.where(self.is_known, self.in_layout - self.in_features, np.nan)


@checked(SpecError)
def overlap_change(in_features: OverlapMatrix, in_layout: OverlapMatrix) -> OverlapChange:
    """By how much the overlap of every two classes is another one in a layout.

    Raises
    ------
    SpecError
        If the two are of other classes, of other numbers of items or of another k.

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
