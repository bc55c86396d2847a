"""The `ErrorBounds` value: bounds of the least error with which two classes can be told apart."""

import math
from dataclasses import dataclass

import numpy as np

from embviz.arrays import BoolArray, Float64Array, Int64Array
from embviz.bounds.local import local_measures
from embviz.bounds.order import OrderedPair, ordered_pair
from embviz.bounds.permuted import permuted_labels
from embviz.bounds.tree import cross_edges, spanning_tree
from embviz.checks.arguments import check_fields, check_range, checked
from embviz.dataset import Dataset
from embviz.errors import SpecError
from embviz.overlap.classes import Measurable, labeled_vectors, names_of, why_not
from embviz.overlap.groups import Groups, check_groups
from embviz.overlap.intervals import at_most, quantile_of
from embviz.overlap.replicates import jackknife_error, overlap_replicates, why_no_replicates
from embviz.progress import Progress, no_progress

PERMUTATIONS = 999
"""Number of random labelings for the permutation test of cross edges; so the least p-value is 1 / 1,000."""

DRAWN = 2**20
"""Number of labels that are drawn at once."""


@dataclass(frozen=True, slots=True)
class NearestNeighbor:
    """Error of the nearest-neighbor rule, and the bounds that it sets to the least error of any classifier.

    Attributes
    ----------
    error
        Share of the items whose nearest neighbor is of the other class: the leave-one-out error, also called N3.
    low, high
        Bounds of Cover and Hart (1967): (1 - sqrt(1 - 2 error)) / 2 and the error itself, at most 1/2. They hold in the
        limit of many items; with few items, and in many dimensions, both are too high.
    error_at_most
        Upper bound of the error, 3 / n, if no item's nearest neighbor is of the other class, see `intervals.at_most`;
        else None.
    """

    error: float
    low: float
    high: float
    error_at_most: float | None


