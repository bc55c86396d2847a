"""The `DatasetInfo` value: name, classes, sizes and state of a dataset before it is loaded."""

from collections.abc import Mapping
from dataclasses import dataclass

from embviz.datasets.source import DataSource


@dataclass(frozen=True, eq=False, slots=True)
class DatasetInfo:
    """Name, classes, sizes and state of a dataset before it is loaded.

    Attributes
    ----------
    name
        Name that `load_dataset` takes; for data without one, a text that is unique on the page.
    title
        The name as people write it.
    class_names
        One name per class code; empty if the items have no labels.
    counts
        Number of items by split: ``train``, ``test``, ``all``, or as files call them. If only one split's files are
        there, only that one; ``all`` if there are no splits.
    image_shape
        Height and width in pixels, followed by 3 for images in color; None without images.
    download_bytes
        Size of all files of a download, also of those on the machine; 0 if there is no download, or it would not help.
    on_machine
        Whether it loads without a network.
    source
        Source for `dataset_of`, with the present state of the files.
    problem
        Why files that are there cannot be read, in a sentence; empty if they can.
    vectors
        Name and number of values of each set of vectors, in the order in which the dataset will have them.
    numbers
        Names of the metadata columns that hold numbers.
    """

    name: str
    title: str
    class_names: tuple[str, ...]
    counts: Mapping[str, int]
    image_shape: tuple[int, ...] | None
    download_bytes: int
    on_machine: bool
    source: DataSource
    problem: str = ""
    vectors: tuple[tuple[str, int], ...] = ()
    numbers: tuple[str, ...] = ()


def counts_of(lengths: Mapping[str, int]) -> dict[str, int]:
    """Number of items by split, and of all splits where there are several.

    Examples
    --------
    >>> counts_of({"train": 6, "test": 4}), counts_of({"test": 4})
    ({'train': 6, 'test': 4, 'all': 10}, {'test': 4})
    """
    return {**lengths, "all": sum(lengths.values())} if len(lengths) > 1 else dict(lengths)
