"""Search of the rows nearest to vectors that are not rows themselves, such as those of new items."""

from dataclasses import dataclass, field

import numpy as np

from embviz.arrays import Float32Array, summary
from embviz.errors import SpecError
from embviz.features.features import Features
from embviz.neighbors.distances import checked_vectors, measured_vectors
from embviz.neighbors.measured import measured_index
from embviz.neighbors.rows import Index, NearestRows, Twins, search, twins_of
from embviz.progress import Progress, no_progress


@dataclass(frozen=True, eq=False, slots=True, repr=False)
class SearchedRows:
    """Rows prepared for `nearest_among`, with a search index of them.

    Attributes
    ----------
    n, width
        Number of rows, and of values in each.
    metric
        ``euclidean`` or ``cosine``.
    recall
        Share of the true neighbors that the index finds for a sample of the rows, 0..1; 1 if it is exact.
    """

    n: int
    width: int
    metric: str
    recall: float
    _index: Index = field(repr=False)
    _twins: Twins = field(repr=False)

    __repr__ = summary


def searched_rows(
    vectors: Float32Array | Features, k: int, *, metric: str = "euclidean", progress: Progress = no_progress
) -> SearchedRows:
    """Rows with a search index, prepared for `nearest_among`.

    Parameters
    ----------
    vectors
        float32, shape (n, d), or Features.
    k
        Largest number of neighbors that will be asked for, 1 .. n - 1.
    metric
        ``euclidean`` or ``cosine``.
    progress
        Called with stages ``duplicates``, ``search cells``, ``neighbor index`` and ``recall``.

    Raises
    ------
    SpecError
        If k is out of range, or distances between the vectors cannot be computed, as in `neighbor_graph`.
    """
    base = measured_vectors(checked_vectors(vectors), metric)
    n, width = map(int, base.shape)
    if not 1 <= k < n:
        raise SpecError(f"k must be in 1..{n - 1}, got {k}")
    twins = twins_of(base, progress=progress)
    index, recall = measured_index(twins, base, k, metric, progress=progress)
    return SearchedRows(n, width, metric, recall, index, twins)


def nearest_among(
    rows: SearchedRows, vectors: Float32Array | Features, k: int, *, progress: Progress = no_progress
) -> NearestRows:
    """The k nearest rows to each vector, ordered by (distance, row).

    The list of a vector depends only on the rows and the vector itself, not on the other vectors given with it. A row
    that equals the vector is at distance 0. Of equally far rows at the end of a list, the lower ones are listed.

    Parameters
    ----------
    rows
        Rows from `searched_rows`, called with at least this k.
    vectors
        float32, shape (m, d), or Features.
    k
        Number of neighbors of each vector.
    progress
        Called with stage ``neighbors``.

    Raises
    ------
    SpecError
        If the vectors have another number of values than the rows, or distances cannot be computed, as in
        `neighbor_graph`.

    Examples
    --------
    >>> line = searched_rows(np.array([[0], [1], [3]], np.float32), 2)
    >>> nearest = nearest_among(line, np.array([[3], [-1]], np.float32), 2)
    >>> nearest.indices.tolist(), nearest.distances.tolist()
    ([[2, 1], [0, 1]], [[0.0, 2.0], [1.0, 2.0]])
    """
    asked = measured_vectors(checked_vectors(vectors), rows.metric)
    if asked.shape[1] != rows.width:
        raise SpecError(f"vectors of {asked.shape[1]} values have no distance to rows of {rows.width}")
    every, none = np.arange(len(asked)), np.full(len(asked), -1)
    return search(rows._index, rows._twins, asked, k, of=every, own=none, progress=progress)
