"""Mean and axes of principal components, from which the coordinates of new vectors follow."""

from typing import NamedTuple

import numpy as np

from embviz.arrays import Float32Array, Float64Array
from embviz.progress import ROWS, Progress, blocks_of, no_progress


class Axes(NamedTuple):
    """The mean and the directions of some principal components.

    Attributes
    ----------
    mean
        float64, shape (d,): mean of the vectors.
    directions
        float64, shape (number of axes, d), of length 1; 0 where the scores do not vary.
    """

    mean: Float64Array
    directions: Float64Array


def axes_of(vectors: Float32Array, scores: Float32Array, *, progress: Progress = no_progress) -> Axes:
    """The mean and the directions of principal components, recovered from vectors and their scores.

    The sum of the centered vectors, each times its score, points along the component, so the axes need not be kept with
    the scores.

    Parameters
    ----------
    vectors
        float32, shape (n, d).
    scores
        float32, shape (n, number of axes): their coordinates along some principal components, not scaled.
    progress
        Called with stage ``principal components``.

    Examples
    --------
    >>> found = axes_of(np.array([[1, 0], [3, 0]], np.float32), np.array([[-1], [1]], np.float32))
    >>> found.mean.tolist(), found.directions.tolist()
    ([2.0, 0.0], [[1.0, 0.0]])
    """
    mean = vectors.mean(axis=0, dtype=np.float64)
    products = np.zeros((scores.shape[1], vectors.shape[1]))
    squares = np.zeros((scores.shape[1], 1))
    for rows in blocks_of("principal components", len(vectors), ROWS, progress):
        some = scores[rows].astype(np.float64)
        products += some.T @ (vectors[rows] - mean)
        squares[:, 0] += np.square(some).sum(axis=0)
    return Axes(mean, products / np.where(squares > 0, squares, np.inf))


def scores_along(axes: Axes, vectors: Float32Array, *, progress: Progress = no_progress) -> Float32Array:
    """Coordinates of vectors along axes, float32, shape (m, number of axes).

    The coordinates of a vector do not depend on the other vectors; by a matrix product, their rounding would.

    Examples
    --------
    >>> axes = Axes(np.array([2.0, 0.0]), np.array([[1.0, 0.0]]))
    >>> scores_along(axes, np.array([[5, 7]], np.float32)).tolist()
    [[3.0]]
    """
    scores = np.empty((len(vectors), len(axes.directions)), np.float32)
    for rows in blocks_of("coordinates", len(vectors), ROWS, progress):
        scores[rows] = np.einsum("ij,cj->ic", vectors[rows] - axes.mean, axes.directions)
    return scores
