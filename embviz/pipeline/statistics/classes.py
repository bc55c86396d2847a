"""Statistics of classes, in feature space and in layouts: computed once and kept in the store."""

import numpy as np

from embviz.dataset import Dataset, check_same_items
from embviz.features import Features
from embviz.overlap import (
    ClosestPairs,
    Overlap,
    OverlapMatrix,
    class_codes,
    class_overlap,
    closest_pairs,
    groups_of,
    labeled_vectors,
    overlap_matrix,
)
from embviz.pipeline.neighbors import SHARED_NEIGHBORS, graph_of
from embviz.pipeline.stored import kept_value, key_of, stored_value
from embviz.progress import Progress, no_progress
from embviz.projection.projection import Projection
from embviz.projection.titles import method_title
from embviz.storage.store import Store


def class_overlap_of(
    measured: Features | Projection,
    dataset: Dataset,
    classes: tuple[int, int],
    k: int,
    *,
    group: str | None = "",
    others_only: bool = False,
    store: Store,
    progress: Progress = no_progress,
) -> Overlap:
    """The overlap of two classes in feature space or in a layout, from the store if it is there.

    In the result, the class with the lower code comes first, in whichever order the two are given.

    The overlap in a layout that was steered is not stored, because the layout is not.

    Parameters
    ----------
    measured, dataset, classes, k, others_only
        As in `class_overlap`.
    group
        Metadata column that says which items belong together, as in `groups_of`: empty for `Dataset.group`, None for
        none.
    store
        The store in which the overlap is looked up and kept.
    progress
        As in `class_overlap`.

    Raises
    ------
    InputError
        If the features or the layout belong to other items than the dataset's.
    SpecError
        If the dataset has no labels or no column named `group`, or `class_overlap` raises it.
    Cancelled
        If `progress` raised it.
    """
    classes = _ascending(classes)
    overlap = stored_class_overlap(measured, dataset, classes, k, group=group, others_only=others_only, store=store)
    if overlap is None:
        groups = groups_of(dataset, group)
        overlap = class_overlap(
            measured,
            dataset,
            classes,
            k,
            space=_space(measured),
            groups=groups,
            others_only=others_only,
            progress=progress,
        )
        if _is_kept(measured):
            key = _overlap_key(measured, dataset, classes, k, groups.name, others_only=others_only)
            kept_value(overlap, store, "class-overlap", key)
    return overlap


def stored_class_overlap(
    measured: Features | Projection,
    dataset: Dataset,
    classes: tuple[int, int],
    k: int,
    *,
    group: str | None = "",
    others_only: bool = False,
    store: Store,
) -> Overlap | None:
    """The overlap of two classes in feature space or in a layout from the store; None if it is not there.

    Parameters are those of `class_overlap_of`.

    Raises
    ------
    InputError
        If the features or the layout belong to other items than the dataset's.
    SpecError
        If the dataset has no labels, or no column named `group`.
    """
    classes = _ascending(classes)
    n_per_class = _n_per_class(measured, dataset, classes)
    name = groups_of(dataset, group).name

    def fits(overlap: Overlap) -> bool:
        made = (overlap.classes, overlap.space, overlap.k, overlap.n_per_class)
        return made == (classes, _space(measured), k, n_per_class) and overlap.spread.group == name

    if not _is_kept(measured):
        return None
    key = _overlap_key(measured, dataset, classes, k, name, others_only=others_only)
    return stored_value(Overlap, store, "class-overlap", key, fits=fits)


def closest_pairs_of(
    features: Features,
    dataset: Dataset,
    classes: tuple[int, int],
    count: int,
    *,
    store: Store,
    progress: Progress = no_progress,
) -> ClosestPairs:
    """The closest pairs of one item of each class in feature space, from the store if they are there.

    Items of the class with the lower code come first, in whichever order the classes are given.

    Raises
    ------
    InputError
        If the features belong to other items than the dataset's.
    SpecError
        If the dataset has no labels, or `closest_pairs` raises it.
    Cancelled
        If `progress` raised it.
    """
    classes = _ascending(classes)
    pairs = stored_closest_pairs(features, dataset, classes, count, store=store)
    if pairs is None:
        pairs = closest_pairs(features, dataset, classes, count, progress=progress)
        kept_value(pairs, store, "closest-pairs", _pairs_key(features, dataset, classes, count))
    return pairs


