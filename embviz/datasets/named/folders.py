"""Functions that look into folders; a path without permission raises DatasetError, on every version of Python."""

import os
import stat
from pathlib import Path

from embviz.errors import DatasetError


def is_folder(path: Path) -> bool:
    """Whether there is a folder at this path.

    Not `Path.is_dir`: for a path that it may not look at, some versions of Python raise and others return False.

    Raises
    ------
    DatasetError
        If this cannot be told, for example because a folder above may not be entered, or the name is too long.

    Examples
    --------
    >>> is_folder(Path("/")), is_folder(Path("/nowhere"))
    (True, False)
    """
    return stat.S_ISDIR(_mode(path))


def is_file(path: Path) -> bool:
    """Whether there is a regular file at this path.

    Raises
    ------
    DatasetError
        If this cannot be told, as in `is_folder`.
    """
    return stat.S_ISREG(_mode(path))


def contents(folder: Path) -> tuple[list[Path], list[Path]]:
    """Paths of the folders in a folder, and paths of everything else in it, both sorted by name.

    An entry that may not be looked at is in the second list.

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


def text_of(name: str) -> str:
    r"""Name of a file as text; bytes in it that are not UTF-8 become replacement characters.

    Examples
    --------
    >>> text_of("caf\udce9"), text_of("café")
    ('caf�', 'café')
    """
    return os.fsencode(name).decode("utf-8", "replace")


def check_inside(root: Path, path: Path) -> None:
    """Refuse a link that leads out of a folder; anything else at the path passes, and so does a missing file.

    Parameters
    ----------
    root
        The folder, resolved.
    path
        Path of something in the folder.

    Raises
    ------
    DatasetError
        If the link leads out of the folder.
    """
    try:
        leads_out = path.is_symlink() and not path.resolve().is_relative_to(root)
    except (OSError, RuntimeError):  # a loop, or no permission; reported when it is read
        return
    if leads_out:
        raise DatasetError(
            f"{path.relative_to(root)} in {root} is a link that leads out of the folder; "
            "replace it by what it leads to, or remove it"
        )


def _mode(path: Path) -> int:
    """Type and permission bits of the file or folder at this path; 0 if there is none."""
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
    except OSError:  # a link into a folder that may not be entered; reading it raises
        return False
