"""Which labels shape a layout, and what they mean."""

import numpy as np

from embviz.arrays import Int64Array, check_array
from embviz.errors import SpecError
from embviz.projection.specs import ProjectionSpec, Umap

UNLABELED = -1
"""Label of an item that has none, as in umap-learn and scikit-learn: it shapes nothing."""


def supervising_labels(spec: ProjectionSpec, labels: Int64Array | None, n_items: int) -> Int64Array | None:
    """The labels if they are to shape the layout; None if not.

    Raises
    ------
    SpecError
        If they are to, and there are none, or one is below -1, which means that an item has none.
    InputError
        If there is not an int64 for each item.
    """
    if not (isinstance(spec, Umap) and spec.supervised):
        return None
    if labels is None:
        raise SpecError("supervised UMAP needs labels; give labels, or leave supervised off")
    check_array("labels", labels, np.int64, (n_items,))
    if labels.min() < UNLABELED:
        raise SpecError(f"labels must be class codes from 0 up, or {UNLABELED} for an item without, got {labels.min()}")
    return labels