def stored_closest_pairs(
    features: Features, dataset: Dataset, classes: tuple[int, int], count: int, *, store: Store
) -> ClosestPairs | None:
    """The closest pairs of two classes from the store, None if they are not there; raises as `closest_pairs_of`."""
    classes = _ascending(classes)
    n_a, n_b = _n_per_class(features, dataset, classes)

    def fits(pairs: ClosestPairs) -> bool:
        rows_a, rows_b = (np.flatnonzero(class_codes(dataset) == code) for code in classes)
        are_theirs = np.isin(pairs.rows_a, rows_a).all() and np.isin(pairs.rows_b, rows_b).all()
        made = (pairs.classes, len(pairs), pairs.items)
        return bool(are_theirs) and made == (classes, min(count, n_a * n_b), dataset.items)

    key = _pairs_key(features, dataset, classes, count)
    return stored_value(ClosestPairs, store, "closest-pairs", key, fits=fits)


def overlap_matrix_of(
    features: Features,
    dataset: Dataset,
    k: int,
    *,
    group: str | None = "",
    others_only: bool = False,
    store: Store,
    progress: Progress = no_progress,
) -> OverlapMatrix:
    """The overlaps of every two classes in feature space, from the store, or computed with the stored neighbor graph.

    `group` is the metadata column that says which items belong together, as in `groups_of`: empty for `Dataset.group`,
    None for none. With `others_only`, only items of other groups count as neighbors.

    Raises
    ------
    InputError
        If the features belong to other items than the dataset's.
    SpecError
        If the dataset has no labels, no column named `group` or fewer than 2 items, or k is below 1.
    Cancelled
        If `progress` raised it.
    """
    matrix = stored_overlap_matrix(features, dataset, k, group=group, others_only=others_only, store=store)
    if matrix is None:
        groups = groups_of(dataset, group)
        graph = graph_of(features, min(SHARED_NEIGHBORS, len(features) - 1), store=store, progress=progress)
        matrix = overlap_matrix(
            features,
            dataset,
            len(dataset.class_names),
            k,
            space=features.name,
            graph=graph,
            groups=groups,
            others_only=others_only,
            progress=progress,
        )
        key = _matrix_key(features, dataset, k, groups.name, others_only=others_only)
        kept_value(matrix, store, "overlap", key)
    return matrix


def stored_overlap_matrix(
    features: Features, dataset: Dataset, k: int, *, group: str | None = "", others_only: bool = False, store: Store
) -> OverlapMatrix | None:
    """The overlaps of every two classes in feature space from the store, else None; raises as `overlap_matrix_of`."""
    _, codes = labeled_vectors(features, dataset)
    counts = np.bincount(codes, minlength=len(dataset.class_names))
    name = groups_of(dataset, group).name

    def fits(matrix: OverlapMatrix) -> bool:
        made = (matrix.k, matrix.space, matrix.spreads.group, matrix.strangers is not None)
        return made == (k, features.name, name, others_only) and np.array_equal(matrix.n_per_class, counts)

    key = _matrix_key(features, dataset, k, name, others_only=others_only)
    return stored_value(OverlapMatrix, store, "overlap", key, fits=fits)


def _matrix_key(features: Features, dataset: Dataset, k: int, group: str, *, others_only: bool) -> str:
    return key_of(OverlapMatrix, features.fingerprint, dataset.fingerprint, str(k), group, str(others_only))


def _overlap_key(
    measured: Features | Projection,
    dataset: Dataset,
    classes: tuple[int, int],
    k: int,
    group: str,
    *,
    others_only: bool,
) -> str:
    asked = (*map(str, (*classes, k)), group, str(others_only))
    parts = (measured.fingerprint, dataset.fingerprint, _space(measured), *asked)
    return key_of(Overlap, *parts)


def _pairs_key(features: Features, dataset: Dataset, classes: tuple[int, int], count: int) -> str:
    return key_of(ClosestPairs, features.fingerprint, dataset.fingerprint, *map(str, (*classes, count)))


def _space(measured: Features | Projection) -> str:
    if isinstance(measured, Features):
        return measured.name
    return method_title(measured.spec)


def _ascending(classes: tuple[int, int]) -> tuple[int, int]:
    """The two classes in the one order in which their statistics are computed and stored."""
    a, b = classes
    return (a, b) if a <= b else (b, a)


def _is_kept(measured: Features | Projection) -> bool:
    return isinstance(measured, Features) or not measured.departure


def _n_per_class(measured: Features | Projection, dataset: Dataset, classes: tuple[int, int]) -> tuple[int, int]:
    """Number of items of each of the two classes, after a check that `measured` has the dataset's items."""
    check_same_items("vectors", measured.items, dataset)
    n_a, n_b = (int((class_codes(dataset) == code).sum()) for code in classes)
    return n_a, n_b
