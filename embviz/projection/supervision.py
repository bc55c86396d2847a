"""The labels that shape a layout of supervised UMAP, and which of their values are allowed."""

import numpy as np

from embviz.arrays import Int64Array, check_array
from embviz.errors import SpecError
from embviz.projection.specs import ProjectionSpec, Umap

UNLABELED = -1
"""Label of an item without a class, as in umap-learn and scikit-learn; it leaves the item's edges as they are."""


def supervising_labels(spec: ProjectionSpec, labels: Int64Array | None, n_items: int) -> Int64Array | None:
    """The labels if the spec has them shape the layout; None if not.

    Raises
    ------
    SpecError
        If the spec asks for labels and none are given, or one is below `UNLABELED`.
    InputError
        If there is not one int64 per item.
    """
    if not (isinstance(spec, Umap) and spec.supervised):
        return None
    if labels is None:
        raise SpecError("supervised UMAP needs labels; give labels, or leave supervised off")
    check_array("labels", labels, np.int64, (n_items,))
    if labels.min() < UNLABELED:
        raise SpecError(f"labels must be class codes from 0 up, or {UNLABELED} for an item without, got {labels.min()}")
    return labels
