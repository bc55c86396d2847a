"""The search index of rows: exact for few rows, approximate with a measured recall for many."""

import numpy as np

from embviz.arrays import Float32Array, Int64Array
from embviz.neighbors.approximate import approximate_indexes
from embviz.neighbors.exact import TREE_DIMENSIONS, ExactIndex
from embviz.neighbors.index import ApproximateIndex
from embviz.neighbors.rows import Index, Twins, search
from embviz.progress import Progress

LEAST_RECALL = 0.99
"""Least share of the true neighbors that an approximate index must find, 0..1."""

ENOUGH, MANY = 0.95, 100_000
"""Share that is enough among more than so many different vectors, if no approximate index finds `LEAST_RECALL`.

Comparing all pairs of a million takes hours.
"""

SAMPLE = 500
"""Number of items in the sample by which recall is measured, and by which ties at the ends of lists are found."""

EXACT_UP_TO = 20_000
"""Number of different vectors up to which comparing all of them is fast."""


def measured_index(
    twins: Twins, vectors: Float32Array, k: int, metric: str, *, exact_up_to: int = EXACT_UP_TO, progress: Progress
) -> tuple[Index, float]:
    """An index of the different rows of `vectors`, and its recall: the share of a sample's k nearest that it finds.

    Parameters
    ----------
    twins
        The duplicates in `vectors`, from `twins_of`.
    vectors
        float32, shape (n, d), as `measured_vectors` gives them.
    k
        Number of neighbors per row that are wanted.
    metric
        ``euclidean`` or ``cosine``.
    exact_up_to
        Number of different vectors above which the index is approximate, unless d <= 3.
    progress
        Called with stages ``search cells``, ``neighbor index`` and ``recall``.
    """
    base = twins.different(vectors)
    if len(base) <= exact_up_to or base.shape[1] <= TREE_DIMENSIONS:
        return ExactIndex(base, metric, progress), 1.0
    return _approximate_index(base, twins, vectors, k, metric, progress)


def sample_rows(n: int) -> Int64Array:
    """A seeded sample of `SAMPLE` of n rows, or all of them if they are fewer."""
    return np.random.default_rng(0).choice(n, min(SAMPLE, n), replace=False)


def _approximate_index(
    base: Float32Array, twins: Twins, vectors: Float32Array, k: int, metric: str, progress: Progress
) -> tuple[Index, float]:
    """An index that finds at least 99 % of a sample's k nearest, and its recall; exact if no approximate one does.

    Among very many vectors it is the most thorough that finds `ENOUGH` if none finds 99 %.
    """
    sample = sample_rows(len(vectors))

    def recall_progress(_: str, done: int, total: int) -> None:
        progress("recall", done, total)

    def distances_with(index: Index) -> Float32Array:
        return search(index, twins, vectors, k, of=sample, own=sample, progress=recall_progress).distances

    farthest = distances_with(ExactIndex(base, metric, progress))[:, -1:]
    enough: tuple[ApproximateIndex, int, float] | None = None
    for index in approximate_indexes(base, metric, progress):
        for effort in index.efforts(k + 1):
            index.effort = effort
            recall = float(np.mean(distances_with(index) <= farthest))
            if recall >= LEAST_RECALL:
                return index, recall
            if recall >= ENOUGH and len(base) > MANY:
                enough = index, effort, recall
    if enough is None:
        return ExactIndex(base, metric, progress), 1.0
    index, index.effort, recall = enough
    return index, recall
