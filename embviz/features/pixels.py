"""Pixel features: the pixels of each image as one vector in 0..1."""

import numpy as np

from embviz.checks.arguments import checked
from embviz.dataset import Dataset
from embviz.errors import DatasetError
from embviz.features.features import Features, Pixels


@checked(DatasetError)
def pixel_features(dataset: Dataset) -> Features:
    """The dataset's images as float32 vectors in 0..1, one row per item.

    Not centered and not scaled per pixel, so that distances are between the images as a person sees them.

    Raises
    ------
    DatasetError
        If the dataset has no images.

    Examples
    --------
    >>> from embviz.datasets.arrays import dataset_from_arrays
    >>> pixel_features(dataset_from_arrays(images=[[[0, 255]]])).vectors.tolist()
    [[0.0, 1.0]]
    """
    if dataset.images is None:
        raise DatasetError(f"dataset {dataset.name!r} has no images; use its vectors as features instead")
    vectors = np.divide(dataset.images.reshape(len(dataset), -1), np.float32(255), dtype=np.float32)
    return Features(vectors=vectors, ids=dataset.ids, spec=Pixels(), items=dataset.items)
