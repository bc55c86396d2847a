"""The directions in which the items of two classes differ at all, and their coordinates along these."""

from dataclasses import dataclass

import numpy as np

from embviz.arrays import BoolArray, Float32Array, Float64Array, check_memory
from embviz.errors import SpecError
from embviz.processes.blas import one_blas_thread
from embviz.progress import Progress, blocks_of, no_progress

MOST_DIRECTIONS = 1000
"""Largest number of directions that are kept: those of the largest variance."""
BLOCK = 2**22
"""Number of values that are converted to float64 at a time: 32 MiB of them."""


@dataclass(frozen=True, eq=False, slots=True)
class Span:
    """Items in coordinates along the principal directions of their differences.

    Distances between items, and inner products of centered items, are those of the vectors, except for what
    `MOST_DIRECTIONS` cuts off. Features that are constant over all items have no effect.

    Attributes
    ----------
    coordinates
        float64, shape (n, r): mean 0, variance descending.
    directions
        float64, shape (d, r): unit length, at right angles to each other.
    """

    coordinates: Float64Array
    directions: Float64Array

    @property
    def scaled(self) -> Float64Array:
        """The coordinates divided by one number, so that their mean variance is 1."""
        mean_variance = (self.coordinates**2).sum() / max(1, self.coordinates.size)
        scaled: Float64Array = self.coordinates / np.sqrt(mean_variance or 1.0)
        return scaled

    @property
    def rank(self) -> int:
        """Number of directions; 0 where all items are equal."""
        return int(self.coordinates.shape[1])


def span_of(vectors: Float32Array, *, progress: Progress = no_progress) -> Span:
    """Directions in which some items differ, and the items' coordinates along them.

    Parameters
    ----------
    vectors
        float32, shape (n, d).
    progress
        Called with stages ``principal components`` and ``coordinates``.

    Raises
    ------
    SpecError
        If the matrix of min(n, d) rows and columns would take more than the machine's memory.

    Examples
    --------
    >>> span = span_of(np.array([[0, 7], [2, 7], [4, 7]], np.float32))
    >>> span.rank, np.abs(span.coordinates).ravel().tolist()
    (1, [2.0, 0.0, 2.0])
    """
    n, d = vectors.shape
    check_memory("the matrix of these items", (min(n, d), min(n, d)), np.float64, SpecError)
    mean = vectors.mean(axis=0, dtype=np.float64)
    is_wide = n < d
    size = min(n, d)
    products = np.zeros((size, size))
    with one_blas_thread():
        for part in blocks_of("principal components", max(n, d), max(1, BLOCK // size), progress):
            block = vectors[:, part] - mean[part] if is_wide else vectors[part] - mean
            products += block @ block.T if is_wide else block.T @ block
        variances, axes = np.linalg.eigh(products)
        is_kept = variances > size * np.finfo(np.float64).eps * np.trace(products)
        is_kept[: max(0, size - MOST_DIRECTIONS)] = False
        axes, lengths = axes[:, is_kept][:, ::-1], np.sqrt(variances[is_kept][::-1])
        coordinates, directions = np.empty((n, len(lengths))), np.empty((d, len(lengths)))
        if is_wide:
            coordinates[:] = axes * lengths
            for part in blocks_of("coordinates", d, max(1, BLOCK // n), progress):
                directions[part] = (vectors[:, part] - mean[part]).T @ (axes / lengths)
        else:
            directions[:] = axes
            for part in blocks_of("coordinates", n, max(1, BLOCK // d), progress):
                coordinates[part] = (vectors[part] - mean) @ axes
    return Span(coordinates, directions)


def map_of(span: Span, is_second: BoolArray) -> Float32Array:
    """The items along the first two principal components, each with the sign that gives the second class a larger mean.

    Not a layout by neighbors: distances are those of the vectors, except for their parts along other directions.

    Examples
    --------
    >>> line = span_of(np.array([[4], [2], [0]], np.float32))
    >>> map_of(line, np.array([False, False, True])).tolist()
    [[-2.0, 0.0], [0.0, 0.0], [2.0, 0.0]]
    """
    coords = np.zeros((len(is_second), 2))
    width = min(2, span.rank)
    coords[:, :width] = span.coordinates[:, :width]
    sides = coords[is_second].mean(axis=0) - coords[~is_second].mean(axis=0)
    return np.ascontiguousarray(coords * np.where(sides < 0, -1, 1) + 0.0, np.float32)
