"""The `Ladder` value: the overlap of two classes at three rungs: features, weighted edges of a layout, and layout."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from embviz.arrays import Float64Array
from embviz.checks.arguments import checked
from embviz.dataset import Dataset, check_same_items
from embviz.errors import InputError, SpecError
from embviz.faithfulness.edges import edge_replicates, edges_of_features
from embviz.features.features import Features
from embviz.overlap.classes import labeled_vectors, why_not
from embviz.overlap.groups import Groups
from embviz.overlap.intervals import LEVEL, Interval, Spread, interval_of, quantile_of
from embviz.overlap.replicates import jackknife_error, overlap_replicates, why_no_replicates
from embviz.progress import Progress, no_progress
from embviz.projection.kernels.sparse import SparseGraph
from embviz.projection.projection import Projection
from embviz.projection.specs import LinearSpec

WHOLE = (0, -1)
"""Indices of the first and the last rung."""


@dataclass(frozen=True, slots=True)
class Step:
    """The change of the overlap of two classes from one rung of a `Ladder` (features, edges or layout) to another.

    Attributes
    ----------
    before, after
        Overlap index at the first and at the second rung.
    interval
        95 % confidence interval of after - before; None if it is not known.
    """

    before: float
    after: float
    interval: Interval | None

    @property
    def is_clear(self) -> bool:
        """Whether the change is significant: its confidence interval does not include 0."""
        return self.interval is not None and (self.interval.low > 0 or self.interval.high < 0)


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Ladder:
    """The overlap of two classes in the features, in the weighted edges of a layout, and in the layout: its rungs.

    It does not say which method is best: a method that pulls classes apart hides overlap, and a method that piles them
    up invents overlap; both are wrong. Neighbors and edges count among the items of the two classes only.

    Attributes
    ----------
    classes, k, n_per_class
        As in `Overlap`.
    rungs
        Names of the spaces in which overlap is measured: ``features``, ``edges`` and ``layout``; without ``edges`` for
        PCA and other linear layouts, which have none, or if `no_edges` has a reason.
    indices
        Overlap index at each rung.
    index_errors
        Standard error of each index; empty if `missing` has a reason.
    step_errors
        Standard error of each rung's difference from the rung before, paired: the same items are left out of both;
        empty if `missing` has a reason.
    whole_error
        Standard error of the last rung's difference from the first; None if it is not known.
    n_units, group, missing
        As in `Spread`.
    no_edges
        The reason, in words, why edges are left out although the method has edges; empty if they are not left out.
    """

    classes: tuple[int, int]
    k: int
    n_per_class: tuple[int, int]
    rungs: tuple[str, ...]
    indices: tuple[float, ...]
    index_errors: tuple[float, ...]
    step_errors: tuple[float, ...]
    whole_error: float | None
    n_units: int
    group: str = ""
    missing: str = ""
    no_edges: str = ""

    @property
    def intervals(self) -> list[Interval | None]:
        """95 % confidence interval of the index at each rung; None if it is not known."""
        if self.missing:
            return [None] * len(self.rungs)
        spread = Spread(None, None, self.n_units, quantile_of(self.n_units), self.group)
        return [
            interval_of(index, error, self._highest, spread, self._n_trials)
            for index, error in zip(self.indices, self.index_errors, strict=True)
        ]

    @property
    def steps(self) -> list[Step]:
        """The change from each rung to the next."""
        errors = self.step_errors or [None] * (len(self.rungs) - 1)
        return [self._step(place, place + 1, error) for place, error in enumerate(errors)]

    @property
    def whole(self) -> Step:
        """The change from the features to the layout."""
        return self._step(*WHOLE, self.whole_error)

    def _step(self, begin: int, end: int, error: float | None) -> Step:
        before, after = self.indices[begin], self.indices[end]
        if error is None:
            return Step(before, after, None)
        reach = quantile_of(self.n_units) * error
        if before == 0 or after == 0:  # nothing was counted, as in `interval_of`
            reach = max(reach, 3 / self._n_trials * self._highest)
        others = f", from other {self.group}s" if self.group else ""
        method = "delete-a-group" if self.group else "jackknife"
        change = after - before
        covers = f"the mean over samples of this size{others}"
        return Step(before, after, Interval(change - reach, change + reach, LEVEL, method, covers))

    @property
    def _highest(self) -> float:
        n = sum(self.n_per_class)
        return 2 * (n - 1) / n

    @property
    def _n_trials(self) -> int:
        return self.n_units if self.group else 2 * min(self.n_per_class)


@checked(SpecError)
def overlap_ladder(
    features: Features,
    layout: Projection,
    dataset: Dataset,
    classes: tuple[int, int],
    k: int = 10,
    *,
    groups: Groups | None = None,
    edges: SparseGraph | None = None,
    progress: Progress = no_progress,
) -> Ladder:
    """The overlap of two classes in features, in a layout's weighted edges and in the layout, with paired errors.

    In features and layout the overlap is that of `class_overlap`; in the edges it is the share of their weight that
    joins the two classes, see `edge_replicates`. All three are measured again without each item, or each group of
    items, in turn; the standard error of a difference is the jackknife's of the differences (Efron and Stein, 1981).

    Parameters
    ----------
    features, layout, dataset
        Features, a layout made from them, and the dataset of the same items.
    classes, k, groups, progress
        As in `class_overlap`.
    edges
        The result of `edges_of` for the layout's spec, to save time; None for linear layouts, which have none, and for
        some items of a larger layout, which was not made from edges between these alone.

    Raises
    ------
    SpecError
        If the classes are the same, one has no items, or k is out of range.
    InputError
        If features, layout, groups and dataset do not belong to the same items.
    """
    vectors, codes = labeled_vectors(features, dataset)
    coords, _ = labeled_vectors(layout, dataset)
    if layout.source != features.fingerprint:
        raise InputError("the layout was not made from these features; take those that it was made from")
    if reason := why_not(classes, np.bincount(codes), k, dataset.class_names):
        raise SpecError(reason)
    if groups is not None:
        check_same_items("groups", groups.items, dataset)
    no_edges = ""
    if edges is None and not isinstance(layout.spec, LinearSpec) and layout.n_laid_out is not None:
        no_edges = f"the layout was made of {layout.n_laid_out:,} items, of which these are some"
    elif edges is None and not isinstance(layout.spec, LinearSpec):
        edges = edges_of_features(features, layout.spec, dataset, progress=progress)
    if edges is not None and len(edges) != len(codes):
        raise SpecError(f"edges must join the {len(codes)} items, got those of {len(edges)}")
    rows = np.flatnonzero(np.isin(codes, classes))
    is_b = codes[rows] == classes[1]
    own = np.arange(len(rows)) if groups is None else groups.among(rows)
    missing = why_no_replicates(is_b, own, k)
    by_item = groups is None or groups.has_single_items
    found: list[tuple[str, float, Float64Array, float]] = []
    for name, space in (("features", vectors), ("edges", None), ("layout", coords)):
        if space is not None:
            measured = overlap_replicates(
                space[rows], is_b, own, k, is_repeated=not missing, by_item=by_item, progress=progress
            )
            error = 0.0 if missing else measured.standard_errors[1]
            found.append((name, measured.rate / measured.chance, measured.indices, error))
        elif edges is not None:
            progress("class overlap", 0, 0)
            joined = edge_replicates(edges, rows, is_b, own)
            if joined is None:
                no_edges = "one class has no edges to items of the two classes, or none without one of its groups"
            else:
                error = 0.0 if missing else jackknife_error(joined.indices)
                found.append((name, joined.index, joined.indices, error))
    rungs, indices, replicates, errors = zip(*found, strict=True)
    steps = [after - before for before, after in pairwise(replicates)] if not missing else []
    return Ladder(
        classes=classes,
        k=k,
        n_per_class=(int((~is_b).sum()), int(is_b.sum())),
        rungs=rungs,
        indices=indices,
        index_errors=() if missing else errors,
        step_errors=tuple(map(jackknife_error, steps)),
        whole_error=None if missing else jackknife_error(replicates[-1] - replicates[0]),
        n_units=max(2, int(own.max()) + 1),
        group=groups.name if groups else "",
        missing=missing,
        no_edges=no_edges,
    )
