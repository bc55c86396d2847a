"""Principal components, exact, computed block by block without a copy of the data."""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from embviz.arrays import Float32Array, Float64Array, frozen_array, summary
from embviz.checks.arguments import check_fields, check_range
from embviz.errors import InputError, SpecError
from embviz.features.features import Features
from embviz.neighbors.distances import METRICS, measured_vectors
from embviz.progress import Progress, blocks_of, no_progress

BLOCK = 2**22
"""Number of values that are converted to float64 at a time: 32 MiB of them."""

TOGETHER = 50
"""Number of components always computed together, so that each has the same digits whichever of them are wanted."""


@dataclass(frozen=True, eq=False, slots=True, repr=False)
class PrincipalComponents:
    """Coordinates of all rows along some principal components, and the variance of every component.

    Attributes
    ----------
    scores
        float32, shape (n, number of axes), mean 0.
    explained_variance_ratio
        float64, shape (min(n, d),): each component's share of the variance, 0..1, descending; all
        0 if all rows are equal.
    center
        float64, shape (number of axes + 1,): the mean of the rows, measured from the origin. First its coordinate along
        each axis, then the length of its part at right angles to all axes.
    metric
        ``euclidean`` for components of the rows themselves, ``cosine`` for those of their unit vectors.
    source
        Fingerprint of the features; empty for components of a plain array.
    seconds
        Time that computing the components took; 0 if they were stored already.
    """

    scores: Float32Array
    explained_variance_ratio: Float64Array
    center: Float64Array
    metric: str = "euclidean"
    source: str = ""
    seconds: float = 0.0

    __repr__ = summary

    def __post_init__(self) -> None:
        check_fields(self)
        object.__setattr__(self, "scores", frozen_array("scores", self.scores, np.float32, (None, None)))
        for name, length in (("explained_variance_ratio", None), ("center", self.scores.shape[1] + 1)):
            object.__setattr__(self, name, frozen_array(name, getattr(self, name), np.float64, (length,)))
        if self.metric not in METRICS:
            raise InputError(f"metric must be one of {', '.join(METRICS)}, got {self.metric!r}")
        check_shares(self.explained_variance_ratio, self.scores.shape[1])
        check_range("seconds", self.seconds, 0)

    def check_made_from(self, features: Features, metric: str, least: int) -> None:
        """Refuse components of other features or of another metric, and fewer components than `least`.

        Raises
        ------
        InputError
            If the components were made from other features or by another metric, or there are fewer than `least`.
        """
        if self.scores.shape[1] < least:
            raise InputError(f"{least} principal components are needed, got {self.scores.shape[1]}; make more")
        if (self.source, self.metric) != (features.fingerprint, metric):
            raise InputError(
                f"these principal components are not those of the features by the {metric} metric; "
                "make them with first_components, or leave them out"
            )


def check_shares(ratios: Float64Array, least: int) -> None:
    """Refuse shares of the variance that cannot belong to at least `least` components.

    Raises
    ------
    InputError
        If there are fewer than `least` shares, or one is not in 0..1.
    """
    if len(ratios) < least or not ((ratios >= 0) & (ratios <= 1 + 1e-9)).all():
        raise InputError(
            f"explained_variance_ratio must hold the share, 0..1, of each of at least {least} components, "
            f"got {len(ratios)} values"
        )


def first_components(
    features: Features, n_components: int, *, metric: str = "euclidean", progress: Progress = no_progress
) -> PrincipalComponents:
    """The first principal components of features; fewer than `n_components` only if the features have fewer.

    Parameters
    ----------
    features
        The items.
    n_components
        Number of components, >= 1.
    metric
        ``euclidean``, or ``cosine`` for components of the unit vectors.
    progress
        Called with the stages of `principal_components`.

    Raises
    ------
    SpecError
        If the metric is cosine and a vector is all zero.
    """
    began = time.perf_counter()
    axes = tuple(range(1, min(n_components, *features.vectors.shape) + 1))
    found = principal_components(measured_vectors(features.vectors, metric), axes, progress=progress)
    return replace(found, metric=metric, source=features.fingerprint, seconds=time.perf_counter() - began)


