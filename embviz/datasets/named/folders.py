"""Look at folders: whatever keeps one from being looked at is a DatasetError, on every version of Python alike."""

import os
import stat
from pathlib import Path

from embviz.errors import DatasetError


def is_folder(path: Path) -> bool:
    """Whether the path is that of a folder.

    Not `Path.is_dir`, which raises or says no where it may not look, as the version of Python has it.

    Raises
    ------
    DatasetError
        If that cannot be told: a folder above may not be entered, or the name is too long, say.

    Examples
    --------
    >>> is_folder(Path("/")), is_folder(Path("/nowhere"))
    (True, False)
    """
    return stat.S_ISDIR(_mode(path))


def is_file(path: Path) -> bool:
    """Whether the path is that of a file.

    Raises
    ------
    DatasetError
        As `is_folder`.
    """
    return stat.S_ISREG(_mode(path))


def contents(folder: Path) -> tuple[list[Path], list[Path]]:
    """The folders in a folder and whatever else is in it, both by name; what cannot be looked at is in the second.

    Raises
    ------
    DatasetError
        If the folder itself cannot be read.
    """
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError as error:
        raise DatasetError(
            f"cannot read folder {folder}: {error.strerror or error}; give a folder that you may read"
        ) from error
    folders: list[Path] = []
    others: list[Path] = []
    for entry in entries:
        (folders if _leads_to_folder(entry) else others).append(folder / entry.name)
    return folders, others


def _mode(path: Path) -> int:
    """Kind and rights of what is there; 0 if nothing is."""
    try:
        return path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return 0
    except OSError as error:
        raise DatasetError(
            f"cannot look at {path}: {error.strerror or error}; "
            "give another path, or see that you may enter the folders above it"
        ) from error


def _leads_to_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to where one may not look; whoever needs what it leads to is told
        return False
