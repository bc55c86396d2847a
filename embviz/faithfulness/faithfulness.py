"""The `Faithfulness` value: scores, item by item, of how well a layout keeps the neighbors in the data."""

from dataclasses import dataclass

import numpy as np

from embviz.arrays import BoolArray, Float32Array, Float64Array, Int64Array, frozen_array, summary
from embviz.checks.arguments import check_fields, check_range, checked
from embviz.dataset import Dataset, check_same_items
from embviz.errors import InputError, SpecError
from embviz.faithfulness.arrangement import Arrangement, class_arrangement
from embviz.faithfulness.edges import edges_of_features
from embviz.faithfulness.ranks import EXACT_UP_TO, SAMPLE, RankBounds, rank_bounds
from embviz.faithfulness.singularity import singularity_scores
from embviz.features.features import Features
from embviz.neighbors import NeighborGraph, checked_vectors, neighbor_graph
from embviz.progress import ROWS, Progress, blocks_of, no_progress
from embviz.projection.kernels.sparse import SparseGraph
from embviz.projection.projection import Projection
from embviz.projection.specs import Tsne

SCORES = ("trustworthiness", "continuity", "neighbor_recall", "class_trustworthiness", "class_continuity")
"""Names of the scores of `Faithfulness` that are 1 for an item whose neighbors are all kept."""

USUAL_K = 10
"""Default number of neighbors, if there are enough items."""


def usual_k(n: int) -> int:
    """The default number of neighbors for n items: `USUAL_K`, or the largest allowed; 0 if none is allowed.

    Examples
    --------
    >>> usual_k(10_000), usual_k(9), usual_k(2)
    (10, 4, 0)
    """
    return min(USUAL_K, (n - 1) // 2)


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True, repr=False)
class Faithfulness:
    """Scores, item by item, of how well a layout keeps the k nearest neighbors in the data.

    They do not say whether distances, sizes or gaps are right, or whether classes are apart: each score uses k
    neighbors only. Trustworthiness is high (.97) for layouts of any use; `corrected_recall` is easier to read.

    Attributes
    ----------
    k
        Number of neighbors.
    trustworthiness
        float64, shape (n,), 0..1 if ranks are exact: 1 if all neighbors in the layout are neighbors in the data. False
        neighbors lower it, the more the larger their ranks by distance in the data (Venna and Kaski, 2001).
    continuity
        float64, shape (n,), 0..1 if ranks are exact: 1 if all neighbors in the data are neighbors in the layout. Lost
        neighbors lower it, the more the larger their ranks by distance in the layout (Venna and Kaski, 2001).
    neighbor_recall
        float64, shape (n,): share of the k neighbors in the data that are among the k neighbors in the layout, 0..1.
    class_trustworthiness
        Trustworthiness in which only neighbors of another class count as wrong (Colange et al., 2020); None if the
        items have no classes.
    class_continuity
        Continuity in which only lost neighbors of the item's own class count; None if the items have no classes.
    hubness
        int64, shape (n,): number of items that have this one among their k neighbors in the data (Radovanovic et al.,
        2010); the mean is k. It does not depend on the layout.
    singularity
        float64, shape (n,): singularity score of each item of a t-SNE layout, see `singularity_scores`; None for other
        layouts.
    arrangement
        Whether the angles between classes are those in the data; None if there are fewer than two classes.
    recall
        Share of the true neighbors in the data that were found, 0..1: 1 unless an approximate graph was used.
    n_ranked
        Number of items among which ranks were counted: all, or a sample of a large set, from which they are estimated.
    items
        Fingerprint of the dataset's items, `Dataset.items`; empty for plain arrays.
    """

    k: int
    trustworthiness: Float64Array
    continuity: Float64Array
    neighbor_recall: Float64Array
    class_trustworthiness: Float64Array | None
    class_continuity: Float64Array | None
    hubness: Int64Array
    singularity: Float64Array | None = None
    arrangement: Arrangement | None = None
    recall: float = 1.0
    n_ranked: int = 0
    items: str = ""

    __repr__ = summary

    def __post_init__(self) -> None:
        check_fields(self)
        shape = self.neighbor_recall.shape
        for name in SCORES:
            values = getattr(self, name)
            if values is not None:
                object.__setattr__(self, name, frozen_array(name, values, np.float64, shape))
                if len(values) and values.max() > 1 + 1e-9:
                    raise InputError(f"{name} must be at most 1, got {values.max():g}")
        object.__setattr__(self, "hubness", frozen_array("hubness", self.hubness, np.int64, shape))
        if self.singularity is not None:
            object.__setattr__(self, "singularity", frozen_array("singularity", self.singularity, np.float64, shape))
        if (self.class_trustworthiness is None) != (self.class_continuity is None):
            raise InputError("class_trustworthiness and class_continuity must be given together or not at all")
        check_range("recall", self.recall, 0, 1)

    def __len__(self) -> int:
        return len(self.neighbor_recall)

    @property
    def corrected_recall(self) -> Float64Array:
        """Neighbor recall above chance, R_NX (Lee and Verleysen, 2009), float64 (n,): 1 if all are kept, 0 by chance.

        ((n - 1) recall - k) / (n - 1 - k), which is below 0 for an item that keeps fewer than chance would.
        """
        others = len(self) - 1
        return (others * self.neighbor_recall - self.k) / (others - self.k)

    @property
    def columns(self) -> dict[str, Float64Array | Int64Array]:
        """The arrays with one value per item, by name, without those that are None."""
        named = {name: getattr(self, name) for name in (*SCORES, "hubness", "singularity")}
        return {name: values for name, values in named.items() if values is not None}

    @property
    def means(self) -> dict[str, float]:
        """The mean of each score over all items, by name, and of `corrected_recall`; without scores that are None."""
        scores = {name: float(values.mean()) for name, values in self.columns.items() if name in SCORES}
        return scores | {"corrected_recall": float(self.corrected_recall.mean())}

    @property
    def hubness_skewness(self) -> float:
        """Skewness of `hubness`: near 0 if all items are neighbors about equally often, above 1 if some are hubs."""
        deviations = self.hubness - self.hubness.mean()
        spread = float(np.sqrt(np.mean(deviations**2)))
        return float(np.mean((deviations / spread) ** 3)) if spread else 0.0


