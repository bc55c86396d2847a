"""Sources of data, by name, in files, uploaded or given as arrays, and the functions that load datasets from them."""

from embviz.datasets.arrays import dataset_from_arrays
from embviz.datasets.info import DatasetInfo
from embviz.datasets.known import known_datasets
from embviz.datasets.load import dataset_of, dataset_on_machine, download_dataset, load_dataset
from embviz.datasets.source import DataSource, Files, Given, Named, Uploaded, source_named, stamp_of

__all__ = [
    "DataSource",
    "DatasetInfo",
    "Files",
    "Given",
    "Named",
    "Uploaded",
    "dataset_from_arrays",
    "dataset_of",
    "dataset_on_machine",
    "download_dataset",
    "known_datasets",
    "load_dataset",
    "source_named",
    "stamp_of",
]
