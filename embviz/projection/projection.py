"""The `Projection` value: the coordinates of a layout, and how they were computed."""

from dataclasses import dataclass, field

import numpy as np

from embviz.arrays import Float32Array, Float64Array, Int64Array, fingerprint, frozen_array, summary
from embviz.checks.arguments import check_fields, check_range
from embviz.errors import InputError
from embviz.features.features import Features
from embviz.projection.pca import check_shares
from embviz.projection.specs import Pca, ProjectionSpec


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True, repr=False)
class Projection:
    """A layout: 2 or 3 coordinates per item.

    Measure properties of the data in feature space, not in a layout: in t-SNE and UMAP, distances between far groups
    mean little.

    Attributes
    ----------
    coords
        float32, shape (n, 2) or (n, 3), finite.
    ids
        int64, shape (n,): the features' ids.
    spec
        The spec that the layout was made by, seed included.
    source
        Fingerprint of the features laid out.
    items
        Fingerprint of the dataset's items, as in `Dataset.items`.
    seconds
        Time that the layout took, without the neighbor search; 0 for a PCA whose components were stored already.
    neighbor_seconds
        Time that the neighbor search before it took; 0 if the neighbors were stored already.
    explained_variance_ratio
        float64, every component's share of the variance, 0..1, descending; PCA only.
    kl_divergence
        Kullback-Leibler divergence at the end, >= 0; t-SNE only.
    iterations
        Iterations or epochs that were done; None if the engine does not report them, or has none.
    departure
        Why this is not the layout of the spec: ``steered`` while it was computed, ``from a given start``, or the number
        of items without a value in a column; empty if it is that layout.
    equal_items
        Number of items at distance 0 from another item, such as duplicates. t-SNE and UMAP draw them apart, and their
        positions relative to each other are chance. None for other methods, which give equal vectors equal coordinates.
    n_laid_out
        Number of items that were laid out together, if these are only some of them, shown alone; None if all are here.
    fingerprint
        Hash of `coords` and `ids`.
    """

    coords: Float32Array
    ids: Int64Array
    spec: ProjectionSpec
    source: str
    items: str
    seconds: float
    explained_variance_ratio: Float64Array | None = None
    kl_divergence: float | None = None
    iterations: int | None = None
    departure: str = ""
    equal_items: int | None = None
    neighbor_seconds: float = 0.0
    n_laid_out: int | None = None
    fingerprint: str = field(init=False)

    __repr__ = summary

    def __post_init__(self) -> None:
        check_fields(self)
        shape = (len(self.ids), self.spec.n_components)
        object.__setattr__(self, "coords", frozen_array("coords", self.coords, np.float32, shape))
        object.__setattr__(self, "ids", frozen_array("ids", self.ids, np.int64, shape[:1]))
        if self.explained_variance_ratio is not None:
            ratios = frozen_array("explained_variance_ratio", self.explained_variance_ratio, np.float64, (None,))
            object.__setattr__(self, "explained_variance_ratio", ratios)
            check_shares(self.explained_variance_ratio, max(self.spec.axes) if isinstance(self.spec, Pca) else 0)
        for name in ("seconds", "neighbor_seconds", "kl_divergence", "iterations", "equal_items"):
            check_range(name, getattr(self, name), 0)
        object.__setattr__(self, "fingerprint", fingerprint(self.coords, self.ids))

    def __len__(self) -> int:
        return len(self.ids)

    def check_made_from(self, features: Features) -> None:
        """Refuse features from which the layout was not made.

        Raises
        ------
        InputError
            If the layout was made from other features, or from these in another order.
        """
        if self.source != features.fingerprint:
            raise InputError("the layout was not made from these features; give those that it was made from")
