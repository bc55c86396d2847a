"""The overlap of two classes in features, edges and layout, a `Ladder`: computed once and kept in the store."""

from embviz.dataset import Dataset, check_same_items
from embviz.errors import InputError
from embviz.faithfulness import Ladder, overlap_ladder
from embviz.features import Features
from embviz.overlap import class_codes, groups_of
from embviz.pipeline.statistics.edges import layout_edges_of
from embviz.pipeline.stored import kept_value, key_of, spec_key, stored_value
from embviz.progress import Progress, no_progress
from embviz.projection.projection import Projection
from embviz.storage.store import Store


def ladder_of(
    features: Features,
    projection: Projection,
    dataset: Dataset,
    classes: tuple[int, int],
    k: int,
    *,
    group: str | None = "",
    store: Store,
    progress: Progress = no_progress,
) -> Ladder:
    """The overlap of two classes in features, edges and layout, from the store if it is there.

    In the result, the class with the lower code comes first, in whichever order the two are given. The ladder of a
    layout that was steered is not stored, because the layout is not.

    Parameters
    ----------
    features, projection, dataset
        Features of the dataset's items, and a layout of these features.
    classes, k
        As in `class_overlap`.
    group
        Metadata column that says which items belong together, as in `groups_of`: empty for `Dataset.group`, None for
        none.
    store
        The store in which the ladder is looked up and kept.
    progress
        Called with the stages of whatever is not in the store.

    Raises
    ------
    InputError
        If the layout was not made from these features, or they belong to other items than the dataset's.
    SpecError
        If the dataset has no labels or no column named `group`, or `overlap_ladder` raises it.
    Cancelled
        If `progress` raised it.
    """
    classes = _ascending(classes)
    found = stored_ladder(features, projection, dataset, classes, k, group=group, store=store)
    if found is None:
        edges = None
        if projection.n_laid_out is None:
            edges = layout_edges_of(features, projection.spec, dataset, store=store, progress=progress)
        groups = groups_of(dataset, group)
        found = overlap_ladder(features, projection, dataset, classes, k, groups=groups, edges=edges, progress=progress)
        if not projection.departure:
            kept_value(found, store, "ladder", _key(features, projection, dataset, classes, k, groups.name))
    return found


def stored_ladder(
    features: Features,
    projection: Projection,
    dataset: Dataset,
    classes: tuple[int, int],
    k: int,
    *,
    group: str | None = "",
    store: Store,
) -> Ladder | None:
    """The ladder of two classes from the store, None if it is not there; raises as `ladder_of`."""
    classes = _ascending(classes)
    for what, items in (("features", features.items), ("layout", projection.items)):
        check_same_items(what, items, dataset)
    if projection.source != features.fingerprint:
        raise InputError("the layout was not made from these features; take those that it was made from")
    codes, name = class_codes(dataset), groups_of(dataset, group).name
    if projection.departure:
        return None
    n_per_class = tuple(int((codes == code).sum()) for code in classes)

    def fits(ladder: Ladder) -> bool:
        return (ladder.classes, ladder.k, ladder.n_per_class, ladder.group) == (classes, k, n_per_class, name)

    return stored_value(Ladder, store, "ladder", _key(features, projection, dataset, classes, k, name), fits=fits)


def _ascending(classes: tuple[int, int]) -> tuple[int, int]:
    return min(classes), max(classes)


def _key(
    features: Features, projection: Projection, dataset: Dataset, classes: tuple[int, int], k: int, group: str
) -> str:
    made_from = (features.fingerprint, projection.fingerprint, dataset.fingerprint, spec_key(projection.spec))
    return key_of(Ladder, *made_from, *map(str, (*classes, k)), group)
