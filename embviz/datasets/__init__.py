"""Where datasets come from."""

from embviz.datasets.arrays import dataset_from_arrays
from embviz.datasets.known import DatasetInfo, known_datasets
from embviz.datasets.load import dataset_of, dataset_on_machine, download_dataset, load_dataset
from embviz.datasets.source import DataSource, Files, Given, Named, source_named, stamp_of

__all__ = [
    "DataSource",
    "DatasetInfo",
    "Files",
    "Given",
    "Named",
    "dataset_from_arrays",
    "dataset_of",
    "dataset_on_machine",
    "download_dataset",
    "known_datasets",
    "load_dataset",
    "source_named",
    "stamp_of",
]
