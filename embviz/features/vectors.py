"""The vectors that a dataset came with, as features."""

from embviz.checks.arguments import checked
from embviz.dataset import Dataset
from embviz.errors import DatasetError
from embviz.features.features import Features, NamedVectors, Vectors


@checked(DatasetError)
def vector_features(dataset: Dataset, name: str = "") -> Features:
    """The dataset's own vectors, unchanged and not copied.

    Parameters
    ----------
    dataset
        The items.
    name
        Name of the vectors in `Dataset.more_vectors`; empty for `Dataset.vectors`.

    Raises
    ------
    DatasetError
        If the dataset has no such vectors.

    Examples
    --------
    >>> from embviz.datasets.arrays import dataset_from_arrays
    >>> vector_features(dataset_from_arrays(vectors=[[1, 2], [3, 4]])).vectors.tolist()
    [[1.0, 2.0], [3.0, 4.0]]
    """
    if name:
        vectors = dataset.more_vectors.get(name)
        if vectors is None:
            has = ", ".join(dataset.more_vectors) or "none"
            raise DatasetError(
                f"dataset {dataset.name!r} has no vectors called {name!r:.80}; those with a name are: {has}"
            )
        return Features(vectors=vectors, ids=dataset.ids, spec=NamedVectors(name), items=dataset.items)
    if dataset.vectors is None:
        raise DatasetError(f"dataset {dataset.name!r} has no vectors; use pixels or activations as features instead")
    return Features(vectors=dataset.vectors, ids=dataset.ids, spec=Vectors(), items=dataset.items)
