"""Where datasets come from."""

from embviz.datasets.arrays import dataset_from_arrays
from embviz.datasets.known import DatasetInfo, known_datasets
from embviz.datasets.load import dataset_on_machine, download_dataset, load_dataset
from embviz.datasets.places import source_stamp

__all__ = [
    "DatasetInfo",
    "dataset_from_arrays",
    "dataset_on_machine",
    "download_dataset",
    "known_datasets",
    "load_dataset",
    "source_stamp",
]
