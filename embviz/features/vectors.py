"""The vectors that a dataset came with, as features."""

from embviz.checks.arguments import checked
from embviz.dataset import Dataset
from embviz.errors import DatasetError
from embviz.features.features import Features, Vectors


@checked(DatasetError)
def vector_features(dataset: Dataset) -> Features:
    """The dataset's own vectors, unchanged and not copied.

    Raises
    ------
    DatasetError
        If the dataset has no vectors.

    Examples
    --------
    >>> from embviz.datasets.arrays import dataset_from_arrays
    >>> vector_features(dataset_from_arrays(vectors=[[1, 2], [3, 4]])).vectors.tolist()
    [[1.0, 2.0], [3.0, 4.0]]
    """
    if dataset.vectors is None:
        raise DatasetError(f"dataset {dataset.name!r} has no vectors; use pixels or activations as features instead")
    return Features(vectors=dataset.vectors, ids=dataset.ids, spec=Vectors(), items=dataset.items)
