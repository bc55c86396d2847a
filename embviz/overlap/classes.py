"""Checks of labeled vectors, and of two classes whose overlap is to be measured."""

from collections.abc import Sequence

import numpy as np

from embviz.arrays import Float32Array, Int64Array
from embviz.dataset import Dataset, check_same_items
from embviz.errors import SpecError
from embviz.features.features import Features
from embviz.neighbors import checked_vectors
from embviz.projection.projection import Projection

MOST_CODES = 1_000_000
"""Limit on class codes; a larger one is probably not a class, and counts per code would take much memory."""

Measurable = Float32Array | Features | Projection
"""Vectors that overlap is measured in: features, a layout, or a float32 array of shape (n, d) of either."""


def class_codes(dataset: Dataset) -> Int64Array:
    """Class code of each item: the labels of a dataset.

    Raises
    ------
    SpecError
        If the dataset has no labels.
    """
    if dataset.labels is None:
        raise SpecError(f"dataset {dataset.name!r} has no labels, so there are no classes to compare")
    return dataset.labels


def labeled_vectors(vectors: Measurable, labels: Int64Array | Dataset) -> tuple[Float32Array, Int64Array]:
    """Vectors and labels, checked: float32 of shape (n, d), and int64 class codes from 0 up of shape (n,).

    Raises
    ------
    SpecError
        If distances between the vectors cannot be computed, or the labels do not fit them.
    InputError
        If the features or the layout belong to other items than the dataset's.
    """
    array = checked_vectors(vectors.coords if isinstance(vectors, Projection) else vectors)
    if isinstance(labels, Dataset):
        if not isinstance(vectors, np.ndarray):
            check_same_items("vectors", vectors.items, labels)
        labels = class_codes(labels)
    if labels.dtype != np.int64 or labels.shape != (len(array),):
        raise SpecError(
            f"labels must be int64 of shape ({len(array)},), one class code per vector, "
            f"got {labels.dtype} of shape {labels.shape}"
        )
    if labels.min() < 0:
        raise SpecError(f"labels must be class codes from 0 up, got {labels.min()}; leave out items without a class")
    if labels.max() >= MOST_CODES:
        raise SpecError(
            f"labels must be class codes below {MOST_CODES:,}, got {labels.max()}; number the classes first, "
            "as np.unique(labels, return_inverse=True) does"
        )
    return array, labels


def names_of(labels: Int64Array | Dataset) -> Sequence[str]:
    """Names of the classes; empty for bare codes."""
    return labels.class_names if isinstance(labels, Dataset) else ()


def why_not(classes: tuple[int, int], n_per_class: Int64Array, k: int, names: Sequence[str] = ()) -> str:
    """The reason, in words, why the overlap of two classes cannot be measured with this k; empty if it can.

    Parameters
    ----------
    classes, n_per_class, k
        The two codes, the number of items of each class, and the number of neighbors.
    names
        Names of all classes, by which the sentence calls them; empty to call them by their codes.

    Examples
    --------
    >>> why_not((0, 1), np.array([2, 1]), 3, ("cat", "dog")).partition(";")[0]
    'k must be in 1..2 for classes cat and dog, which have 3 items together, got 3'
    """
    a, b = (_called(code, names) for code in classes)
    if classes[0] == classes[1]:
        return f"an overlap is between two different classes, got class {a} twice; choose another one"
    for code in classes:
        if not (0 <= code < len(n_per_class) and n_per_class[code]):
            present = ", ".join(_called(int(each), names) for each in np.flatnonzero(n_per_class))
            return f"class {_called(code, names)} has no items; choose among classes {present}"
    n = int(sum(n_per_class[code] for code in classes))
    if not 1 <= k < n:
        said = f"k must be in 1..{n - 1} for classes {a} and {b}, which have {n} items together, got {k}"
        return f"{said}; show more items or choose other classes{or_smaller_k(n - 1)}" if k > 0 else said
    return ""


def or_smaller_k(most: int) -> str:
    """The last thing to do where items have only `most` others, but not on the page, where k is fixed; may be empty.

    Examples
    --------
    >>> or_smaller_k(8), or_smaller_k(0)
    (', or k <= 8 on the command line or in Python', '')
    """
    return f", or k <= {most} on the command line or in Python" if most > 0 else ""


def _called(code: int, names: Sequence[str]) -> str:
    return names[code] if 0 <= code < len(names) else str(code)
