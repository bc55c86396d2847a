"""The `NeighborGraph` value: the k nearest neighbors of every item, and how it is made from vectors."""

import time
from dataclasses import dataclass, replace

import numpy as np

from embviz.arrays import Float32Array, Float64Array, Int32Array, Int64Array, fingerprint, frozen_array, summary
from embviz.checks.arguments import check_fields, check_range, checked
from embviz.errors import InputError, SpecError
from embviz.features.features import Features
from embviz.neighbors.distances import METRICS, checked_vectors, measured_vectors
from embviz.neighbors.exact import ExactIndex
from embviz.neighbors.measured import EXACT_UP_TO, measured_index, sample_rows
from embviz.neighbors.rows import NearestRows, search, twins_of
from embviz.neighbors.ties import TIES, draws_of, even_picks
from embviz.progress import Progress, no_progress


@dataclass(frozen=True, eq=False, slots=True, repr=False)
class NeighborGraph:
    """The k nearest neighbors of every item.

    Not symmetric: i may be a neighbor of j while j is not a neighbor of i.

    Attributes
    ----------
    indices
        int32, shape (n, k): rows of the items (not ids), never the item itself, ordered by
        (distance, row).
    distances
        float32, shape (n, k): >= 0, not squared, never decreasing along a row.
    metric
        ``euclidean``, or ``cosine`` for 1 - cos, 0..2.
    recall
        Share of the true neighbors found, 0..1: 1 for an exact graph, measured on a sample otherwise.
    ties
        ``row`` or ``even``: rule for equally far items at the end of a list, see `neighbor_graph`.
    source
        Fingerprint of the `Features`, or of the array of vectors; empty for a graph not made by `neighbor_graph`.
    content
        Fingerprint of the array of vectors, for `Features` too; empty for a graph not made by `neighbor_graph`.
    seconds
        Seconds that computing the graph took; 0 if it was stored already.
    """

    indices: Int32Array
    distances: Float32Array
    metric: str
    recall: float = 1.0
    ties: str = "row"
    source: str = ""
    content: str = ""
    seconds: float = 0.0

    __repr__ = summary

    def __post_init__(self) -> None:
        check_fields(self)
        n = len(self.indices)
        object.__setattr__(self, "indices", frozen_array("neighbor indices", self.indices, np.int32, (n, None)))
        object.__setattr__(
            self, "distances", frozen_array("neighbor distances", self.distances, np.float32, self.indices.shape)
        )
        for name, choices in (("metric", METRICS), ("ties", TIES)):
            if getattr(self, name) not in choices:
                raise InputError(f"{name} must be one of {', '.join(choices)}, got {getattr(self, name)!r}")
        check_range("recall", self.recall, 0, 1)
        check_range("seconds", self.seconds, 0)
        if self.indices.size and not 0 <= self.indices.min() <= self.indices.max() < n:
            raise InputError(
                f"neighbor indices must be rows 0..{n - 1}, got {self.indices.min()}..{self.indices.max()}"
            )
        if (self.indices == np.arange(n)[:, None]).any():
            raise InputError("an item must not be its own neighbor")
        if (self.distances[:, :1] < 0).any() or (self.distances[:, 1:] < self.distances[:, :-1]).any():
            raise InputError("neighbor distances must be at least 0 and never decrease along a row")

    def __len__(self) -> int:
        return len(self.indices)

    @property
    def k(self) -> int:
        """Number of neighbors per item."""
        return int(self.indices.shape[1])

    def check_made_from(self, vectors: Float32Array | Features) -> None:
        """Refuse vectors that the graph was not made from; another array with the same content is allowed.

        Raises
        ------
        InputError
            If the graph was made from other vectors, or was not made by `neighbor_graph`.
        """
        if isinstance(vectors, Features) and vectors.fingerprint == self.source:
            return
        if not self.content:
            raise InputError(
                f"it is not known which vectors the graph of {len(self)} items was made from; "
                "make it with neighbor_graph, or leave it out"
            )
        is_of_features = self.source != self.content
        if self.content != _content(vectors) or (is_of_features and isinstance(vectors, Features)):
            raise InputError(
                f"the graph of {len(self)} items was made from other vectors than these {len(vectors)}, or from them "
                "in another order; make it from the same ones, or leave it out"
            )

    @checked(SpecError)
    def first(self, k: int) -> "NeighborGraph":
        """The graph of the k nearest neighbors, copied.

        Raises
        ------
        SpecError
            If this graph has fewer than k neighbors per item.
        """
        if not 1 <= k <= self.k:
            raise SpecError(f"k must be in 1..{self.k}, the neighbors this graph holds, got {k}")
        indices = self.indices[:, :k].copy()
        if self.ties == "even" and k < self.k:
            self._draw_ties(indices)
        return replace(self, indices=indices, distances=self.distances[:, :k])

    def _draw_ties(self, indices: Int32Array) -> None:
        """Draw the last items of shorter lists that end in a tie from all items of this graph at that distance."""
        k = indices.shape[1]
        rows = np.flatnonzero(self.distances[:, k - 1] == self.distances[:, k])
        level = self.distances[rows] == self.distances[rows, k - 1, None]
        begin = level.argmax(axis=1)
        counts = k - begin
        queries = np.repeat(np.arange(len(rows)), counts)
        picks = even_picks(draws_of(len(self), seed=1)[rows], level.sum(axis=1), counts) + begin[queries]
        picks = picks[np.lexsort((picks, queries))]  # ascending rows, in which this graph lists ties
        place = np.arange(len(picks)) - np.repeat(np.cumsum(counts) - counts, counts) + begin[queries]
        indices[rows[queries], place] = self.indices[rows[queries], picks]


