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


def check_inside(root: Path, path: Path) -> None:
    """Refuse a link that leads out of a folder; whatever else is at the path will do, and so will nothing.

    Parameters
    ----------
    root
        The folder, resolved.
    path
        Of something in it.

    Raises
    ------
    DatasetError
        If what it leads to is elsewhere.
    """
    try:
        leads_out = path.is_symlink() and not path.resolve().is_relative_to(root)
    except (OSError, RuntimeError):  # it leads to itself, or to where one may not look; whoever reads it is told
        return
    if leads_out:
        raise DatasetError(
            f"{path.relative_to(root)} in {root} is a link that leads out of the folder; "
            "put what it leads to in its place, or take it away"
        )


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
