"""The change of the overlap of every two classes by a layout: computed once and kept in the store."""

from embviz.dataset import Dataset, check_same_items
from embviz.errors import InputError
from embviz.faithfulness import OverlapChange, overlap_change
from embviz.features import Features
from embviz.overlap import class_codes, overlap_matrix
from embviz.pipeline.statistics.classes import overlap_matrix_of
from embviz.pipeline.stored import kept_value, key_of, stored_value
from embviz.progress import Progress, no_progress
from embviz.projection.projection import Projection
from embviz.projection.titles import spec_title
from embviz.storage.store import Store


def overlap_change_of(
    features: Features,
    projection: Projection,
    dataset: Dataset,
    k: int,
    *,
    store: Store,
    progress: Progress = no_progress,
) -> OverlapChange:
    """The change of the overlap of every two classes by a layout, from the store if it is there.

    For a layout that was steered, the change is not stored, because the layout is not.

    Raises
    ------
    InputError
        If the layout was not made from these features, or they belong to other items than the dataset's.
    SpecError
        If the dataset has no labels or fewer than 2 items, or k is below 1.
    Cancelled
        If `progress` raised it.
    """
    found = stored_overlap_change(features, projection, dataset, k, store=store)
    if found is None:
        before = overlap_matrix_of(features, dataset, k, store=store, progress=progress)
        title, n_classes = spec_title(projection.spec), len(dataset.class_names)
        after = overlap_matrix(projection, dataset, n_classes, k, space=title, progress=progress)
        found = overlap_change(before, after)
        if not projection.departure:
            kept_value(found, store, "overlap-change", _key(features, projection, dataset, k))
    return found


def stored_overlap_change(
    features: Features, projection: Projection, dataset: Dataset, k: int, *, store: Store
) -> OverlapChange | None:
    """The change of overlap by a layout from the store, None if it is not there; raises as `overlap_change_of`."""
    for what, items in (("features", features.items), ("layout", projection.items)):
        check_same_items(what, items, dataset)
    if projection.source != features.fingerprint:
        raise InputError("the layout was not made from these features; take those that it was made from")
    class_codes(dataset)
    if projection.departure:
        return None

    def fits(found: OverlapChange) -> bool:
        return (found.k, len(found)) == (k, len(dataset.class_names))

    return stored_value(OverlapChange, store, "overlap-change", _key(features, projection, dataset, k), fits=fits)


def _key(features: Features, projection: Projection, dataset: Dataset, k: int) -> str:
    return key_of(OverlapChange, features.fingerprint, projection.fingerprint, dataset.fingerprint, str(k))
