"""The datasets that have a name, with a `DatasetInfo` for each before it is loaded."""

from collections.abc import Mapping
from functools import lru_cache

from embviz.datasets.info import DatasetInfo, counts_of
from embviz.datasets.named import digits, tfds
from embviz.datasets.named.idx import check_headers, lengths_of
from embviz.datasets.places import IdxFiles, files_stamp, named_files, own_data_dir, problem_of
from embviz.datasets.source import TITLES, Named
from embviz.errors import DatasetError, MissingDependencyError


def known_datasets() -> tuple[DatasetInfo, ...]:
    """Infos of the named datasets, ``digits`` first, as it is always there; broken files of one do not affect others.

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
        counts=counts_of(digits.LENGTHS),
        image_shape=digits.IMAGE_SHAPE,
        download_bytes=0,
        on_machine=True,
        source=Named("digits"),
    )
    return always, *(_family_info(name) for name in tfds.CLASS_NAMES)


def _family_info(name: str) -> DatasetInfo:
    counts, on_machine, download_bytes, stamp = counts_of(tfds.LENGTHS), False, 0, ""
    try:
        files = named_files(name)
        stamp = "" if files is None else files_stamp(files.paths)
        if isinstance(files, IdxFiles):
            lengths = _checked_lengths(files, stamp)
            counts = counts_of(lengths) if files.folder else counts
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
    """Number of items of each split. Headers are read and checked once for each `stamp`, the state of the files."""
    for _, split in files.splits:
        check_headers(split)
    return lengths_of(dict(files.splits))
