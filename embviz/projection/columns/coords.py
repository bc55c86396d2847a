"""Coordinates taken from numeric columns of the items; items without a value are drawn beside the others."""

import numpy as np

from embviz.arrays import Float32Array, is_finite
from embviz.dataset import Dataset, check_same_items
from embviz.errors import SpecError
from embviz.features.features import Features
from embviz.projection.columns.spec import Columns
from embviz.projection.preprocess.scaling import scaled_vectors, scaling

GAP = 0.1
"""Distance between the least value of an axis and the items without a value there, as a share of the axis."""


def number_columns(dataset: Dataset) -> tuple[str, ...]:
    """Names of the metadata columns that hold numbers.

    Examples
    --------
    >>> from embviz.datasets.arrays import dataset_from_arrays
    >>> items = [{"size": 1.5, "name": "a"}, {"size": 2.0, "name": "b"}]
    >>> number_columns(dataset_from_arrays(vectors=[[0], [1]], metadata=items))
    ('size',)
    """
    return tuple(name for name, column in dataset.metadata.items() if column.dtype.kind in "if")


def check_columns(spec: Columns, n_features: int | None = None, dataset: Dataset | None = None) -> None:
    """Refuse columns that do not exist or do not hold numbers, as far as `n_features` and `dataset` are given.

    Raises
    ------
    SpecError
        If there is such a column; the message says which ones work.
    """
    for column in spec.columns:
        if isinstance(column, int):
            if n_features is not None and column > n_features:
                raise SpecError(
                    f"there is no feature {column}, the vectors have {n_features}; choose in 1..{n_features}"
                )
        elif dataset is not None and column not in (offered := number_columns(dataset)):
            wrong = "holds no numbers" if column in dataset.metadata else "is not there"
            works = f"choose from {', '.join(offered)}" if offered else "there is no column of numbers"
            raise SpecError(f"column {column!r:.80} {wrong}; {works:.200}")


def column_coords(features: Features, spec: Columns, dataset: Dataset | None = None) -> tuple[Float32Array, int]:
    """Each item's values in the columns as its coordinates, and the number of items that lack a value.

    An item without a value is not left out. It is drawn beyond the lower end of the axis, a tenth of the axis apart
    from all others, and this coordinate is not a value. Columns are centered or standardized by the items with values.

    Parameters
    ----------
    features
        The features; a column of the spec that is a number is one of these.
    spec
        The columns.
    dataset
        The items with their metadata, where a column is one of these.

    Returns
    -------
    coords
        float32, shape (n, 2 or 3).
    n_missing
        Number of items without a value in at least one of the columns.

    Raises
    ------
    SpecError
        If a column does not exist, holds no numbers, no values at all, or values beyond float32.
    InputError
        If the dataset has other items than the features.

    Examples
    --------
    >>> from embviz.datasets.arrays import dataset_from_arrays
    >>> from embviz.features.vectors import vector_features
    >>> items = dataset_from_arrays(vectors=[[7], [8], [9]], metadata=[{"size": 1.0}, {"size": np.nan}, {"size": 3.0}])
    >>> coords, n_missing = column_coords(vector_features(items), Columns(("size", 1)), items)
    >>> print(coords, n_missing)
    [[1.  7. ]
     [0.8 8. ]
     [3.  9. ]] 1
    """
    if dataset is not None:
        check_same_items("features", features.items, dataset)
    elif names := [column for column in spec.columns if isinstance(column, str)]:
        raise SpecError(f"{names[0]!r:.80} is a column of the items; give the dataset that has it")
    check_columns(spec, features.vectors.shape[1], dataset)
    found = [_values(column, features, dataset) for column in spec.columns]
    pairs = zip(spec.titles, found, strict=True)
    coords = np.stack([_coordinates(title, values, spec.preprocess) for title, values in pairs], axis=1)
    is_missing = np.isnan(np.stack(found, axis=1)).any(axis=1)
    return coords, int(is_missing.sum())


def _values(column: int | str, features: Features, dataset: Dataset | None) -> Float32Array:
    """The values of a column, float32; NaN for an item without a value, infinity for a value too large for float32."""
    if isinstance(column, int):
        return features.vectors[:, column - 1]
    assert dataset is not None, "asked before"
    with np.errstate(over="ignore"):
        values: Float32Array = dataset.metadata[column].astype(np.float32)
    return values


def _coordinates(title: str, values: Float32Array, preprocess: str | None) -> Float32Array:
    """Values of a column as coordinates; missing ones get a coordinate below all others."""
    is_known = ~np.isnan(values)
    known = values[is_known]
    if not known.size:
        raise SpecError(f"no item shown has a value in column {title!r:.80}; choose another one")
    if not is_finite(known):
        raise SpecError(f"column {title!r:.80} has values beyond 3.4e38, which cannot be drawn; choose another one")
    if preprocess is not None:
        column = known[:, None]
        known = scaled_vectors(column, scaling(column, preprocess))[:, 0]
    low, high = float(known.min()), float(known.max())
    told_apart = 4 * float(np.spacing(np.float32(max(abs(low), abs(high)))))  # where values are large and near together
    coordinates = np.full(len(values), low - max(GAP * ((high - low) or 1.0), told_apart), np.float32)
    coordinates[is_known] = known
    return coordinates
