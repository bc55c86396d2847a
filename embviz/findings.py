"""What is measured of the classes of a view: once for all visitors who look at the same, and in turn."""

from dataclasses import dataclass

from embviz.dataset import Dataset
from embviz.features.features import Features
from embviz.library import Library
from embviz.overlap import ClosestPairs, Overlap, OverlapMatrix, class_overlap, closest_pairs
from embviz.pipeline import overlap_matrix_of, stored_overlap_matrix
from embviz.progress import Progress, no_progress
from embviz.projection.projection import Projection
from embviz.store import Store
from embviz.turns import Turns
from embviz.view import Forming, View, turns


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class PairFindings:
    """What is said of one pair of classes.

    Attributes
    ----------
    in_features
        Their overlap in feature space.
    in_projection
        Their overlap in the layout; None while that still forms.
    closest
        The closest pairs of an item of each, in feature space.
    """

    in_features: Overlap
    in_projection: Overlap | None
    closest: ClosestPairs


pairs: Library[PairFindings] = Library(2**18, "class overlap")
matrices: Library[OverlapMatrix] = Library(2**20, "class overlap")

pair_turns = Turns(1)
"""Pairs of 70,000 items take five seconds, of 10,000 a moment: they wait for each other, and not for layouts."""


def pair_findings_of(
    view: View | Forming, pair: tuple[int, int], k: int, n_closest: int, *, progress: Progress = no_progress
) -> PairFindings:
    """What is said of two classes, measured with `k` neighbors of each item.

    Raises
    ------
    SpecError
        If one of the classes has no items, or `k` or `n_closest` is below 1.
    Cancelled
        If `progress` raised it.
    """
    dataset, features = view.dataset, view.features
    projection = view.projection if isinstance(view, View) else None

    def measured() -> PairFindings:
        with pair_turns.turn(progress):
            return _pair_findings(dataset, features, projection, pair, k, n_closest, progress)

    layout = None if projection is None else projection.fingerprint
    key = (dataset.fingerprint, features.fingerprint, layout, pair, k, n_closest)
    return pairs.shared(key, measured, progress)


def _pair_findings(
    dataset: Dataset,
    features: Features,
    projection: Projection | None,
    pair: tuple[int, int],
    k: int,
    n_closest: int,
    progress: Progress,
) -> PairFindings:
    in_features = class_overlap(features, dataset, pair, k, space=features.name, progress=progress)
    in_projection = None
    if projection is not None:
        space = f"{projection.spec.method}-{projection.spec.n_components}d"
        in_projection = class_overlap(projection, dataset, pair, k, space=space, progress=progress)
    closest = closest_pairs(features, dataset, pair, n_closest, progress=progress)
    return PairFindings(in_features, in_projection, closest)


def matrix_of(view: View | Forming, k: int, *, store: Store, progress: Progress = no_progress) -> OverlapMatrix:
    """The overlap of every two classes in feature space, from memory or the store if it is there.

    Finding the neighbors of all items takes as long as a layout, so it waits with the layouts for its turn.

    Raises
    ------
    SpecError
        If the dataset has no labels or fewer than 2 items, or `k` is below 1.
    Cancelled
        If `progress` raised it.
    """
    dataset, features = view.dataset, view.features

    def measured() -> OverlapMatrix:
        stored = stored_overlap_matrix(features, dataset, k, store=store)
        if stored is not None:
            return stored
        with turns.turn(progress):
            return overlap_matrix_of(features, dataset, k, store=store, progress=progress)

    return matrices.shared((dataset.fingerprint, features.fingerprint, k), measured, progress)
