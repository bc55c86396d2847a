"""The overlap of every two classes of a dataset."""

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
"""Most classes that a table may have; so many take about a minute, and make a table that is hardly readable."""


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True, repr=False)
class OverlapMatrix:
    """The `Overlap` of every two of C classes.

    Not a confusion matrix: each entry is computed from the items of its two classes only.

    Attributes
    ----------
    space, k
        As in `Overlap`.
    n_per_class
        int64, shape (C,): number of items of each class, which may be 0.
    crossing
        float64, shape (C, C): how many neighbors of the items of the row's class are of the column's class, if only
        these two classes count (see `Overlap`); 0 where `missing` gives a reason.
    recall
        Share of the true neighbors that were found, 0..1: 1 unless an approximate graph was used.
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
        """Why there is no overlap of classes a and b in the table; empty if there is one."""
        return why_not((a, b), self.n_per_class, self.k)

    def pair(self, a: int, b: int) -> Overlap:
        """Overlap of classes a and b; if `recall` is 1, the same as `class_overlap` gives.

        Raises
        ------
        SpecError
            If the overlap is `missing`, with the reason as message.
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
        """`Overlap.rate` of every two classes, float64 (C, C), symmetric; NaN on the diagonal and where `missing`."""
        return self._entries("rate")

    @property
    def index(self) -> Float64Array:
        """`Overlap.index` of every two classes, float64 (C, C), symmetric; NaN on the diagonal and where `missing`."""
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
    """The overlap of every two classes, without a search for each pair of classes.

    Each item's k nearest are searched within each class; its k nearest within two classes are the first k of the two
    lists merged. If a neighbor graph is given, it replaces these searches for every item that has k items of its own
    class among its neighbors, and no two equally far ones up to there; these usually are nearly all items.

    Parameters
    ----------
    vectors, labels, k, space
        As in `class_overlap`.
    n_classes
        Number of classes; labels are 0 .. n_classes - 1. A class without items, or two classes with too few items for
        k, are no error, but `missing` in the result.
    graph
        Euclidean neighbor graph of `vectors`, to save time. An exact graph does not change the result; the result of
        an approximate graph is approximate, and has the graph's recall.
    progress
        Called with stage ``class overlap``.

    Raises
    ------
    SpecError
        If k, a label or the number of classes is out of range, or the graph has another metric or number of items.
    InputError
        If the graph was made from other vectors, or the dataset is of other items than the vectors.
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
    """Rows of the items that the graph does not suffice for; adds the neighbors of all other items to `counts`.

    For two classes, an item's k nearest lie no farther than its k-th neighbor of its own class, whatever the other
    class is. So the graph suffices for an item that has k neighbors of its own class, without ties up to there.
    """
    neighbor_labels = labels[graph.indices]
    own_before = np.cumsum(neighbor_labels == labels[:, None], axis=1)
    # A neighbor is tied if the next one is as far. Nothing comes after the last one of a list that has all items.
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
    """Crossing neighbors of all items: `counts`, plus those of the items at `rows`, by searches within each class."""
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
    """Values split by class, in one pass over the values for any number of classes."""
    ends = np.cumsum(np.bincount(labels, minlength=n_classes))
    return np.split(values[np.argsort(labels, kind="stable")], ends[:-1])