@checked(SpecError)
def neighbor_graph(
    vectors: Float32Array | Features,
    k: int,
    *,
    metric: str = "euclidean",
    ties: str = "row",
    exact_up_to: int = EXACT_UP_TO,
    progress: Progress = no_progress,
) -> NeighborGraph:
    """The k nearest neighbors of every item: exact for small sets, at least 99 % of them found for large ones.

    The same vectors give the same graph on one machine, for any number of threads. Exact duplicates are neighbors at
    distance 0. Lists are ordered by (distance, row). An approximate search is made thorough enough for a recall of 0.99
    on a seeded sample; if that would take longer than an exact search, the graph is exact, and its recall is 1.

    Parameters
    ----------
    vectors
        float32, shape (n, d), or Features.
    k
        1 .. n - 1.
    metric
        ``euclidean`` or ``cosine`` (1 - cos of the angle between two vectors).
    ties
        The rule for equally far items if not all of them fit into the list. ``row`` lists the items of the lowest rows.
        ``even`` lists items drawn at random for each list, with a fixed seed. With ``even``, many items that have the
        same equally far neighbors do not all list the same few, and the order of the rows does not affect layouts. An
        approximate search draws from the ties it has found.
    exact_up_to
        Number of different vectors above which the search is approximate (unless d <= 3, where an exact one is fast).
    progress
        Called with stages ``duplicates``, ``search cells``, ``neighbor index``, ``recall`` and ``neighbors``.

    Raises
    ------
    SpecError
        If k, metric or ties is invalid, `checked_vectors` refuses the vectors, or the metric is cosine and a vector is
        all zero.

    Examples
    --------
    >>> graph = neighbor_graph(np.array([[0], [1], [3]], np.float32), 2)
    >>> graph.indices.tolist(), graph.distances.tolist()
    ([[1, 2], [0, 2], [1, 0]], [[1.0, 3.0], [1.0, 2.0], [2.0, 3.0]])
    """
    began = time.perf_counter()
    given, vectors = vectors, checked_vectors(vectors)
    n = len(vectors)
    if not 1 <= k < n:
        advice = f"k must be in 1..{n - 1}" if n > 1 else "a neighbor graph needs at least 2 items"
        raise SpecError(f"{advice}, got k {k} for {n} items")
    if ties not in TIES:
        raise SpecError(f"ties must be one of {', '.join(TIES)}, got {ties!r}")
    content = _content(given)
    vectors = measured_vectors(vectors, metric)
    twins = twins_of(vectors, progress=progress)
    rows = np.arange(n)
    index, recall = measured_index(twins, vectors, k, metric, exact_up_to=exact_up_to, progress=progress)
    draws = draws_of(n) if ties == "even" else None
    nearest = search(index, twins, vectors, k, of=rows, own=rows, draws=draws, progress=progress)
    source = given.fingerprint if isinstance(given, Features) else content
    seconds = time.perf_counter() - began
    return NeighborGraph(nearest.indices, nearest.distances, metric, recall, ties, source, content, seconds)


def with_even_ties(
    graph: NeighborGraph, k: int, vectors: Float32Array | Features, *, progress: Progress = no_progress
) -> NeighborGraph:
    """The graph of the k nearest neighbors with ``ties="even"`` (see `neighbor_graph`), made from a graph.

    Only lists that end among equally far items are searched again; the others are taken from the graph. A graph with
    more than k neighbors per item shows which lists end in a tie. If it has exactly k, up to 500 lists are searched for
    k + 1 neighbors; if one of them ends in a tie and there are more than 500 lists, all are searched again.

    Parameters
    ----------
    graph
        A neighbor graph of `vectors`.
    k
        1 .. `graph.k`.
    vectors
        float32, shape (n, d), or Features.
    progress
        Called with the stages of `neighbor_graph` if anything is searched.

    Raises
    ------
    SpecError
        If k is out of range.
    InputError
        If the graph was made from other vectors.
    """
    graph.check_made_from(vectors)
    shorter = graph.first(k)
    if graph.ties == "even" or k == len(graph) - 1:
        return shorter
    measured = measured_vectors(checked_vectors(vectors), graph.metric)
    if graph.k > k:
        rows = np.flatnonzero(graph.distances[:, k - 1] == graph.distances[:, k])
    else:
        sample = sample_rows(len(graph))
        further = _exact(measured, graph.metric, k + 1, sample, progress).distances
        rows = sample[further[:, k - 1] == further[:, k]]
        if len(rows) and len(sample) < len(graph):
            return neighbor_graph(vectors, k, metric=graph.metric, ties="even", progress=progress)
    if not len(rows):
        return shorter
    found = _exact(measured, graph.metric, k, rows, progress, draws_of(len(graph))[rows])
    indices, distances = shorter.indices.copy(), shorter.distances.copy()
    indices[rows], distances[rows] = found.indices, found.distances
    return replace(graph, indices=indices, distances=distances, ties="even")


def _exact(
    vectors: Float32Array, metric: str, k: int, rows: Int64Array, progress: Progress, draws: Float64Array | None = None
) -> NearestRows:
    twins = twins_of(vectors, progress=progress)
    index = ExactIndex(twins.different(vectors), metric, progress)
    return search(index, twins, vectors, k, of=rows, own=rows, draws=draws, progress=progress)


def _content(vectors: Float32Array | Features) -> str:
    return vectors.content if isinstance(vectors, Features) else fingerprint(vectors)
