"""Principal components of all items, from sums over all partitions, and vectors reduced to them."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from embviz.arrays import Float32Array, Float64Array
from embviz.distributed.folder import Work, parts_of
from embviz.distributed.moments import Moments, centered_products
from embviz.neighbors.distances import measured_vectors
from embviz.processes.blas import one_blas_thread
from embviz.projection.pca import axis_signs, center_along, spectrum
from embviz.projection.placing.axes import Axes, scores_along
from embviz.projection.preprocess.reduced import reduced_vectors


@dataclass(frozen=True, eq=False, slots=True)
class Components:
    """The mean and the principal axes of all items.

    Attributes
    ----------
    mean
        float64, shape (d,): mean of all vectors.
    directions
        float64, shape (number of axes, d): the axes, of length 1.
    center
        As in `PrincipalComponents`.
    explained_variance_ratio
        float64, shape (min(n, d),): each component's share of the variance, descending.
    metric
        ``euclidean``, or ``cosine`` for components of the unit vectors.
    """

    mean: Float64Array
    directions: Float64Array
    center: Float64Array
    explained_variance_ratio: Float64Array
    metric: str


def components_of(moments: Moments, count: int, metric: str = "euclidean") -> Components:
    """The first `count` principal axes of the rows that the moments sum up; the sums are exact until a last rounding.

    Examples
    --------
    >>> from embviz.distributed.moments import moments_of
    >>> found = components_of(moments_of(np.array([[0, 0], [4, 0], [0, 2], [4, 2]], np.float32)), 1)
    >>> found.directions.tolist(), found.explained_variance_ratio.tolist()
    ([[1.0, 0.0]], [0.8, 0.2])
    """
    mean, products = centered_products(moments)
    with one_blas_thread():  # several threads may round differently
        variances, directions = spectrum(products)
        chosen = directions[:, :count]
        chosen = chosen * axis_signs(chosen)
        center = center_along(mean, chosen)
    shares = variances[: min(moments.n, len(mean))] / (variances.sum() or 1.0)
    return Components(mean, np.ascontiguousarray(chosen.T), center, shares, metric)


def scores_of(components: Components, vectors: Float32Array) -> Float32Array:
    """Coordinates of vectors along the axes, float32; those of a vector do not depend on the other vectors."""
    return scores_along(Axes(components.mean, components.directions), measured_vectors(vectors, components.metric))


def reduced(components: Components | None, vectors: Float32Array) -> Float32Array:
    """The vectors among which neighbors are searched: reduced to the components, or unchanged if these are None."""
    if components is None:
        return vectors
    return reduced_vectors(scores_of(components, vectors), components.center, components.metric)


def keep_components(work: Work, components: Components) -> None:
    """Write the components into the shared work folder, for all workers."""
    work.keep("components", parts_of(components))


@lru_cache(maxsize=1)
def components_at(work: Work) -> Components | None:
    """The components from the shared work folder; None if the layout needs none."""
    if not work.is_kept("components"):
        return None
    return Components(**work.kept("components"))