@dataclass(frozen=True, slots=True)
class HenzePenrose:
    """Edges between the classes in the minimum spanning tree of their items, the bounds that follow, and a p-value.

    Attributes
    ----------
    cross_edges
        Number of edges of the tree that join the classes (Friedman and Rafsky, 1979); fractions come from equal items.
    expected
        Expected number if labels were random: 2 n_a n_b / n.
    low, high
        Bounds of the least error (Berisha et al., 2016), from the divergence D = 1 - cross_edges / expected, at least 0
        (Henze and Penrose, 1999): with the shares p and q of the classes and u = 4 p q D + (p - q)², they are (1 -
        sqrt(u)) / 2 and (1 - u) / 2.
    p_value
        Share of random labelings, see `permuted_labels`, with at most as many cross edges, relative to `expected`, as
        the data; the data's own labeling is one of them. Small if the classes differ, however little: it does not
        measure the size of the difference.
    n_permutations
        Number of labelings drawn.
    """

    cross_edges: float
    expected: float
    low: float
    high: float
    p_value: float
    n_permutations: int


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure between 0 and 1, and its 95 % interval; `low` and `high` are None if it has none."""

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, weakref_slot=True)
class ErrorBounds:
    """Bounds of the least error with which any classifier that gets these features can tell two classes apart.

    That least error is called the Bayes error. It is for classes as frequent as in the sample, and for this space only:
    a network may separate classes that overlap as pixels. It is *not* the error of a particular classifier, and wrong
    labels count as errors.

    Attributes
    ----------
    classes, space, n_per_class
        As in `Overlap`.
    nearest_neighbor, henze_penrose
        Bounds of the least error.
    n2, local_set_cardinality
        Two measures that are not error rates, see `local_measures`: N2, and local set cardinality.
    n_units, group
        Number of items, or groups of items, that were left out in turn for the intervals of N2 and local set
        cardinality, and the name of a group. For the p-value, the items of a group were relabeled together.
    missing
        The reason why the two measures have no interval, in words; empty if they have one.
    """

    classes: tuple[int, int]
    space: str
    n_per_class: tuple[int, int]
    nearest_neighbor: NearestNeighbor
    henze_penrose: HenzePenrose
    n2: Measure
    local_set_cardinality: Measure
    n_units: int
    group: str = ""
    missing: str = ""

    def __post_init__(self) -> None:
        check_fields(self, SpecError)
        for name in ("nearest_neighbor", "henze_penrose"):
            bounds = getattr(self, name)
            check_range(f"{name}.high", bounds.high, 0, 0.5)
            check_range(f"{name}.low", bounds.low, 0, bounds.high)
        for name in ("n2", "local_set_cardinality"):
            check_range(f"{name}.value", getattr(self, name).value, 0, 1)

    @property
    def chance(self) -> float:
        """Error of the best classifier that ignores the features: the share of the smaller class."""
        return min(self.n_per_class) / sum(self.n_per_class)

    @property
    def cardinality_apart(self) -> float:
        """Local set cardinality of two classes of these sizes that are completely separate."""
        n_a, n_b = self.n_per_class
        return 1 - (n_a**2 + n_b**2) / (n_a + n_b) ** 2


@checked(SpecError)
def error_bounds(
    vectors: Measurable,
    labels: Int64Array | Dataset,
    classes: tuple[int, int],
    *,
    space: str,
    groups: Groups | None = None,
    progress: Progress = no_progress,
) -> ErrorBounds:
    """Bounds of the least error with which two classes can be told apart, and two measures beside them.

    Parameters
    ----------
    vectors, labels, classes, space, groups
        As in `class_overlap`.
    progress
        Called with the stages of `nearest_rows`, and with ``spanning tree``, ``permutations`` and ``local sets``.

    Raises
    ------
    SpecError
        If the classes are the same, one has fewer than 2 items, `labeled_vectors` refuses the data, or the number of
        groups is not that of the items.
    InputError
        If dataset or groups belong to other items than the features or the layout.

    Examples
    --------
    Among six items on a line, only those at 2 and 3 have a neighbor of the other class as near as one of their own
    class, so each counts half.

    >>> line = np.array([[0], [1], [2], [3], [4], [5]], np.float32)
    >>> found = error_bounds(line, np.array([0, 0, 0, 1, 1, 1]), (0, 1), space="line")
    >>> round(found.nearest_neighbor.error, 4), round(found.nearest_neighbor.low, 4)
    (0.1667, 0.0918)
    >>> found.henze_penrose.cross_edges, found.henze_penrose.expected
    (1.0, 3.0)
    """
    array, codes = labeled_vectors(vectors, labels)
    n_per_class = np.bincount(codes)
    if reason := why_not(classes, n_per_class, 1, names_of(labels)) or _too_few(classes, n_per_class):
        raise SpecError(reason)
    if groups is not None:
        check_groups(groups, vectors, len(codes))
    rows = np.flatnonzero(np.isin(codes, classes))
    is_second = codes[rows] == classes[1]
    own = np.arange(len(rows)) if groups is None else groups.among(rows)
    n_units = int(own.max()) + 1
    named = groups.name if groups else ""
    pair = ordered_pair(array[rows], is_second, own)
    missing = why_no_replicates(is_second, own, 1)
    items = pair.points[pair.vector_of]
    local = local_measures(items, pair.is_second, pair.groups, is_repeated=not missing, progress=progress)
    if not (missing or np.isfinite(local.n2_without).all()):
        missing = "without one of its groups a class has a single item"
    shares = overlap_replicates(array[rows], is_second, own, 1, is_repeated=False, progress=progress).shares
    return ErrorBounds(
        classes=classes,
        space=space,
        n_per_class=(int((~is_second).sum()), int(is_second.sum())),
        nearest_neighbor=_nearest_neighbor(math.fsum(shares) / len(shares), n_units),
        henze_penrose=_henze_penrose(pair, progress),
        n2=_measure(local.n2, local.n2_without, missing),
        local_set_cardinality=_measure(local.local_sets, local.local_sets_without, missing),
        n_units=n_units,
        group=named,
        missing=missing,
    )


def _too_few(classes: tuple[int, int], n_per_class: Int64Array) -> str:
    few = [code for code in classes if n_per_class[code] < 2]
    return f"bounds of the error need at least 2 items of each class, class {few[0]} has 1; add items" if few else ""


def _nearest_neighbor(error: float, n_units: int) -> NearestNeighbor:
    return NearestNeighbor(
        error=error,
        low=(1 - math.sqrt(max(0.0, 1 - 2 * error))) / 2,
        high=min(error, 0.5),
        error_at_most=at_most(n_units) if error == 0 else None,
    )


def _henze_penrose(pair: OrderedPair, progress: Progress) -> HenzePenrose:
    edges = spanning_tree(pair, progress)
    n = len(pair.is_second)

    def of_expected(is_second: BoolArray) -> tuple[Float64Array, Float64Array]:
        n_second = is_second.sum(axis=1)
        return cross_edges(edges, pair.vector_of, is_second), 2 * n_second * (n - n_second) / n

    (found,), (expected,) = of_expected(pair.is_second[None])
    as_few = 1
    drawn = 0
    for labels in permuted_labels(pair.is_second, pair.groups, PERMUTATIONS, max(1, DRAWN // n)):
        progress("permutations", drawn, PERMUTATIONS)
        crossing, thought = of_expected(labels)
        as_few += int((crossing / thought <= found / expected * (1 + 1e-9)).sum())
        drawn += len(labels)
    share = float(pair.is_second.mean())
    divergence = float(max(0.0, 1 - found / expected))
    u = min(1.0, 4 * share * (1 - share) * divergence + (2 * share - 1) ** 2)
    return HenzePenrose(
        cross_edges=float(found),
        expected=float(expected),
        low=(1 - math.sqrt(u)) / 2,
        high=float(1 - u) / 2,
        p_value=as_few / (PERMUTATIONS + 1),
        n_permutations=PERMUTATIONS,
    )


def _measure(value: float, without: Float64Array, missing: str) -> Measure:
    """A measure with Student's interval from the jackknife, cut off at 0 and 1."""
    if missing:
        return Measure(value, None, None)
    reach = quantile_of(len(without)) * jackknife_error(without)
    return Measure(value, max(0.0, value - reach), min(1.0, value + reach))