@checked(SpecError)
def layout_faithfulness(
    vectors: Float32Array | Features,
    layout: Float32Array | Projection,
    labels: Int64Array | Dataset | None = None,
    k: int = USUAL_K,
    *,
    graph: NeighborGraph | None = None,
    edges: SparseGraph | None = None,
    progress: Progress = no_progress,
) -> Faithfulness:
    """Scores, item by item, of how well a layout keeps the k nearest neighbors in the data.

    With r(i, j) the rank of j by distance from i in the data, trustworthiness of item i is 1 - 2 / (k (2n - 3k - 1))
    times the sum of max(0, r(i, j) - k) over its k neighbors j in the layout. Continuity is the same with data and
    layout exchanged. Ranks of equally far items are averaged over all their orders; if not all of them fit into a
    neighbor list, some are drawn at random with a fixed seed.

    With more than 20,000 items, ranks are counted among 10,000 of them, drawn at random with a fixed seed, and at least
    about 99 % of the true neighbors are found.

    Parameters
    ----------
    vectors
        Features, or the float32 array of shape (n, d).
    layout
        A layout of these items, or its coordinates.
    labels
        int64, shape (n,): class codes; or the dataset of the items. None, or a dataset without classes, leaves out the
        two scores that need classes. Labels that shaped a t-SNE layout must be given.
    k
        Number of neighbors, at least 1 and below n / 2.
    graph
        Euclidean neighbor graph of `vectors` with at least k neighbors, to save time.
    edges
        Joint probabilities of a t-SNE layout, for `singularity_scores`; made if the layout is a `Projection` by t-SNE
        of `Features`, and of no other items than these.
    progress
        Called with stages ``neighbors``, ``ranks``, ``angles`` and ``singularity``, and those of `neighbor_graph`.

    Raises
    ------
    SpecError
        If k is out of range, distances between the vectors cannot be computed, or the graph does not fit them.
    InputError
        If layout, labels or graph belong to other items than the vectors.

    Examples
    --------
    In the layout the items at 2 and 5 have moved. The nearest neighbor of the item at 1 is now the item at 5, which is
    its third nearest in the data: the trustworthiness of the item at 1 is 1 - 2 (3 - 1) / (2 * 5 - 3 - 1). From the
    item at 5, the items at 1 and 9 are equally far, second or third nearest, which exceeds 1 by 1.5 on average.

    >>> data = np.array([[0], [1], [2], [5], [9]], np.float32)
    >>> layout = np.array([[0, 0], [1.5, 0], [6, 0], [2, 0], [9, 0]], np.float32)
    >>> found = layout_faithfulness(data, layout, k=1)
    >>> found.trustworthiness.round(3).tolist(), found.neighbor_recall.tolist()
    ([1.0, 0.333, 0.0, 0.5, 0.667], [1.0, 0.0, 0.0, 0.0, 0.0])
    """
    data = checked_vectors(vectors)
    coords = checked_vectors(layout.coords if isinstance(layout, Projection) else layout)
    n = len(data)
    _check_items(vectors, layout, labels)
    if len(coords) != n:
        raise SpecError(f"the layout must have a row for each of the {n} items, got {len(coords)}")
    if not 1 <= k < n / 2:
        advice = (
            f"k must be in 1..{(n - 1) // 2}, below half of the {n} items" if n > 2 else "at least 3 items are needed"
        )
        raise SpecError(f"{advice}, got k {k} for {n} items")
    codes = labels.labels if isinstance(labels, Dataset) else labels
    if codes is not None and (codes.dtype != np.int64 or codes.shape != (n,)):
        raise SpecError(f"labels must be int64 of shape ({n},), got {codes.dtype} of shape {codes.shape}")
    near = _graph_of(vectors, data, k, graph, progress)
    shown = neighbor_graph(coords, k, ties="even", progress=progress)
    is_kept, is_found = _listed_in(shown, near, progress), _listed_in(near, shown, progress)
    wrong = _beyond(rank_bounds(data, shown.indices, progress=progress), is_kept, k)
    lost = _beyond(rank_bounds(coords, near.indices, progress=progress), is_found, k)
    class_scores: tuple[Float64Array | None, Float64Array | None] = (None, None)
    arrangement = None
    if codes is not None:
        arrangement = class_arrangement(data, coords, codes, progress=progress)
        is_other, is_own = codes[shown.indices] != codes[:, None], codes[near.indices] == codes[:, None]
        class_scores = _score(wrong * is_other), _score(lost * is_own)
    whole = layout if isinstance(layout, Projection) and layout.n_laid_out is None else None
    if edges is None and whole and isinstance(whole.spec, Tsne) and isinstance(vectors, Features):
        edges = edges_of_features(vectors, whole.spec, labels, progress=progress)
    return Faithfulness(
        k=k,
        trustworthiness=_score(wrong),
        continuity=_score(lost),
        neighbor_recall=is_kept.mean(axis=1),
        class_trustworthiness=class_scores[0],
        class_continuity=class_scores[1],
        hubness=np.bincount(near.indices.ravel(), minlength=n).astype(np.int64),
        singularity=None if edges is None else singularity_scores(coords, edges, progress=progress),
        arrangement=arrangement,
        recall=near.recall,
        n_ranked=n if n <= EXACT_UP_TO else SAMPLE,
        items=next((each.items for each in (vectors, layout, labels) if isinstance(each, _WITH_ITEMS)), ""),
    )


