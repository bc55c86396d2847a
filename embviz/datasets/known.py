"""Which datasets have a name, and what is known of them before they are loaded."""

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from embviz.datasets.load import TITLES, dataset_on_machine
from embviz.datasets.named import digits, tfds
from embviz.datasets.named.idx import check_headers, lengths_of
from embviz.datasets.places import files_of, own_data_dir, own_folder, problem_of
from embviz.errors import DatasetError, MissingDependencyError

LATELY_SECONDS = 1.0


@dataclass(frozen=True, eq=False, slots=True)
class DatasetInfo:
    """What is known of a named dataset before it is loaded.

    Attributes
    ----------
    name
        What `load_dataset` takes.
    title
        The name as people write it.
    class_names
        One name per class code.
    counts
        Items by split: ``train``, ``test``, ``all``. Where only one split's files are there, only that one.
    image_shape
        Height and width in pixels.
    download_bytes
        Size of the files to download; 0 where nothing needs to be, or where that would not help.
    on_machine
        Whether it loads without a network.
    problem
        What keeps files that are there from being read, in a sentence; empty if nothing does.
    """

    name: str
    title: str
    class_names: tuple[str, ...]
    counts: Mapping[str, int]
    image_shape: tuple[int, int]
    download_bytes: int
    on_machine: bool
    problem: str = ""


def known_datasets() -> tuple[DatasetInfo, ...]:
    """The named datasets, the one that is always there first; one whose files are broken takes no other away.

    Raises
    ------
    DatasetError
        If ``EMBVIZ_DATA_DIR`` is set to something that is not a folder.
    """
    own_data_dir()
    always = DatasetInfo(
        name="digits",
        title=TITLES["digits"],
        class_names=digits.CLASS_NAMES,
        counts=_counts(digits.LENGTHS),
        image_shape=digits.IMAGE_SHAPE,
        download_bytes=0,
        on_machine=True,
    )
    return always, *(_family_info(name) for name in tfds.CLASS_NAMES)


def lately_known_datasets() -> tuple[DatasetInfo, ...]:
    """What `known_datasets` said at most a second ago: looking at all the files takes as long as drawing the page.

    Raises
    ------
    DatasetError
        As `known_datasets`.
    """
    places = tuple(os.environ.get(name) for name in ("EMBVIZ_DATA_DIR", "TFDS_DATA_DIR", "HOME"))
    return _known_at(places, int(time.monotonic() / LATELY_SECONDS))


@lru_cache(maxsize=1)
def _known_at(places: tuple[str | None, ...], moment: int) -> tuple[DatasetInfo, ...]:
    return known_datasets()


def forget_known_datasets() -> None:
    """Look at the files again: some were just downloaded."""
    _known_at.cache_clear()


def _family_info(name: str) -> DatasetInfo:
    counts, on_machine, download_bytes = _counts(tfds.LENGTHS), False, 0
    try:
        files = files_of(name)
        for split in files.values():
            check_headers(split)
        if own_folder(name):
            counts = _counts(lengths_of(files))
        on_machine = dataset_on_machine(name)
        problem = "" if on_machine else problem_of(name)
        download_bytes = sum(file.size for file in tfds.registered_files(name))
    except (DatasetError, MissingDependencyError) as error:
        problem = "" if on_machine else str(error)
    return DatasetInfo(
        name=name,
        title=TITLES[name],
        class_names=tfds.CLASS_NAMES[name],
        counts=counts,
        image_shape=tfds.IMAGE_SHAPE,
        download_bytes=download_bytes,
        on_machine=on_machine,
        problem=problem,
    )


def _counts(lengths: Mapping[str, int]) -> dict[str, int]:
    return {**lengths, "all": sum(lengths.values())} if len(lengths) == 2 else dict(lengths)
