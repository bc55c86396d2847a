"""Where on this machine the files of a dataset are, and whether they have changed."""

import os
from pathlib import Path

from embviz.checks.arguments import path_of
from embviz.datasets.named import tfds
from embviz.datasets.named.folders import contents, is_file, is_folder
from embviz.datasets.named.idx import IdxSplit
from embviz.datasets.named.idx_folder import idx_folder_splits, unread_files
from embviz.datasets.named.tfds_records import prepared_folder, prepared_problem
from embviz.errors import DatasetError, MissingDependencyError


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


def own_folder(name: str) -> Path | None:
    """Where in ``EMBVIZ_DATA_DIR`` at least one split of the set is; None if it is unset or holds none."""
    return next((folder for folder in own_folders(name) if is_folder(folder) and idx_folder_splits(folder)), None)


def own_folders(name: str) -> list[Path]:
    """Where in ``EMBVIZ_DATA_DIR`` the set is looked for."""
    data_dir = own_data_dir()
    return [] if data_dir is None else [data_dir / name, *([data_dir] if name == "mnist" else [])]


def problem_of(name: str) -> str:
    """Why the set is not found, although something of it seems to be there; empty if nothing does."""
    folders = [folder for folder in own_folders(name) if is_folder(folder)]
    unread = [f"{text} (in {folder})" for folder in folders if (text := unread_files(folder))]
    return "; ".join([*unread, *([text] if (text := prepared_problem(name)) else [])])


def files_of(name: str) -> dict[str, IdxSplit]:
    """The files of a named set: in ``EMBVIZ_DATA_DIR``, or else those that tensorflow-datasets has downloaded."""
    folder = own_folder(name)
    return idx_folder_splits(folder) if folder else tfds.downloaded_splits(name) or {}


def source_stamp(name_or_path: str) -> str:
    """Changes when the files that a dataset is read from do: what is kept of it in memory is kept under this.

    Where the files are, their sizes and when they were changed; empty where no file is found, or none might change.

    Examples
    --------
    >>> source_stamp("digits")
    ''
    """
    try:
        stats = [(path, path.stat()) for path in _paths(name_or_path)]
    except (DatasetError, MissingDependencyError, OSError):  # whoever loads it is told
        return ""
    return "\n".join(f"{path} {stat.st_size} {stat.st_mtime_ns} {stat.st_ino}" for path, stat in stats)


def _paths(name_or_path: str) -> list[Path]:
    if name_or_path == "digits":
        return []
    is_named = name_or_path in tfds.CLASS_NAMES
    path = path_of("name_or_path", name_or_path, DatasetError)
    if not is_named and is_file(path):
        return [path]
    splits = files_of(name_or_path) if is_named else idx_folder_splits(path)
    if not is_named and not splits:
        return [file for folder in (path, *contents(path)[0]) for file in contents(folder)[1]]
    records = prepared_folder(name_or_path) if is_named and not splits else None
    return [path for files in splits.values() for path in (files.images, files.labels)] + (
        sorted(records.iterdir()) if records else []
    )
