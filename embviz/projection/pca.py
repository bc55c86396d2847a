"""Principal components: exact, block by block, without a copy of the data."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from embviz.arrays import Float32Array, Float64Array, summary
from embviz.errors import SpecError
from embviz.progress import Progress, blocks_of, no_progress

BLOCK = 2**22
"""Values converted to float64 at a time: 32 MiB."""


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
    """

    scores: Float32Array
    explained_variance_ratio: Float64Array

    __repr__ = summary


def principal_components(
    vectors: Float32Array, axes: tuple[int, ...], *, progress: Progress = no_progress
) -> PrincipalComponents:
    """The rows along the chosen principal components (Pearson, 1901; Hotelling, 1933).

    Not whitened, and columns are not scaled. Sums are taken in float64 and after the mean is off, so
    moving all rows by a constant changes nothing but the rounding of the input; scikit-learn's PCA
    takes it off afterwards. The largest matrix made has min(n, d) rows and columns. Each component
    points to where its largest coefficient, the first of equals, is positive.

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
    if max(axes) > (count := min(n, d)):
        raise SpecError(
            f"{n} items with vectors of {d} have {count} principal component{'s' if count > 1 else ''}, got axes "
            f"{', '.join(map(str, axes))}; {_what_works(count, axes)}"
        )
    mean = vectors.mean(axis=0, dtype=np.float64)
    wide = n < d  # then the inner products of rows are the smaller matrix, and have the same eigenvalues
    products = np.zeros((min(n, d), min(n, d)))
    for _, block in _centered(vectors, mean, int(wide), "principal components", progress):
        products += block @ block.T if wide else block.T @ block
    eigenvalues, eigenvectors = np.linalg.eigh(products)
    rounding = len(products) * np.finfo(np.float64).eps * np.trace(products)
    variances = np.where(eigenvalues > rounding, eigenvalues, 0)[::-1]
    chosen = np.array(axes) - 1
    directions = eigenvectors[:, ::-1][:, chosen]
    if wide:
        lengths = np.sqrt(variances[chosen])
        units = directions / np.where(lengths > 0, lengths, np.inf)
        directions = np.empty((d, len(axes)))
        for part, block in _centered(vectors, mean, 1, "principal components", progress):
            directions[part] = block.T @ units
    directions *= _signs(directions)
    scores = np.empty((n, len(axes)), np.float32)
    for part, block in _centered(vectors, mean, 0, "coordinates", progress):
        scores[part] = block @ directions
    return PrincipalComponents(scores, variances / (variances.sum() or 1.0))


def _what_works(n_components: int, axes: tuple[int, ...]) -> str:
    if n_components >= len(axes):
        return f"use axes <= {n_components}"
    return f"use n_components={n_components}" if n_components > 1 else "use t-SNE or UMAP, or longer vectors"


def _centered(
    vectors: Float32Array, mean: Float64Array, axis: int, stage: str, progress: Progress
) -> Iterator[tuple[slice, Float64Array]]:
    """Blocks of rows (axis 0) or of columns (axis 1) less the mean, and where they are."""
    total = vectors.shape[axis]
    step = max(1, BLOCK // vectors.shape[1 - axis])
    for part in blocks_of(stage, total, step, progress):
        yield part, vectors[:, part] - mean[part] if axis else vectors[part] - mean


def _signs(directions: Float64Array) -> Float64Array:
    """+1 or -1 per column, so that its largest entry, the first of those equal but for rounding, becomes positive."""
    sizes = np.abs(directions)
    first = (sizes >= (1 - 1e-6) * sizes.max(axis=0)).argmax(axis=0)
    return np.where(directions[first, range(directions.shape[1])] < 0, -1.0, 1.0)
