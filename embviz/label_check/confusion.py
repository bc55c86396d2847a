"""The confusion matrix of a classifier: how many items of each class it assigns to each class."""

from dataclasses import dataclass

import numpy as np

from embviz.arrays import Float64Array, Int64Array, frozen_array, summary
from embviz.checks.arguments import checked
from embviz.errors import SpecError


@dataclass(frozen=True, eq=False, slots=True, repr=False)
class Confusion:
    """A confusion matrix: how many items of each class a classifier assigns to each class.

    It is not the overlap of classes: it describes one classifier, not how near the items are to each other.

    Attributes
    ----------
    counts
        int64, shape (C, C): number of items with the label of the row whose predicted class is that of the column.
    """

    counts: Int64Array

    __repr__ = summary

    def __post_init__(self) -> None:
        object.__setattr__(self, "counts", frozen_array("counts", self.counts, np.int64, (None, len(self.counts))))

    @property
    def shares(self) -> Float64Array:
        """`counts` divided by the number of items with the label of the row; NaN for a class without items."""
        n = self.counts.sum(axis=1, keepdims=True)
        shares: Float64Array = np.divide(self.counts, n, out=np.full(self.counts.shape, np.nan), where=n > 0)
        return shares

    @property
    def accuracy(self) -> float:
        """Share of all items whose predicted class is their label, 0..1; 0 if there are no items."""
        total = int(self.counts.sum())
        return float(np.trace(self.counts)) / total if total else 0.0


@checked(SpecError)
def confusion(labels: Int64Array, predicted: Int64Array, n_classes: int) -> Confusion:
    """The confusion matrix of predictions.

    Parameters
    ----------
    labels, predicted
        int64, shape (n,): codes 0 .. n_classes - 1.
    n_classes
        Number of classes.

    Raises
    ------
    SpecError
        If `labels` and `predicted` are not int64, differ in length, or have a code out of range.

    Examples
    --------
    >>> found = confusion(np.array([0, 0, 1]), np.array([0, 1, 1]), 2)
    >>> found.counts.tolist(), round(found.accuracy, 3)
    ([[1, 1], [0, 1]], 0.667)
    """
    if labels.shape != predicted.shape or labels.ndim != 1:
        raise SpecError(f"there must be one prediction per label, got {predicted.shape} for {labels.shape}")
    for name, codes in (("labels", labels), ("predicted", predicted)):
        if codes.dtype != np.int64:
            raise SpecError(f"{name} must be class codes, int64, got {codes.dtype}")
        if len(codes) and not 0 <= codes.min() <= codes.max() < n_classes:
            raise SpecError(f"{name} must be codes in 0..{n_classes - 1}, got {codes.min()}..{codes.max()}")
    counts = np.bincount(labels * n_classes + predicted, minlength=n_classes**2)
    return Confusion(counts.reshape(n_classes, n_classes).astype(np.int64))
