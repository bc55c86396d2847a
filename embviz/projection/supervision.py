"""How labels shape a supervised layout: which labels count, and how much they weaken edges between different labels."""

from collections.abc import Sequence

import numpy as np

from embviz.arrays import Float32Array, Int64Array, check_array
from embviz.dataset import Dataset
from embviz.errors import SpecError
from embviz.projection.specs import USUAL_STRENGTH, Tsne, Umap
from embviz.projection.titles import METHODS

UNLABELED = -1
"""Label of an item that has none, as in umap-learn and scikit-learn."""

LARGEST_DISTANCE = 50.0
"""Largest distance between labels. exp(-50) is nothing beside any other weight, but still a number in float32."""


def shaping_labels(spec: Tsne | Umap, labels: Int64Array | Dataset | None, n_items: int) -> Int64Array | None:
    """Labels that shape a layout: int64, shape (n_items,), -1 for unlabeled items; None if `spec` is not supervised.

    Raises
    ------
    SpecError
        If the layout is supervised and labels are missing, a label is below -1, or no class has the name to be ignored.
    InputError
        If the labels have another type or shape.
    """
    if not spec.supervised:
        return None
    if labels is None or (isinstance(labels, Dataset) and labels.labels is None):
        raise SpecError(f"supervised {METHODS[spec.method]} needs labels; give labels, or leave supervised off")
    if isinstance(labels, Dataset):
        codes = _codes_of(labels, spec.ignored_label)
    elif spec.ignored_label is None:
        codes = labels
    else:
        raise SpecError(
            f"an array of labels has no class called {spec.ignored_label!r:.60}; give the dataset, or leave "
            f"ignored_label out and write {UNLABELED} for those items"
        )
    check_array("labels", codes, np.int64, (n_items,))
    if codes.min() < UNLABELED:
        raise SpecError(f"labels must be class codes from 0 up, or {UNLABELED} without one, got {codes.min()}")
    return codes


def _codes_of(dataset: Dataset, ignored_label: str | None) -> Int64Array:
    assert dataset.labels is not None, "asked before"
    if str(UNLABELED) in dataset.class_names and ignored_label != str(UNLABELED):
        raise SpecError(
            f"dataset {dataset.name!r} has a class called {UNLABELED}, which among labels means an item without one; "
            f"ignore that label, give labels as an array, {UNLABELED} for items without, or call the class something "
            "else"
        )
    return without_class(dataset.labels, dataset.class_names, ignored_label)


def without_class(codes: Int64Array, class_names: Sequence[str], ignored_label: str | None) -> Int64Array:
    """The labels, with -1 for the items of the class called `ignored_label`; unchanged if `ignored_label` is None.

    Raises
    ------
    SpecError
        If no class has this name.

    Examples
    --------
    >>> without_class(np.array([0, 1, 1, 2]), ("cat", "dog", "owl"), "dog").tolist()
    [0, -1, -1, 2]
    """
    if ignored_label is None:
        return codes
    if ignored_label not in class_names:
        known = ", ".join(class_names)
        raise SpecError(f"no class is called {ignored_label!r:.60}, so it cannot be ignored; choose from {known:.200}")
    return np.where(codes == list(class_names).index(ignored_label), UNLABELED, codes)


def label_factors(
    one: Int64Array, other: Int64Array, strength: float = USUAL_STRENGTH, *, unlabeled_distance: float = 0.0
) -> Float32Array:
    """Factors for the weights of edges: exp(-d), where d is the distance between the labels at both ends.

    The distance d is 0 for equal labels and 2.5 / (1 - strength / 100) for different ones, as umap-learn computes
    ``far_dist`` from ``target_weight``. It is at most `LARGEST_DISTANCE`, which it reaches at 95 percent.

    Parameters
    ----------
    one, other
        int64, of shapes that broadcast: labels at the two ends of each edge, -1 for none.
    strength
        How strongly labels count, in percent, 1..100.
    unlabeled_distance
        The distance d if an end has no label, umap-learn's ``unknown_dist``.

    Examples
    --------
    >>> factors = label_factors(np.array([3, 3, 3]), np.array([3, 7, -1]), 50, unlabeled_distance=1)
    >>> (-np.log(factors)).round(4).tolist()
    [-0.0, 5.0, 1.0]
    """
    far = LARGEST_DISTANCE if strength >= 100 else min(2.5 / (1 - strength / 100), LARGEST_DISTANCE)
    is_unlabeled = (one == UNLABELED) | (other == UNLABELED)
    distances = np.where(is_unlabeled, unlabeled_distance, np.where(one == other, 0.0, far))
    return np.exp(-distances).astype(np.float32)
