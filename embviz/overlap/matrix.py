"""The overlap of every two classes."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from embviz.arrays import Float32Array, Float64Array, Int64Array, frozen_array, summary
from embviz.checks.arguments import check_fields, check_range, checked
from embviz.dataset import Dataset
from embviz.errors import SpecError
from embviz.neighbors import NeighborGraph
from embviz.overlap.classes import Measurable, labeled_vectors, why_not
from embviz.overlap.crossing import ClassDistances, class_distances, crossing_shares, total
from embviz.overlap.overlap import Overlap
from embviz.progress import Progress, no_progress
from embviz.projection.projection import Projection

MOST_CLASSES = 1_000
"""Whose every two are compared: a table that nobody reads, in a minute or so."""


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True, repr=False)
class OverlapMatrix:
    """The `Overlap` of every two of C classes.

    Not a confusion matrix: each entry sees the items of its own two classes only.

    Attributes
    ----------
    space, k
        As in `Overlap`.
    n_per_class
        int64, shape (C,): number of items of each class, may be 0.
    crossing
        float64, shape (C, C): how many of the neighbors of the row's items are of the column's class,
        when only the two are there (see `Overlap`); 0 where `missing` gives a reason.
    recall
        Share of the true neighbors that were looked at, 0..1: 1 unless an approximate graph was used.
    """

    space: str
    k: int
    n_per_class: Int64Array
    crossing: Float64Array
    recall: float = 1.0

    __repr__ = summary

    def __post_init__(self) -> None:
        check_fields(self, SpecError)
        n_classes = len(self.n_per_class)
        object.__setattr__(self, "n_per_class", frozen_array("n_per_class", self.n_per_class, np.int64, (n_classes,)))
        object.__setattr__(
            self, "crossing", frozen_array("crossing", self.crossing, np.float64, (n_classes, n_classes))
        )
        check_range("recall", self.recall, 0, 1)
        if not ((self.crossing >= 0) & (self.crossing <= self.k * self.n_per_class[:, None])).all():
            raise SpecError(f"crossing must be in 0..{self.k} for each item of the row's class")

    def __len__(self) -> int:
        return len(self.n_per_class)

    def missing(self, a: int, b: int) -> str:
        """Why classes a and b have no overlap; empty if they have one."""
        return why_not((a, b), self.n_per_class, self.k)

    def pair(self, a: int, b: int) -> Overlap:
        """The overlap of classes a and b; that of `class_overlap` where `recall` is 1.

        Raises
        ------
        SpecError
            With the text of `missing`, if there is one.
        """
        if reason := self.missing(a, b):
            raise SpecError(reason)
        return Overlap(
            classes=(a, b),
            space=self.space,
            k=self.k,
            n_per_class=(int(self.n_per_class[a]), int(self.n_per_class[b])),
            crossing=(float(self.crossing[a, b]), float(self.crossing[b, a])),
        )

    @property
    def rate(self) -> Float64Array:
        """Balanced rates, float64 (C, C), symmetric; NaN on the diagonal and where a pair is `missing`."""
        return self._entries("rate")

    @property
    def index(self) -> Float64Array:
        """Indices, float64 (C, C), symmetric; NaN on the diagonal and where a pair is `missing`."""
        return self._entries("index")

    def _entries(self, name: str) -> Float64Array:
        values = np.full(self.crossing.shape, np.nan)
        for a, b in combinations(range(len(self)), 2):
            if not self.missing(a, b):
                values[a, b] = values[b, a] = getattr(self.pair(a, b), name)
        return values


@checked(SpecError)
def overlap_matrix(
    vectors: Measurable,
    labels: Int64Array | Dataset,
    n_classes: int,
    k: int = 10,
    *,
    space: str,
    graph: NeighborGraph | None = None,
    progress: Progress = no_progress,
) -> OverlapMatrix:
    """The overlap of every two classes, without a search for each pair.

    Each item's k nearest are looked up within each class; its k nearest within two classes are the
    first k of two such lists merged. A neighbor graph that happens to be there already holds these
    lists for every item that has k of its own class among its neighbors and none of them tied, usually
    nearly all.

    Parameters
    ----------
    vectors, labels, k, space
        As in `class_overlap`.
    n_classes
        Labels are 0 .. n_classes - 1. A class without items, and two classes with too few for k, are
        `missing` in the result, not an error.
    graph
        The Euclidean neighbor graph of `vectors`, to save time. An exact one changes nothing in the
        result; with an approximate one the result is as approximate, and tells its recall.
    progress
        Called with stage ``class overlap``.

    Raises
    ------
    SpecError
        If k, a label or the number of classes is out of range, or the graph is of another metric or number of items.
    InputError
        If the graph is of other vectors, or the dataset of other items.
    """
    array, codes = labeled_vectors(vectors, labels)
    if codes.max() >= n_classes:
        raise SpecError(f"labels must be in 0..{n_classes - 1}, got {codes.max()}; pass the number of classes")
    n = len(codes)
    if k < 1:
        raise SpecError(f"k must be at least 1, got {k}")
    if n_classes > MOST_CLASSES:
        raise SpecError(f"a table of every two classes has at most {MOST_CLASSES:,} of them, got {n_classes:,}")
    if graph is not None and (len(graph) != n or graph.metric != "euclidean"):
        raise SpecError(
            f"graph must be the euclidean one of these {n} vectors, got a {graph.metric} one of {len(graph)}; "
            "leave it out"
        )
    if graph is not None:
        graph.check_made_from(vectors.coords if isinstance(vectors, Projection) else vectors)
    counts = np.zeros((n_classes, n_classes), np.int64)
    n_per_class = np.bincount(codes, minlength=n_classes)
    crossing = np.zeros(counts.shape)
    if k < n:  # else every pair has too few items
        open_rows = np.arange(n) if graph is None else _count_in_graph(counts, graph, codes, k)
        crossing = _with_searches(counts, array, codes, k, open_rows, progress)
    is_missing = (n_per_class == 0) | (n_per_class == 0)[:, None] | (np.add.outer(n_per_class, n_per_class) <= k)
    crossing[is_missing | np.eye(n_classes, dtype=bool)] = 0
    return OverlapMatrix(
        space=space,
        k=k,
        n_per_class=n_per_class,
        crossing=crossing,
        recall=1.0 if graph is None else graph.recall,
    )


def _count_in_graph(counts: Int64Array, graph: NeighborGraph, labels: Int64Array, k: int) -> Int64Array:
    """Add to `counts` what the items contribute whose neighbors settle it; the rows of all others.

    Nothing beyond an item's k-th neighbor of its own class is ever among its k nearest of a pair.
    """
    neighbor_labels = labels[graph.indices]
    own_before = np.cumsum(neighbor_labels == labels[:, None], axis=1)
    # Of those without ties up to that neighbor, with what comes after it too: nothing, if the list has all items.
    after_all = np.inf if graph.k == len(graph) - 1 else graph.distances[:, -1:]
    following = np.hstack([graph.distances[:, 1:], np.broadcast_to(after_all, (len(graph), 1))])
    tied = np.cumsum(graph.distances == following, axis=1)
    place = np.minimum((own_before < k).sum(axis=1), graph.k - 1)
    settled = (own_before[:, -1] >= k) & (np.take_along_axis(tied, place[:, None], axis=1)[:, 0] == 0)
    neighbor_labels, own_before, settled_labels = neighbor_labels[settled], own_before[settled], labels[settled]
    for code in range(len(counts)):
        theirs = neighbor_labels == code
        counted = theirs & (np.cumsum(theirs, axis=1) + own_before <= k)
        np.add.at(counts[:, code], settled_labels, counted.sum(axis=1))
    return np.flatnonzero(~settled)


def _with_searches(
    counts: Int64Array, vectors: Float32Array, labels: Int64Array, k: int, rows: Int64Array, progress: Progress
) -> Float64Array:
    """`counts` and what the items at `rows` contribute, by searches within each class."""
    n_classes = len(counts)
    finished = 0

    def advance(stage: str, done: int, _total: int) -> None:
        searched = finished + done if stage == "neighbors" else finished
        progress("class overlap", searched, len(rows) * n_classes)

    members = [np.flatnonzero(labels == code) for code in range(n_classes)]
    own = ClassDistances(np.empty((len(labels), k), np.float32), np.empty(len(labels), np.int64))
    for code, among in enumerate(members):
        of = rows[labels[rows] == code]
        own.distances[of], own.further[of] = class_distances(
            vectors, k, among=among, of=of, is_own=True, progress=advance
        )
        finished += len(of)
    crossing = np.empty(counts.shape)
    for code, among in enumerate(members):
        of = rows[labels[rows] != code]
        other = class_distances(vectors, k, among=among, of=of, is_own=False, progress=advance)
        shares = crossing_shares(own.at(of), other)
        for own_code, theirs in enumerate(_by_class(shares, labels[of], n_classes)):
            crossing[own_code, code] = total([counts[own_code, code], *theirs.tolist()])
        finished += len(of)
    return crossing


def _by_class(values: Float64Array, labels: Int64Array, n_classes: int) -> list[Float64Array]:
    """The values of each class, in one pass over them however many classes there are."""
    ends = np.cumsum(np.bincount(labels, minlength=n_classes))
    return np.split(values[np.argsort(labels, kind="stable")], ends[:-1])
