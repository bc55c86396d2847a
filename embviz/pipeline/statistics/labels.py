"""The check of a dataset's labels: computed once and kept in the store."""

import numpy as np

from embviz.dataset import Dataset, check_same_items
from embviz.features import Features
from embviz.label_check import LabelCheck, check_labels
from embviz.label_check.label_check import SEARCHED
from embviz.overlap import class_codes, groups_of
from embviz.pipeline.neighbors import graph_of
from embviz.pipeline.stored import kept_value, key_of, stored_value
from embviz.progress import Progress, no_progress
from embviz.storage.store import Store


def label_check_of(
    features: Features,
    dataset: Dataset,
    *,
    group: str | None = "",
    store: Store,
    progress: Progress = no_progress,
) -> LabelCheck:
    """The label check of a dataset, from the store if it is there.

    Raises
    ------
    InputError
        If the features belong to other items than the dataset's.
    SpecError
        If the dataset has no labels, or `check_labels` raises it.
    Cancelled
        If `progress` raised it.
    """
    found = stored_label_check(features, dataset, group=group, store=store)
    if found is None:
        graph = None
        if len(features) > 1 and len(np.unique(class_codes(dataset))) > 1:
            graph = graph_of(features, min(SEARCHED, len(features) - 1), store=store, progress=progress)
        found = check_labels(features, dataset, group=group, graph=graph, progress=progress)
        kept_value(found, store, "label-check", _key(features, dataset, group), known=("items",))
    return found


def stored_label_check(
    features: Features, dataset: Dataset, *, group: str | None = "", store: Store
) -> LabelCheck | None:
    """The label check of a dataset from the store, None if it is not there; raises as `label_check_of`."""
    check_same_items("features", features.items, dataset)

    def fits(check: LabelCheck) -> bool:
        return (len(check), check.space) == (len(dataset), features.name)

    key = _key(features, dataset, group)
    return stored_value(LabelCheck, store, "label-check", key, fits=fits, items=dataset.items)


def has_label_check(features: Features, dataset: Dataset, *, store: Store) -> bool:
    """Whether the store has a label check of a dataset, perhaps a damaged one; raises as `label_check_of`."""
    check_same_items("features", features.items, dataset)
    return store.has("label-check", _key(features, dataset, ""))


def _key(features: Features, dataset: Dataset, group: str | None) -> str:
    class_codes(dataset)  # raises if there are no labels
    return key_of(LabelCheck, features.fingerprint, dataset.fingerprint, groups_of(dataset, group).name)