def principal_components(
    vectors: Float32Array, axes: tuple[int, ...], *, progress: Progress = no_progress
) -> PrincipalComponents:
    """Coordinates of the rows along the chosen principal components (Pearson, 1901; Hotelling, 1933).

    Coordinates are not whitened, and columns are not scaled. The mean is subtracted before sums are taken in
    float64, so moving all rows by a constant changes nothing but the rounding of the input; scikit-learn's PCA
    subtracts it afterwards. The largest matrix made has min(n, d) rows and columns. The sign of each component
    is such that its largest coefficient, the first of equal ones, is positive.

    Parameters
    ----------
    vectors
        float32, shape (n, d), n >= 2, finite.
    axes
        Components, counted from 1, 1 .. min(n, d).
    progress
        Called with stages ``principal components`` and ``coordinates``.

    Raises
    ------
    SpecError
        If an axis is not among the components.

    Examples
    --------
    >>> found = principal_components(np.array([[0, 0], [4, 0], [0, 2], [4, 2]], np.float32), (1, 2))
    >>> found.scores.tolist()
    [[-2.0, -1.0], [2.0, -1.0], [-2.0, 1.0], [2.0, 1.0]]
    >>> found.explained_variance_ratio.tolist()
    [0.8, 0.2]
    """
    n, d = vectors.shape
    check_axes(axes, n, d)
    mean = vectors.mean(axis=0, dtype=np.float64)
    wide = n < d  # if so, the products of rows are the smaller matrix, with the same nonzero eigenvalues
    products = np.zeros((min(n, d), min(n, d)))
    for _, block in _centered(vectors, mean, int(wide), "principal components", progress):
        products += block @ block.T if wide else block.T @ block
    variances, eigenvectors = spectrum(products)
    chosen = np.array(axes) - 1
    scores = np.empty((n, len(axes)), np.float32)
    if wide:
        lengths = np.sqrt(variances[chosen])
        units = eigenvectors[:, chosen] / np.where(lengths > 0, lengths, np.inf)
        directions = np.empty((d, len(axes)))
        for part, block in _centered(vectors, mean, 1, "principal components", progress):
            directions[part] = block.T @ units
        signs = axis_signs(directions)
        scores[:] = units * (variances[chosen] * signs)
        directions *= signs
    else:
        together = eigenvectors[:, : max(TOGETHER, *axes)]
        together = together * axis_signs(together)
        for part, block in _centered(vectors, mean, 0, "coordinates", progress):
            scores[part] = (block @ together)[:, chosen]
        directions = together[:, chosen]
    return PrincipalComponents(scores, variances / (variances.sum() or 1.0), center_along(mean, directions))


def spectrum(products: Float64Array) -> tuple[Float64Array, Float64Array]:
    """Variances, descending, and components as unit columns, from summed products; rounding errors count as variance 0.

    Parameters
    ----------
    products
        float64, shape (m, m): sums of products of columns, or of rows.

    Examples
    --------
    >>> variances, directions = spectrum(np.array([[2.0, 0.0], [0.0, 3.0]]))
    >>> variances.tolist(), np.abs(directions).tolist()
    ([3.0, 2.0], [[0.0, 1.0], [1.0, 0.0]])
    """
    eigenvalues, eigenvectors = np.linalg.eigh(products)
    rounding = len(products) * np.finfo(np.float64).eps * np.trace(products)
    return np.where(eigenvalues > rounding, eigenvalues, 0)[::-1], eigenvectors[:, ::-1]


def center_along(mean: Float64Array, directions: Float64Array) -> Float64Array:
    """`PrincipalComponents.center` of rows with this mean, float64, along directions in columns, shape (d, axes)."""
    along: Float64Array = mean @ directions
    return np.append(along, math.sqrt(max(float(mean @ mean - along @ along), 0.0)))


def check_axes(axes: tuple[int, ...], n: int, d: int) -> None:
    """Refuse axes that the components of n vectors of d numbers do not have.

    Raises
    ------
    SpecError
        If an axis is beyond the last component; the message says what works.
    """
    if max(axes) > (count := min(n, d)):
        raise SpecError(
            f"{n} items with vectors of {d} have {count} principal component{'s' if count > 1 else ''}, got axes "
            f"{', '.join(map(str, axes))}; {_what_works(count, axes)}"
        )


def _what_works(n_components: int, axes: tuple[int, ...]) -> str:
    if n_components >= len(axes):
        return f"use axes <= {n_components}"
    return f"use n_components={n_components}" if n_components > 1 else "use another method, or longer vectors"


def _centered(
    vectors: Float32Array, mean: Float64Array, axis: int, stage: str, progress: Progress
) -> Iterator[tuple[slice, Float64Array]]:
    """Blocks of rows (axis 0) or of columns (axis 1) with the mean subtracted, each with the slice it is from."""
    total = vectors.shape[axis]
    step = max(1, BLOCK // vectors.shape[1 - axis])
    for part in blocks_of(stage, total, step, progress):
        yield part, vectors[:, part] - mean[part] if axis else vectors[part] - mean


def axis_signs(directions: Float64Array) -> Float64Array:
    """+1 or -1 per column: the factor that makes its largest entry positive, the first if several nearly tie."""
    sizes = np.abs(directions)
    first = (sizes >= (1 - 1e-6) * sizes.max(axis=0)).argmax(axis=0)
    return np.where(directions[first, range(directions.shape[1])] < 0, -1.0, 1.0)
