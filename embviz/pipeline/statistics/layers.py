"""The separation of two classes in one feature space after the other, and along an axis: computed once and stored."""

import numpy as np

from embviz.arrays import Int64Array
from embviz.dataset import Dataset, check_same_items
from embviz.features import Activations, Features, FeatureSpec
from embviz.features.catalogue import dataset_spaces
from embviz.features.features import HIDDEN_LAYER_SIZES
from embviz.layers import LayerLens, PairAxis, Separation, class_separation, layer_lens, pair_axis
from embviz.overlap import Overlap, class_codes, groups_of
from embviz.pipeline.data import can_train, features_of
from embviz.pipeline.statistics.classes import class_overlap_of
from embviz.pipeline.stored import kept_value, key_of, stored_value
from embviz.progress import Progress, no_progress
from embviz.storage.store import Store


def layer_specs(dataset: Dataset, hidden_layer_sizes: tuple[int, ...] = HIDDEN_LAYER_SIZES) -> tuple[FeatureSpec, ...]:
    """Specs of the feature spaces to compare: pixels, layers of a classifier that can be trained, and own vectors."""
    specs = [space.spec for space in dataset_spaces(dataset, hidden_layer_sizes)]
    return tuple(spec for spec in specs if not isinstance(spec, Activations) or can_train(dataset))


def layer_lens_of(
    dataset: Dataset,
    classes: tuple[int, int],
    k: int,
    specs: tuple[FeatureSpec, ...] = (),
    *,
    group: str | None = "",
    others_only: bool = False,
    store: Store,
    progress: Progress = no_progress,
) -> LayerLens:
    """The comparison of two classes in several feature spaces; a classifier that is not in the store is trained first.

    Parameters
    ----------
    dataset, classes, k, group, others_only, store, progress
        As in `class_overlap_of`.
    specs
        Specs of the feature spaces, in order; `layer_specs` if none are given.

    Raises
    ------
    InputError
        If `features_of` or `class_overlap_of` raises it.
    Cancelled
        If `progress` raised it.
    """
    spaces = [
        class_separation_of(
            features_of(dataset, spec, store=store, progress=progress),
            dataset,
            classes,
            k,
            group=group,
            others_only=others_only,
            store=store,
            progress=progress,
        )
        for spec in specs or layer_specs(dataset)
    ]
    return lens_of_spaces(spaces, dataset)


def lens_of_spaces(spaces: list[Separation], dataset: Dataset) -> LayerLens:
    """The comparison of two classes in these spaces; it records if a classifier was trained on some of the items.

    Raises
    ------
    InputError
        If the spaces belong to other items than the dataset's, or not all to the same two classes.
    """
    for each in spaces:
        check_same_items("spaces", each.items, dataset)
    own = [each for each in spaces if each.space == "pixels" or each.space.startswith("vectors")]
    return layer_lens(spaces, is_seen=len(own) < len(spaces) and dataset.split != "test")


def class_separation_of(
    features: Features,
    dataset: Dataset,
    classes: tuple[int, int],
    k: int,
    *,
    group: str | None = "",
    others_only: bool = False,
    store: Store,
    progress: Progress = no_progress,
) -> Separation:
    """The separation of two classes in a feature space, from the store if it is there.

    Parameters
    ----------
    features, dataset, classes, k, group, others_only, store, progress
        As in `class_overlap_of`. Its overlap is part of the result, so the class with the lower code comes first.

    Raises
    ------
    InputError
        As `class_overlap_of`.
    Cancelled
        If `progress` raised it.
    """
    overlap = class_overlap_of(
        features, dataset, classes, k, group=group, others_only=others_only, store=store, progress=progress
    )
    found = _stored_separation(features, dataset, overlap, store)
    if found is None:
        groups = groups_of(dataset, group)
        found = class_separation(
            features,
            dataset,
            overlap.classes,
            k,
            groups=groups,
            others_only=others_only,
            overlap=overlap,
            progress=progress,
        )
        kept_value(found, store, "separation", _separation_key(features, dataset, overlap))
    return found


def _stored_separation(features: Features, dataset: Dataset, overlap: Overlap, store: Store) -> Separation | None:
    rows = _rows(dataset, overlap.classes)

    def fits(found: Separation) -> bool:
        return found.overlap == overlap and found.items == dataset.items and np.array_equal(found.rows, rows)

    return stored_value(Separation, store, "separation", _separation_key(features, dataset, overlap), fits=fits)


def _separation_key(features: Features, dataset: Dataset, overlap: Overlap) -> str:
    assert overlap.spread is not None, "it was measured with its spread"
    asked = (*map(str, (*overlap.classes, overlap.k)), overlap.spread.group, str(overlap.others_chance is not None))
    return key_of(Separation, features.fingerprint, dataset.fingerprint, *asked)


def pair_axis_of(
    features: Features,
    dataset: Dataset,
    classes: tuple[int, int],
    *,
    group: str | None = "",
    store: Store,
    progress: Progress = no_progress,
) -> PairAxis:
    """The axis of two classes in a feature space, from the store if it is there.

    Parameters
    ----------
    features, dataset, classes, store, progress
        As in `pair_axis`.
    group
        Metadata column that says which items belong together, as in `groups_of`: empty for `Dataset.group`, None for
        none.

    Raises
    ------
    InputError
        If the features belong to other items than the dataset's.
    SpecError
        As `pair_axis`.
    Cancelled
        If `progress` raised it.
    """
    check_same_items("vectors", features.items, dataset)
    groups, rows = groups_of(dataset, group), _rows(dataset, classes)
    key = key_of(PairAxis, features.fingerprint, dataset.fingerprint, *map(str, classes), groups.name)

    def fits(axis: PairAxis) -> bool:
        made = (axis.classes, axis.space, axis.items, axis.accuracy.spread.group, len(axis.weights))
        asked = (classes, features.name, dataset.items, groups.name, features.vectors.shape[1])
        return made == asked and np.array_equal(axis.rows, rows)

    found = stored_value(PairAxis, store, "axis", key, fits=fits)
    if found is None:
        axis = pair_axis(features, dataset, classes, groups=groups, progress=progress)
        found = kept_value(axis, store, "axis", key)
    return found


def _rows(dataset: Dataset, classes: tuple[int, int]) -> Int64Array:
    return np.flatnonzero(np.isin(class_codes(dataset), classes)).astype(np.int64)
