"""The label check of a view, and class overlap with corrected labels: each computed once for all visitors."""

from dataclasses import dataclass

from embviz.arrays import Float64Array
from embviz.dataset import Dataset
from embviz.findings.pairs import pair_turns
from embviz.label_check import LabelCheck
from embviz.library import Kind, library_of
from embviz.overlap import Overlap
from embviz.pipeline import class_overlap_of, label_check_of, stored_label_check
from embviz.progress import Progress, no_progress
from embviz.storage.store import Store
from embviz.view import Forming, View, turns

LABEL_CHECKS = Kind[LabelCheck](2**24, "testing labels")


@dataclass(frozen=True, eq=False, slots=True)
class CorrectedOverlaps:
    """Overlap of two classes in feature space before and after labels were corrected.

    Attributes
    ----------
    before, after
        Overlap with the labels as given, and with the corrected ones.
    """

    before: Overlap
    after: Overlap


def checked_labels_of(view: View | Forming, *, store: Store, progress: Progress = no_progress) -> LabelCheck:
    """The label check of a view, which scores the doubt about each label; taken from memory or the store if possible.

    It trains classifiers and may have to find neighbors, so the computation waits in the queue of layouts.

    Raises
    ------
    SpecError
        If the dataset has no labels, or labels of one class only.
    Cancelled
        If `progress` raised it.
    """
    dataset, features = view.dataset, view.features

    def checked() -> LabelCheck:
        stored = stored_label_check(features, dataset, store=store)
        if stored is not None:
            return stored
        with turns.turn(progress):
            return label_check_of(features, dataset, store=store, progress=progress)

    return library_of(store).shared(LABEL_CHECKS, _check_key(view), checked, progress)


def label_scores_at_hand(view: View | Forming, store: Store) -> dict[str, Float64Array]:
    """The score of the doubt about each item's label, by its name; empty if the check is not in memory."""
    check = library_of(store).found(LABEL_CHECKS, _check_key(view))
    return {} if check is None else {"label_doubt": check.score}


def _check_key(view: View | Forming) -> tuple[str, str]:
    return view.dataset.fingerprint, view.features.fingerprint


def corrected_overlaps_of(
    view: View | Forming,
    corrected: Dataset,
    pair: tuple[int, int],
    k: int,
    *,
    store: Store,
    progress: Progress = no_progress,
) -> CorrectedOverlaps:
    """The overlap of two classes in feature space, with the labels as given and with the corrected ones.

    Raises
    ------
    SpecError
        If a class has no items under the given or under the corrected labels, or `k` is below 1.
    Cancelled
        If `progress` raised it.
    """
    with pair_turns.turn(progress):
        before, after = (
            class_overlap_of(view.features, dataset, pair, k, store=store, progress=progress)
            for dataset in (view.dataset, corrected)
        )
    return CorrectedOverlaps(before, after)
