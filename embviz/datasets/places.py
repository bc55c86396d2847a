"""Paths of a dataset's files on this machine, and a stamp that tells whether they have changed."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from embviz.arrays import fingerprint
from embviz.checks.arguments import path_of
from embviz.datasets.named import tfds
from embviz.datasets.named.folders import contents, is_folder
from embviz.datasets.named.idx import IdxSplit
from embviz.datasets.named.idx_folder import idx_folder_splits, unread_files
from embviz.datasets.named.tfds_records import prepared_folder, prepared_problem
from embviz.errors import DatasetError

MOST_FILES = 4_000
"""Most files in a folder that are looked at one by one."""
MOST_FOLDERS = 20_000
"""Most folders in a folder that are looked at."""


@dataclass(frozen=True, slots=True)
class IdxFiles:
    """Files in MNIST's format.

    Attributes
    ----------
    splits
        Name and files of each split whose files are there.
    folder
        Folder that holds them; None if tensorflow-datasets downloaded them.
    """

    splits: tuple[tuple[str, IdxSplit], ...]
    folder: Path | None = None

    @property
    def paths(self) -> list[Path]:
        """Paths of all files."""
        return [path for _, files in self.splits for path in (files.images, files.labels)]


@dataclass(frozen=True, slots=True)
class PreparedRecords:
    """Records of a set that tensorflow-datasets prepared in a folder."""

    folder: Path

    @property
    def paths(self) -> list[Path]:
        """Paths of all files."""
        return contents(self.folder)[1]


def named_files(name: str) -> IdxFiles | PreparedRecords | None:
    """Files of a set of the MNIST family, if possible those in ``EMBVIZ_DATA_DIR``; None if there are no files.

    Raises
    ------
    DatasetError
        If ``EMBVIZ_DATA_DIR`` is not a folder, or a folder in which the files may be cannot be looked at.
    """
    for folder in _own_folders(name):
        if is_folder(folder) and (splits := idx_folder_splits(folder)):
            return IdxFiles(tuple(splits.items()), folder)
    if downloaded := tfds.downloaded_splits(name):
        return IdxFiles(tuple(downloaded.items()))
    records = prepared_folder(name)
    return None if records is None else PreparedRecords(records)


def files_of(path: Path) -> list[Path]:
    """Paths whose state tells whether the data at a path have changed: the file, or the files of a folder.

    For a folder, they are its files in MNIST's format or, if there are none, all folders and files in it. If these are
    more than `MOST_FILES` files, only the folders are returned, because looking at each file would take too long: a
    folder's time changes when files are added, removed or replaced. Links to folders are not followed.

    Raises
    ------
    DatasetError
        If a folder cannot be read.
    """
    if not is_folder(path):
        return [path]
    if splits := idx_folder_splits(path):
        return IdxFiles(tuple(splits.items()), path).paths
    left, folders, files = [path], list[Path](), list[Path]()
    while left and len(folders) < MOST_FOLDERS:
        folder = left.pop()
        below, found = contents(folder)
        folders.append(folder)
        files += found if len(files) <= MOST_FILES else []
        left += [each for each in below if not each.is_symlink()]
    return [*folders, *(files if len(files) <= MOST_FILES else [])]


def files_stamp(paths: Sequence[Path]) -> str:
    """State of some files: a hash of their paths, sizes and times of the last change; empty if there are no files.

    Not a hash of their content, which would take as long as reading them. A link that leads nowhere counts as missing.

    Raises
    ------
    DatasetError
        If a file cannot be looked at, for example because the disk fails.

    Examples
    --------
    >>> files_stamp([])
    ''
    """
    return fingerprint(*map(_state, paths)) if paths else ""


def _state(path: Path) -> str:
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return f"{path}"
    except OSError as error:
        raise DatasetError(
            f"cannot look at {path}: {error.strerror or error}; see whether the disk is in order, or give other data"
        ) from error
    changed = (found.st_mtime_ns, found.st_ctime_ns)  # a copy may have the first time of its original
    return f"{path} {found.st_size} {changed} {found.st_dev} {found.st_ino}"


def problem_of(name: str) -> str:
    """Reason why a set is not found although files of it seem to exist; empty if no such files are seen."""
    folders = [folder for folder in _own_folders(name) if is_folder(folder)]
    unread = [f"{text} (in {folder})" for folder in folders if (text := unread_files(folder))]
    return "; ".join([*unread, *([text] if (text := prepared_problem(name)) else [])])


def own_data_dir() -> Path | None:
    """``EMBVIZ_DATA_DIR``; None if it is unset.

    Raises
    ------
    DatasetError
        If it is not a folder, or cannot be looked at.
    """
    root = os.environ.get("EMBVIZ_DATA_DIR")
    if not root:
        return None
    data_dir = path_of("EMBVIZ_DATA_DIR", root, DatasetError)
    try:
        is_there = is_folder(data_dir)
    except DatasetError as error:
        raise DatasetError(f"EMBVIZ_DATA_DIR is {root!r}, but embviz {error}, or unset it") from error
    if not is_there:
        raise DatasetError(f"EMBVIZ_DATA_DIR is {root!r}, which is not a folder; set it to one, or unset it")
    return data_dir


def _own_folders(name: str) -> list[Path]:
    """Folders in ``EMBVIZ_DATA_DIR`` in which a set is looked for."""
    data_dir = own_data_dir()
    return [] if data_dir is None else [data_dir / name, *([data_dir] if name == "mnist" else [])]
