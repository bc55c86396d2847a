"""Statistics of the classes of a view, computed once for all visitors who look at it, and one after another."""

from dataclasses import dataclass

from embviz.bounds import ErrorBounds
from embviz.features.features import Features
from embviz.jobs.turns import Turns
from embviz.library import Kind, library_of
from embviz.overlap import ClosestPairs, Overlap, OverlapMatrix
from embviz.pipeline import (
    class_overlap_of,
    closest_pairs_of,
    error_bounds_of,
    overlap_matrix_of,
    stored_class_overlap,
    stored_closest_pairs,
    stored_error_bounds,
    stored_overlap_matrix,
)
from embviz.progress import Progress, no_progress
from embviz.projection.projection import Projection
from embviz.storage.store import Store
from embviz.view import Forming, View, turns


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class PairFindings:
    """Overlap and closest pairs of two classes.

    Attributes
    ----------
    in_features
        Overlap of the classes in feature space.
    in_projection
        Overlap of the classes in the layout; None while the layout still forms.
    closest
        The closest pairs of one item of each class, in feature space.
    """

    in_features: Overlap
    in_projection: Overlap | None
    closest: ClosestPairs


PAIRS = Kind[PairFindings](2**18, "class overlap")
BOUNDS = Kind[ErrorBounds](2**17, "error bounds")
MATRICES = Kind[OverlapMatrix](2**20, "class overlap")

pair_turns = Turns(1)
"""Queue for statistics of two classes, apart from the queue of layouts.

These statistics take five seconds for 70,000 items and a moment for 10,000. So they wait for each other, but not for
layouts.
"""


def pair_findings_of(
    view: View | Forming,
    pair: tuple[int, int],
    k: int,
    n_closest: int,
    *,
    others_only: bool = False,
    store: Store,
    progress: Progress = no_progress,
) -> PairFindings:
    """Overlap and closest pairs of two classes, taken from memory or the store if they are there.

    The overlap counts `k` neighbors of each item; with `others_only`, only items of other groups count as neighbors.
    `n_closest` is the number of closest pairs.

    Raises
    ------
    SpecError
        If one of the classes has no items, or `k` or `n_closest` is below 1.
    Cancelled
        If `progress` raised it.
    """
    dataset, features = view.dataset, view.features
    projection = view.projection if isinstance(view, View) else None

    def stored_overlap(measured: Features | Projection) -> Overlap | None:
        return stored_class_overlap(measured, dataset, pair, k, others_only=others_only, store=store)

    def overlap_of(measured: Features | Projection) -> Overlap:
        return class_overlap_of(measured, dataset, pair, k, others_only=others_only, store=store, progress=progress)

    def stored() -> PairFindings | None:
        in_features = stored_overlap(features)
        closest = stored_closest_pairs(features, dataset, pair, n_closest, store=store)
        in_projection = None
        if projection is not None:
            in_projection = stored_overlap(projection)
        if in_features is None or closest is None or (in_projection is None and projection is not None):
            return None
        return PairFindings(in_features, in_projection, closest)

    def computed() -> PairFindings:
        in_features = overlap_of(features)
        in_projection = None
        if projection is not None:
            in_projection = overlap_of(projection)
        closest = closest_pairs_of(features, dataset, pair, n_closest, store=store, progress=progress)
        return PairFindings(in_features, in_projection, closest)

    def found() -> PairFindings:
        kept = stored()
        if kept is not None:
            return kept
        with pair_turns.turn(progress):
            return computed()

    layout = None if projection is None else projection.fingerprint
    key = (dataset.fingerprint, features.fingerprint, layout, frozenset(pair), k, n_closest, others_only)
    return library_of(store).shared(PAIRS, key, found, progress)


def bounds_of(
    view: View | Forming, pair: tuple[int, int], *, store: Store, progress: Progress = no_progress
) -> ErrorBounds:
    """Bounds of the Bayes error of two classes in feature space, taken from memory or the store if they are there.

    Raises
    ------
    SpecError
        If one of the classes has fewer than 2 items.
    Cancelled
        If `progress` raised it.
    """
    dataset, features = view.dataset, view.features

    def found() -> ErrorBounds:
        kept = stored_error_bounds(features, dataset, pair, store=store)
        if kept is not None:
            return kept
        with pair_turns.turn(progress):
            return error_bounds_of(features, dataset, pair, store=store, progress=progress)

    key = (dataset.fingerprint, features.fingerprint, pair)
    return library_of(store).shared(BOUNDS, key, found, progress)


def matrix_of(
    view: View | Forming, k: int, *, others_only: bool = False, store: Store, progress: Progress = no_progress
) -> OverlapMatrix:
    """Overlap of every two classes in feature space, taken from memory or the store if it is there.

    It counts `k` neighbors of each item; with `others_only`, only items of other groups count as neighbors.
    Finding the neighbors of all items takes as long as a layout, so the computation waits in the queue of layouts.

    Raises
    ------
    SpecError
        If the dataset has no labels or fewer than 2 items, or `k` is below 1.
    Cancelled
        If `progress` raised it.
    """
    dataset, features = view.dataset, view.features

    def measured() -> OverlapMatrix:
        stored = stored_overlap_matrix(features, dataset, k, others_only=others_only, store=store)
        if stored is not None:
            return stored
        with turns.turn(progress):
            return overlap_matrix_of(features, dataset, k, others_only=others_only, store=store, progress=progress)

    key = (dataset.fingerprint, features.fingerprint, k, others_only)
    return library_of(store).shared(MATRICES, key, measured, progress)
