"""The title above a picture of a layout: data, features, method and parameters."""

from embviz.dataset import Dataset, check_same_items
from embviz.features.features import Features
from embviz.projection.projection import Projection
from embviz.projection.titles import projection_title


def picture_title(dataset: Dataset, features: Features, projection: Projection, data: str = "") -> str:
    """The title of a picture: data, number of items, features, and method with its parameters.

    Parameters
    ----------
    dataset, features, projection
        The items, their features, and the layout of these.
    data
        Name of the data; by default that of the dataset.

    Raises
    ------
    InputError
        If the three are not of the same items.

    Examples
    --------
    >>> from embviz import Pca, dataset_from_arrays, project, vector_features
    >>> made = dataset_from_arrays(vectors=[[0, 1], [2, 3], [4, 7]], name="toy")
    >>> features = vector_features(made)
    >>> picture_title(made, features, project(features, Pca()))
    'toy · 3 of 3 · vectors · PCA 2D, components 1, 2'
    """
    check_same_items("features", features.items, dataset)
    check_same_items("coordinates", projection.items, dataset)
    return " · ".join(
        [data or dataset.title, f"{len(dataset):,} of {dataset.n_split:,}", features.name, projection_title(projection)]
    )
