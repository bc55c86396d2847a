"""Items nearest to a given one, in feature space or in a layout, for a selection."""

from embviz.arrays import Int64Array
from embviz.features.features import Features
from embviz.neighbors.query import nearest_items
from embviz.pipeline.neighbors import neighborhood_of
from embviz.projection.projection import Projection


def near_rows_of(measured: Features | Projection, row: int, k: int, *, metric: str = "euclidean") -> Int64Array:
    """Rows of the k items nearest to a given one, nearest first; not stored, because the search takes milliseconds.

    Parameters
    ----------
    measured
        Features, or a layout, in which distances are always Euclidean.
    row
        Row of the given item.
    k
        Number of other items, 1 .. n - 1.
    metric
        ``euclidean`` or ``cosine``, for distances between features.

    Raises
    ------
    SpecError
        As `nearest_items`.

    Examples
    --------
    >>> from embviz.datasets.arrays import dataset_from_arrays
    >>> from embviz.features.vectors import vector_features
    >>> line = vector_features(dataset_from_arrays(vectors=[[0], [1], [3], [9]]))
    >>> near_rows_of(line, 1, 2).tolist()
    [0, 2]
    """
    if isinstance(measured, Features):
        return neighborhood_of(measured, row, k, metric=metric).rows
    return nearest_items(measured.coords, row, k)[0]
