"""Coordinates of items along chosen directions in feature space, computed block by block in float64."""

import numpy as np

from embviz.arrays import Float32Array, Float64Array, Int64Array
from embviz.dataset import Dataset, check_same_items
from embviz.errors import SpecError
from embviz.features.features import Features
from embviz.progress import Progress, blocks_of, no_progress
from embviz.projection.directions.spec import Direction, Directions, End

BLOCK = 2**22
"""Number of values that are converted to float64 at a time: 32 MiB of them."""


def rows_at(end: End, ids: Int64Array, dataset: Dataset | None) -> Int64Array:
    """Rows of the items at one end of a direction, ascending.

    Raises
    ------
    SpecError
        If no item is at this end, or the end is a class and `dataset` is None, has no labels, or has no such class.
    """
    match end.kind:
        case "all":
            return np.arange(len(ids))
        case "chosen":
            rows = end.ids.rows_in(ids)
        case "class":
            if dataset is None or dataset.labels is None:
                raise SpecError(f"class {end.name!r:.80} is not known without labels; give the dataset that has them")
            if end.name not in dataset.class_names:
                raise SpecError(f"there is no class {end.name!r:.80} for a direction; choose another one")
            rows = np.flatnonzero(dataset.labels == dataset.class_names.index(end.name))
    if not len(rows):
        raise SpecError(f"none of the items shown is at the end {end.name!r:.80} of a direction; choose other items")
    return rows.astype(np.int64)


def direction_coords(
    features: Features, spec: Directions, dataset: Dataset | None = None, *, progress: Progress = no_progress
) -> Float32Array:
    """Coordinates of the items along each direction; 0 is halfway between the means at its two ends.

    Along a direction, the two means are as far from each other as in feature space.

    Parameters
    ----------
    features
        The features to be laid out.
    spec
        The directions.
    dataset
        The items with their classes, where an end is a class.
    progress
        Called for each block of items, with stage ``coordinates``.

    Returns
    -------
    coords
        float32, shape (n, 2 or 3).

    Raises
    ------
    SpecError
        As `rows_at`, or if the means at both ends of a direction are the same.
    InputError
        If the dataset has other items than the features.

    Examples
    --------
    >>> from embviz.datasets.arrays import dataset_from_arrays
    >>> from embviz.features.vectors import vector_features
    >>> made = dataset_from_arrays(vectors=[[0, 0], [4, 0], [1, 9]], labels=["a", "b", "b"])
    >>> end_a, end_b = End("a", "class"), End("b", "class")
    >>> to_b, to_all = Direction(end_a, end_b), Direction(end_a, End())
    >>> direction_coords(vector_features(made), Directions((to_b, to_all)), made).shape
    (3, 2)
    """
    if dataset is not None:
        check_same_items("features", features.items, dataset)
    axes = [_axis(direction, features, dataset) for direction in spec.directions]
    turned, middles = np.stack([unit for unit, _ in axes], axis=1), np.array([middle for _, middle in axes])
    n, width = features.vectors.shape
    coords = np.empty((n, len(axes)), np.float32)
    for block in blocks_of("coordinates", n, max(1, BLOCK // width), progress):
        coords[block] = features.vectors[block].astype(np.float64) @ turned - middles
    return coords


def _axis(direction: Direction, features: Features, dataset: Dataset | None) -> tuple[Float64Array, float]:
    """The unit vector of a direction, and the position along it of the point halfway between its two means."""
    means = [_mean(features, rows_at(end, features.ids, dataset)) for end in (direction.start, direction.end)]
    difference = means[1] - means[0]
    length = float(np.linalg.norm(difference))
    if length <= 1e-7 * max(float(np.linalg.norm(mean)) for mean in means):
        raise SpecError(
            f"the two ends of {direction.title!r:.120} have the same mean, so there is no direction from one to the "
            "other; choose other items"
        )
    unit = difference / length
    return unit, float((means[0] + means[1]) @ unit / 2)


def _mean(features: Features, rows: Int64Array) -> Float64Array:
    total = np.zeros(features.vectors.shape[1])
    size = max(1, BLOCK // len(total))
    for start in range(0, len(rows), size):
        total += features.vectors[rows[start : start + size]].sum(axis=0, dtype=np.float64)
    return total / len(rows)
