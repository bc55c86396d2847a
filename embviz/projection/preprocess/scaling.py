"""Scaling of vectors before they are laid out, block by block: centered, of unit length, or standardized."""

import threading
from dataclasses import dataclass
from weakref import WeakKeyDictionary, WeakValueDictionary

import numpy as np

from embviz.arrays import Float32Array, Float64Array, summary
from embviz.errors import InputError
from embviz.features.features import Features, Scaled
from embviz.progress import Progress, blocks_of, no_progress
from embviz.projection.preprocess.steps import SCALINGS, scaling_of

BLOCK = 2**18
"""Number of values that are converted to float64 at a time: 2 MiB of them, which fit into a processor's cache."""

STAGE = "preprocessing"

NOISE = 1e-7
"""Difference of a float32 value from its column's mean that may be rounding alone, as a share of that mean."""

_at_hand: WeakKeyDictionary[Features, WeakValueDictionary[str, Features]] = WeakKeyDictionary()
"""Scaled features still in use, by the features they were made from: 70,000 images as vectors take 220 MB."""
_asking = threading.Lock()
"""Lock for reading and changing `_at_hand`, which the threads of pages and of jobs both do."""


@dataclass(frozen=True, eq=False, slots=True, repr=False)
class Scaling:
    """A scaling of vectors: what is subtracted from each vector, and what it is divided by.

    Attributes
    ----------
    name
        One of `SCALINGS`.
    mean
        float64, shape (d,): the mean of the vectors that it was made from; 0 where nothing is subtracted.
    width
        float64, shape (d,): the standard deviation of each column; infinite for a column that does not vary, which
        becomes 0; 1 where columns are not divided.
    """

    name: str
    mean: Float64Array
    width: Float64Array

    __repr__ = summary


def scaling(vectors: Float32Array, name: str, *, progress: Progress = no_progress) -> Scaling:
    """The scaling of this name with the mean and the widths of these vectors.

    Parameters
    ----------
    vectors
        float32, shape (n, d), n >= 1.
    name
        ``center`` moves the mean to the origin; ``unit`` divides each vector by its length; ``center+unit`` does one
        after the other; ``standardize`` gives each column mean 0 and standard deviation 1 (that of these items: n,
        not n - 1, in the denominator).
    progress
        Called with stage ``preprocessing``.

    Raises
    ------
    InputError
        If `name` is not one of `SCALINGS`.

    Examples
    --------
    >>> made = scaling(np.array([[1, 5], [3, 5]], np.float32), "standardize")
    >>> made.mean.tolist(), made.width.tolist()
    ([2.0, 5.0], [1.0, inf])
    """
    if name not in SCALINGS:
        raise InputError(f"a scaling must be one of {', '.join(SCALINGS)}, got {name!r}")
    n, d = vectors.shape
    mean = np.zeros(d) if name == "unit" else vectors.mean(axis=0, dtype=np.float64)
    width = np.ones(d)
    if name == "standardize":
        squares = np.zeros(d)
        for rows in blocks_of(STAGE, n, max(1, BLOCK // d), progress):
            squares += np.square(_from_mean(vectors[rows], mean)).sum(axis=0)
        width = np.where(squares > 0, np.sqrt(squares / n), np.inf)
    return Scaling(name, mean, width)


def scaled_vectors(vectors: Float32Array, by: Scaling, *, progress: Progress = no_progress) -> Float32Array:
    """The vectors scaled, float32, of the same shape; each is scaled independently of the others.

    A value that differs from its column's mean by no more than rounding (1e-7 of the mean) becomes exactly 0. Otherwise
    a vector of rounding errors alone could be scaled up to length 1. A vector of length 0 has no direction and stays 0.

    Parameters
    ----------
    vectors
        float32, shape (m, d).
    by
        A scaling made from vectors of the same length, not necessarily from these.
    progress
        Called with stage ``preprocessing``.

    Examples
    --------
    >>> old = np.array([[1, 2], [1, 2], [4, 6]], np.float32)
    >>> print(scaled_vectors(old, scaling(old, "center+unit")))
    [[-0.6 -0.8]
     [-0.6 -0.8]
     [ 0.6  0.8]]
    >>> print(scaled_vectors(np.array([[3, 4], [0, 0]], np.float32), scaling(old, "unit")))
    [[0.6 0.8]
     [0.  0. ]]
    """
    scaled = np.empty_like(vectors, order="C")
    for rows in blocks_of(STAGE, len(vectors), max(1, BLOCK // vectors.shape[1]), progress):
        block = _from_mean(vectors[rows], by.mean)
        if by.name.endswith("unit"):
            lengths = np.sqrt(np.einsum("ij,ij->i", block, block))
            block /= np.where(lengths > 0, lengths, 1)[:, None]
        else:
            block /= by.width
        scaled[rows] = block
    return scaled


def scaled_features(features: Features, preprocess: str | None, *, progress: Progress = no_progress) -> Features:
    """The features scaled by their mean and widths, as `preprocess` asks; the features themselves if it has no scaling.

    Features are not reduced here: see `reduced_features`. While the result is in use, the next call returns the same
    object.

    Parameters
    ----------
    features
        All items that are laid out together.
    preprocess
        As in the spec of a layout: ``unit``, or ``unit+pca-50``.
    progress
        Called with stage ``preprocessing``.

    Examples
    --------
    >>> from embviz import dataset_from_arrays, vector_features
    >>> made = vector_features(dataset_from_arrays(vectors=[[1, 1], [5, 1]]))
    >>> scaled_features(made, "center").vectors.tolist()
    [[-2.0, 0.0], [2.0, 0.0]]
    """
    name = scaling_of(preprocess)
    if name is None:
        return features
    found = scaled_at_hand(features, name)
    if found is None:
        vectors = scaled_vectors(
            features.vectors, scaling(features.vectors, name, progress=progress), progress=progress
        )
        made = Features(vectors, features.ids, Scaled(features.spec, name), features.items)
        with _asking:
            found = _at_hand.setdefault(features, WeakValueDictionary()).setdefault(name, made)
    return found


def scaled_at_hand(features: Features, preprocess: str | None) -> Features | None:
    """The result of `scaled_features` if it is still in use; None if it would have to be computed."""
    name = scaling_of(preprocess)
    if name is None:
        return features
    with _asking:
        held = _at_hand.get(features)
        return None if held is None else held.get(name)


def _from_mean(block: Float32Array, mean: Float64Array) -> Float64Array:
    """Differences of values from the mean of their column; exactly 0 where the difference may be rounding."""
    apart: Float64Array = block - mean
    if mean.any():
        apart[np.abs(apart) <= NOISE * np.abs(mean)] = 0
    return apart
