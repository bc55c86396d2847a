"""Where datasets come from."""

from embviz.datasets.arrays import dataset_from_arrays
from embviz.datasets.known import DatasetInfo, forget_known_datasets, known_datasets, lately_known_datasets
from embviz.datasets.load import TITLES, dataset_on_machine, download_dataset, load_dataset
from embviz.datasets.places import source_stamp

__all__ = [
    "TITLES",
    "DatasetInfo",
    "dataset_from_arrays",
    "dataset_on_machine",
    "download_dataset",
    "forget_known_datasets",
    "known_datasets",
    "lately_known_datasets",
    "load_dataset",
    "source_stamp",
]
