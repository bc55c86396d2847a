"""Principal components: exact, in one pass over the rows, without a copy of the data."""

from dataclasses import dataclass

import numpy as np

from embviz.arrays import Float32Array, Float64Array
from embviz.errors import SpecError
from embviz.progress import Progress, no_progress

BLOCK = 2**22
"""Values converted to float64 at a time: 32 MiB."""


@dataclass(frozen=True, eq=False, slots=True)
class PrincipalComponents:
    """Coordinates of all rows along some principal components, and the variance of every component.

    Attributes
    ----------
    scores
        float32, shape (n, number of axes), mean 0.
    explained_variance_ratio
        float64, shape (min(n, d),): each component's share of the variance, 0..1, descending; all
        0 if all rows are equal.
    """

    scores: Float32Array
    explained_variance_ratio: Float64Array


def principal_components(
    vectors: Float32Array, axes: tuple[int, ...], *, progress: Progress = no_progress
) -> PrincipalComponents:
    """The rows along the chosen principal components (Pearson, 1901; Hotelling, 1933).

    Not whitened and not scaled per column. Everything is summed in float64 after the mean is
    taken off, so moving all rows by a constant changes nothing but the rounding of the input. The
    largest matrix made is min(n, d) squared. Each component points to where its largest
    coefficient, the first of equals, is positive (scikit-learn's convention).

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
    if not 1 <= min(axes) <= max(axes) <= min(n, d):
        raise SpecError(
            f"axes must be in 1..{min(n, d)}, the components of {n} items with {d} values each, "
            f"got {', '.join(map(str, axes))}"
        )
    mean = vectors.mean(axis=0, dtype=np.float64)
    wide = n < d
    products = _inner_products(vectors, mean, progress) if wide else _scatter(vectors, mean, progress)
    eigenvalues, eigenvectors = (part[..., ::-1] for part in np.linalg.eigh(products))
    rounding = max(n, d) * np.finfo(np.float64).eps * max(eigenvalues[0], 0)
    variances = np.where(eigenvalues > rounding, eigenvalues, 0)
    chosen = np.array(axes) - 1
    directions = eigenvectors[:, chosen]
    if wide:
        lengths = np.sqrt(variances[chosen])
        directions = (vectors.T @ directions - np.outer(mean, directions.sum(axis=0))) / np.where(
            lengths, lengths, np.inf
        )
    directions = directions * _signs(directions)
    return PrincipalComponents(_scores(vectors, mean, directions, progress), variances / (variances.sum() or 1))


def _scatter(vectors: Float32Array, mean: Float64Array, progress: Progress) -> Float64Array:
    """Centered columns times each other, (d, d), summed over blocks of rows."""
    n, d = vectors.shape
    total = np.zeros((d, d))
    rows = max(1, BLOCK // d)
    for start in range(0, n, rows):
        progress("principal components", start, n)
        block = vectors[start : start + rows] - mean
        total += block.T @ block
    return total


def _inner_products(vectors: Float32Array, mean: Float64Array, progress: Progress) -> Float64Array:
    """Centered rows times each other, (n, n), summed over blocks of columns."""
    n, d = vectors.shape
    total = np.zeros((n, n))
    columns = max(1, BLOCK // n)
    for start in range(0, d, columns):
        progress("principal components", start, d)
        block = vectors[:, start : start + columns] - mean[start : start + columns]
        total += block @ block.T
    return total


def _scores(vectors: Float32Array, mean: Float64Array, directions: Float64Array, progress: Progress) -> Float32Array:
    """Centered rows along unit directions of shape (d, axes)."""
    n, d = vectors.shape
    scores = np.empty((n, directions.shape[1]), np.float32)
    rows = max(1, BLOCK // d)
    for start in range(0, n, rows):
        progress("coordinates", start, n)
        scores[start : start + rows] = (vectors[start : start + rows] - mean) @ directions
    progress("coordinates", n, n)
    return scores


def _signs(directions: Float64Array) -> Float64Array:
    """+1 or -1 per column, so that its largest entry, the first of those equal but for rounding, becomes positive."""
    sizes = np.abs(directions)
    first = (sizes >= (1 - 1e-6) * sizes.max(axis=0)).argmax(axis=0)
    return np.where(directions[first, range(directions.shape[1])] < 0, -1.0, 1.0)
