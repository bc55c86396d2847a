"""Which datasets have a name, and what is known of them before they are loaded."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from embviz.datasets.named import digits, tfds
from embviz.datasets.named.idx import check_headers, lengths_of
from embviz.datasets.places import IdxFiles, files_stamp, named_files, own_data_dir, problem_of
from embviz.datasets.source import TITLES, Named
from embviz.errors import DatasetError, MissingDependencyError


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
    source
        Source for `dataset_of`, with the present state of the files.
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
    source: Named
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
        source=Named("digits"),
    )
    return always, *(_family_info(name) for name in tfds.CLASS_NAMES)


def _family_info(name: str) -> DatasetInfo:
    counts, on_machine, download_bytes, stamp = _counts(tfds.LENGTHS), False, 0, ""
    try:
        files = named_files(name)
        stamp = "" if files is None else files_stamp(files.paths)
        if isinstance(files, IdxFiles):
            lengths = _checked_lengths(files, stamp)
            counts = _counts(lengths) if files.folder else counts
        on_machine = files is not None
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
        source=Named(name, stamp),
        problem=problem,
    )


@lru_cache(maxsize=16)
def _checked_lengths(files: IdxFiles, stamp: str) -> Mapping[str, int]:
    """Number of items of each split. Headers are read and checked once for each state of the files, the stamp."""
    for _, split in files.splits:
        check_headers(split)
    return lengths_of(dict(files.splits))


def _counts(lengths: Mapping[str, int]) -> dict[str, int]:
    return {**lengths, "all": sum(lengths.values())} if len(lengths) == 2 else dict(lengths)