_WITH_ITEMS = Features | Projection | Dataset


def _check_items(
    vectors: Float32Array | Features, layout: Float32Array | Projection, labels: Int64Array | Dataset | None
) -> None:
    if isinstance(labels, Dataset):
        for what, each in (("features", vectors), ("layout", layout)):
            if not isinstance(each, np.ndarray):
                check_same_items(what, each.items, labels)
    if isinstance(vectors, Features) and isinstance(layout, Projection) and vectors.items != layout.items:
        raise InputError("the layout is of other items than the features, or has them in another order")


def _graph_of(
    vectors: Float32Array | Features, data: Float32Array, k: int, graph: NeighborGraph | None, progress: Progress
) -> NeighborGraph:
    if graph is None:
        return neighbor_graph(data, k, ties="even", progress=progress)
    if len(graph) != len(data) or graph.metric != "euclidean" or graph.k < k:
        raise SpecError(
            f"graph must hold {k} euclidean neighbors of each of {len(data)} items, got {graph.k} {graph.metric} ones "
            f"of {len(graph)}; leave it out"
        )
    graph.check_made_from(vectors)
    return graph.first(k)


def _listed_in(one: NeighborGraph, other: NeighborGraph, progress: Progress) -> BoolArray:
    """Whether each entry of the lists of one graph is in the same item's list of the other; bool, shape (n, k)."""
    n = len(one)
    found = np.empty(one.indices.shape, np.bool_)
    for rows in blocks_of("ranks", n, ROWS, progress):
        base = np.arange(n)[rows, None] * n
        found[rows] = np.isin(base + one.indices[rows], base + other.indices[rows])
    return found


def _beyond(ranks: RankBounds, is_listed: BoolArray, k: int) -> Float64Array:
    """The excess of each entry's rank over k; 0 for entries that are known to be among the first k.

    Entries that are listed and have no ties are among the first k, even if the estimate of their rank exceeds k.
    """
    beyond = ranks.beyond(k)
    beyond[is_listed & (ranks.level == 1)] = 0
    return beyond


def _score(beyond: Float64Array) -> Float64Array:
    """The score of each item: 1 minus the sum of its excess ranks, as a share of the largest possible sum."""
    n, k = beyond.shape
    score: Float64Array = 1 - beyond.sum(axis=1) * (2 / (k * (2 * n - 3 * k - 1)))
    return score
