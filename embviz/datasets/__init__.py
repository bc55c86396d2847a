"""Where datasets come from."""

from embviz.datasets.arrays import dataset_from_arrays
from embviz.datasets.load import DatasetInfo, dataset_on_machine, download_dataset, known_datasets, load_dataset

__all__ = [
    "DatasetInfo",
    "dataset_from_arrays",
    "dataset_on_machine",
    "download_dataset",
    "known_datasets",
    "load_dataset",
]
