"""Bounds of the error between two classes: computed once and kept in the store."""

from embviz.bounds import ErrorBounds, error_bounds
from embviz.dataset import Dataset, check_same_items
from embviz.features import Features
from embviz.overlap import class_codes, groups_of
from embviz.pipeline.stored import kept_value, key_of, stored_value
from embviz.progress import Progress, no_progress
from embviz.storage.store import Store


def error_bounds_of(
    features: Features,
    dataset: Dataset,
    classes: tuple[int, int],
    *,
    group: str | None = "",
    store: Store,
    progress: Progress = no_progress,
) -> ErrorBounds:
    """Bounds of the error between two classes in feature space, from the store if they are there.

    Parameters
    ----------
    features, dataset, classes
        As in `error_bounds`.
    group
        Metadata column that says which items belong together, as in `groups_of`: empty for `Dataset.group`, None for
        none.
    store
        The store in which the bounds are looked up and kept.
    progress
        As in `error_bounds`.

    Raises
    ------
    InputError
        If the features belong to other items than the dataset's.
    SpecError
        If the dataset has no labels or no column named `group`, or `error_bounds` raises it.
    Cancelled
        If `progress` raised it.
    """
    bounds = stored_error_bounds(features, dataset, classes, group=group, store=store)
    if bounds is None:
        groups = groups_of(dataset, group)
        bounds = error_bounds(features, dataset, classes, space=features.name, groups=groups, progress=progress)
        kept_value(bounds, store, "error-bounds", _key(features, dataset, classes, groups.name))
    return bounds


def stored_error_bounds(
    features: Features, dataset: Dataset, classes: tuple[int, int], *, group: str | None = "", store: Store
) -> ErrorBounds | None:
    """Bounds of the error between two classes from the store, else None; raises as `error_bounds_of`."""
    check_same_items("vectors", features.items, dataset)
    n_a, n_b = (int((class_codes(dataset) == code).sum()) for code in classes)
    name = groups_of(dataset, group).name

    def fits(bounds: ErrorBounds) -> bool:
        made = (bounds.classes, bounds.space, bounds.n_per_class, bounds.group)
        return made == (classes, features.name, (n_a, n_b), name)

    return stored_value(ErrorBounds, store, "error-bounds", _key(features, dataset, classes, name), fits=fits)


def _key(features: Features, dataset: Dataset, classes: tuple[int, int], group: str) -> str:
    return key_of(ErrorBounds, features.fingerprint, dataset.fingerprint, *map(str, classes), group)
