"""What can be asked about two classes of labeled vectors."""

import numpy as np

from embviz.arrays import Float32Array, Int64Array
from embviz.errors import SpecError
from embviz.features.features import Features
from embviz.neighbors import checked_vectors


def labeled_vectors(vectors: Float32Array | Features, labels: Int64Array) -> tuple[Float32Array, Int64Array]:
    """The two, checked: float32 vectors, and one int64 class code from 0 up for each."""
    array = checked_vectors(vectors)
    if labels.dtype != np.int64 or labels.shape != (len(array),):
        raise SpecError(
            f"labels must be int64 of shape ({len(array)},), one class code per vector, "
            f"got {labels.dtype} of shape {labels.shape}"
        )
    if labels.min() < 0:
        raise SpecError(f"labels must be class codes from 0 up, got {labels.min()}; leave out items without a class")
    return array, labels


def why_not(classes: tuple[int, int], n_per_class: Int64Array, k: int) -> str:
    """Why the two classes have no overlap at this k, and what would work; empty if they have one."""
    a, b = classes
    if a == b:
        return f"an overlap is between two different classes, got class {a} twice; choose another one"
    for code in classes:
        if not (0 <= code < len(n_per_class) and n_per_class[code]):
            present = ", ".join(map(str, np.flatnonzero(n_per_class)))
            return f"class {code} has no items; choose among classes {present}"
    n = int(n_per_class[a] + n_per_class[b])
    if not 1 <= k < n:
        return f"k must be in 1..{n - 1} for classes {a} and {b}, which have {n} items together, got {k}"
    return ""
