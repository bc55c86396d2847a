"""Distances between vectors: checks that they can be computed, squared distances, and the two metrics."""

import numpy as np

from embviz.arrays import Float32Array, Float64Array, Int64Array, check_memory, not_finite, rows_named
from embviz.errors import SpecError
from embviz.features.features import Features

METRICS = ("euclidean", "cosine")

SMALLEST, LARGEST = 1e-12, 1e15
"""Range of the largest absolute value of all vectors; outside it, squares leave the range of float32."""


def checked_vectors(vectors: Float32Array | Features) -> Float32Array:
    """The array of the vectors, checked for distances between its rows; copied only if it is not C-contiguous.

    Parameters
    ----------
    vectors
        float32, shape (n, d), d >= 1, finite; or Features.

    Raises
    ------
    SpecError
        If type or shape differ, a value is NaN or infinite, or the largest value is so large or so
        small that squares leave the range of float32.

    Examples
    --------
    >>> checked_vectors(np.array([[1e20]], np.float32))
    Traceback (most recent call last):
    embviz.errors.SpecError: the largest absolute value of vectors must be in 1e-12..1e+15, got 1e+20; scale all of them
    """
    array = vectors.vectors if isinstance(vectors, Features) else vectors
    if array.dtype != np.float32 or array.ndim != 2 or array.size == 0:
        advice = "use vectors.astype(np.float32)"
        if array.ndim == 1 and array.size:
            advice = "use vectors.astype(np.float32).reshape(-1, 1) for one value per item"
        elif array.ndim != 2 or array.size == 0:
            advice = "give one row per item, of at least one value"
        raise SpecError(f"vectors must be float32 of shape (n, d), got {array.dtype} of shape {array.shape}; {advice}")
    if not array.flags.c_contiguous:
        check_memory("vectors", array.shape, array.dtype, SpecError)
    largest = max(float(array.max()), -float(array.min()))
    if not np.isfinite(largest):
        raise SpecError(f"vectors must be finite, but {not_finite(array)}; remove or replace those rows")
    if largest and not SMALLEST <= largest <= LARGEST:
        raise SpecError(
            f"the largest absolute value of vectors must be in {SMALLEST:g}..{LARGEST:g}, "
            f"got {largest:g}; scale all of them"
        )
    return np.ascontiguousarray(array)


def measured_vectors(vectors: Float32Array, metric: str) -> Float32Array:
    """Vectors whose Euclidean distances give the metric: the same vectors, or for cosine their unit vectors.

    Raises
    ------
    SpecError
        If the metric is unknown, or is cosine and a vector is zero, which has no direction.
    """
    if metric not in METRICS:
        raise SpecError(f"metric must be one of {', '.join(METRICS)}, got {metric!r}")
    if metric == "euclidean":
        return vectors
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors, dtype=np.float64))
    zero_rows = np.flatnonzero(lengths == 0)
    if len(zero_rows):
        raise SpecError(
            f"{len(zero_rows)} of {len(vectors)} vectors are all zero ({rows_named(zero_rows)}) and have no direction, "
            "which the cosine metric needs; use the euclidean metric, or leave those items out"
        )
    units: Float32Array = np.empty_like(vectors)
    np.divide(vectors, lengths[:, None], out=units, casting="same_kind")
    return units


def squared_distances(queries: Float32Array, base: Float32Array, positions: Int64Array) -> Float32Array:
    """Squared Euclidean distances of each query to its own list of base rows; float32, shape (q, w).

    Computed as sums of squared differences: equal rows are at exactly 0, d(i, j) = d(j, i), and the relative error is
    at most (d + 8) / 2**24. Each distance depends on nothing but its two rows.

    Parameters
    ----------
    queries, base
        float32, shapes (q, d) and (m, d), C-contiguous.
    positions
        int64, shape (q, w): rows of `base`; the distance to a negative row is infinite.
    """
    from embviz.neighbors.faiss_library import faiss

    positions = np.ascontiguousarray(positions)
    squared = np.empty(positions.shape, np.float32)
    pointers = [faiss.swig_ptr(array) for array in (squared, queries, base, positions)]
    faiss.fvec_L2sqr_by_idx(*pointers, base.shape[1], *positions.shape)  # type: ignore[attr-defined]  # not in its stubs
    return squared


def distance_from_squared(squared: Float32Array | Float64Array, metric: str) -> Float32Array:
    """Distances in the metric, float32, from squared distances of `measured_vectors`.

    A larger squared distance never gives a smaller distance. The cosine distance 1 - cos is half the squared distance
    of unit vectors.

    Examples
    --------
    >>> distance_from_squared(np.array([0.0, 4.0]), "euclidean").tolist()
    [0.0, 2.0]
    >>> distance_from_squared(np.array([0.0, 4.0]), "cosine").tolist()
    [0.0, 2.0]
    """
    distance = np.sqrt(squared) if metric == "euclidean" else squared / 2
    return distance.astype(np.float32, copy=False)


def order_of_nearest(distances: Float32Array, positions: Int64Array) -> Int64Array:
    """Order of each row's entries by (distance, position), int64 of the same shape.

    The same as ``np.lexsort((positions, distances))``, in a seventh of its time for rows that are nearly sorted, as a
    search gives them: only rows with equal distances are sorted by positions, too.

    Parameters
    ----------
    distances
        float32, shape (q, k), without NaN.
    positions
        int64, shape (q, k).

    Examples
    --------
    >>> order_of_nearest(np.array([[3, 1, 1]], np.float32), np.array([[5, 9, 4]])).tolist()
    [[2, 1, 0]]
    """
    order = np.argsort(distances, axis=1, kind="stable")
    ascending = np.take_along_axis(distances, order, axis=1)
    tied = np.flatnonzero((ascending[:, 1:] == ascending[:, :-1]).any(axis=1))
    if len(tied):
        order[tied] = np.lexsort((positions[tied], distances[tied]))
    return order
