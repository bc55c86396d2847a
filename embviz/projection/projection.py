"""The `Projection` value: coordinates to draw, and how they came about."""

from dataclasses import dataclass, field

import numpy as np

from embviz.arguments import check_fields, check_range
from embviz.arrays import Float32Array, Float64Array, Int64Array, fingerprint, frozen_array, summary
from embviz.errors import InputError
from embviz.projection.specs import Pca, ProjectionSpec


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True, repr=False)
class Projection:
    """A layout: 2 or 3 coordinates per item.

    Not to be measured as if it were the data: distances between far groups mean little in t-SNE
    and UMAP.

    Attributes
    ----------
    coords
        float32, shape (n, 2) or (n, 3), finite.
    ids
        int64, shape (n,): the features' ids.
    spec
        What was asked for, seed included.
    source
        Fingerprint of the features laid out.
    items
        Fingerprint of the dataset's items: its field of this name.
    seconds
        Wall time of the layout itself, without the neighbor graph.
    explained_variance_ratio
        float64, every component's share of the variance, 0..1, descending; PCA only.
    kl_divergence
        Kullback-Leibler divergence at the end, >= 0; t-SNE only.
    iterations
        Iterations or epochs that were done; None where the engine does not say.
    departure
        In what it is not the layout that the spec describes: ``steered`` by somebody who watched it, or ``from
        a given start``; empty if it is that layout.
    equal_items
        Items at distance 0 from another one, as duplicates are. t-SNE and UMAP draw them apart, and how they
        lie to each other is chance. None for PCA, which puts them in one place.
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
        _check_ratios(self.explained_variance_ratio, self.spec)
        for name in ("seconds", "kl_divergence", "iterations", "equal_items"):
            check_range(name, getattr(self, name), 0)
        object.__setattr__(self, "fingerprint", fingerprint(self.coords, self.ids))

    def __len__(self) -> int:
        return len(self.ids)


def _check_ratios(ratios: Float64Array | None, spec: ProjectionSpec) -> None:
    if ratios is None:
        return
    least = max(spec.axes) if isinstance(spec, Pca) else 0
    if len(ratios) < least or not ((ratios >= 0) & (ratios <= 1 + 1e-9)).all():
        raise InputError(
            f"explained_variance_ratio must hold the share, 0..1, of each of at least {least} components, "
            f"got {len(ratios)} values"
        )
