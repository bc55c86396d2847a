"""Writing files and folders that appear complete or not at all; folders that are not an export are not changed."""

import errno
import json
import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from embviz.errors import ExportError
from embviz.storage.files import opened_file
from embviz.storage.locks import held, is_temporary, remove_left, temporary_folder

MANIFEST_FILE = "embviz.json"
"""Name of the file that marks a folder as an export and lists the files of the export."""

STAGING_PREFIX = ".embviz-export-"

_MOST_MANIFEST_BYTES = 2**24
_FULL = (errno.ENOSPC, errno.EDQUOT)


def real_path(path: Path) -> Path:
    """Absolute path of the same file or folder, without ``..`` and links.

    Raises
    ------
    ExportError
        If the path is relative, and the working directory is gone or cannot be found out.
    """
    try:
        return Path(os.path.realpath(path))  # Path.resolve raises for links in a circle, differently in each Python
    except OSError as error:
        raise ExportError(
            f"cannot write {path}: the working directory no longer exists; change to another one"
        ) from error


@contextmanager
def replaced_folder(folder: Path, *, last: str, overwrite: bool = False) -> Iterator[Path]:
    """A context with a staging folder to write into, whose files are moved into `folder` if no exception is raised.

    Files of an earlier export, which its manifest lists, are removed; other files stay. Until all new files are
    written, the old export is not touched: a full disk, an exception or a kill leaves it whole. Then the old file
    `last` is removed, the new files are moved in, and the new `last` after all others, so that a reader that starts
    from `last` never sees old and new files mixed. If several processes write into a folder at once, all
    but one of them get an ExportError.

    Parameters
    ----------
    folder
        The final folder, created if needed. A link is followed.
    last
        Name of the file that readers start from.
    overwrite
        Whether to write even into a folder that is not an export, and replace files of the same names there.

    Raises
    ------
    ExportError
        If `folder` is a file, another process writes into it, or it holds other files and `overwrite` is off.
    """
    folder = real_path(folder)
    with _told_as_export_error(folder), _made(folder.parent), _own_folder(folder):
        owned = _owned_files(folder, overwrite)
        with staging_folder(folder) as staging:
            yield staging
            _move_in(staging, folder, owned, last, overwrite)


@contextmanager
def _own_folder(folder: Path) -> Iterator[None]:
    """A context with the folder locked, and made if missing; a folder made is removed again on an exception."""
    if _is_there(folder) and not folder.is_dir():
        raise ExportError(f"{folder} is a file; give the name of a folder")
    while True:
        created = not _is_there(folder)
        folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as locked:
            try:
                identity = folder.stat().st_ino
                is_mine = locked.enter_context(held(folder))
                is_there = folder.stat().st_ino == identity
            except FileNotFoundError:
                continue
            except OSError:  # the umask forbids opening the new folder
                _take_away([folder] if created else [])
                raise
            if is_mine is False:
                raise ExportError(f"another export is being written into {folder}; wait for it, or give another folder")
            if is_there:  # else the process that had made it removed it before we had the lock
                try:
                    yield
                except BaseException:
                    _take_away([folder] if created else [])
                    raise
                return


@contextmanager
def _made(folder: Path) -> Iterator[None]:
    """A context with the folder and its missing parents made; an exception removes the folders that were made."""
    missing = [each for each in (folder, *folder.parents) if not _is_there(each)]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        _take_away(missing)
        raise


def _take_away(folders: list[Path]) -> None:
    for folder in folders:
        with suppress(OSError):  # was not made, or is not empty because others use it by now
            folder.rmdir()


def _is_there(path: Path) -> bool:
    """Whether there is anything at the path; raises OSError, unlike `Path.exists`, for links in a circle."""
    try:
        path.stat()
    except FileNotFoundError:
        return False
    return True


@contextmanager
def staging_folder(parent: Path) -> Iterator[Path]:
    """A context with a temporary folder in `parent`; staging folders of killed processes are removed, too."""
    remove_left(parent, STAGING_PREFIX)
    with temporary_folder(parent, STAGING_PREFIX) as staging:
        yield staging


@contextmanager
def replaced_file(path: Path) -> Iterator[Path]:
    """A context with a path to write to; the file then replaces the one at `path`, if no exception is raised.

    Raises
    ------
    ExportError
        If `path` is something other than a regular file, or it cannot be written.
    """
    path = real_path(path)
    with _told_as_export_error(path):
        if _is_there(path) and not path.is_file():
            raise ExportError(f"{path} is not a file; give the name of a file")
        with _made(path.parent), staging_folder(path.parent) as staging:
            partial = staging / path.name
            yield partial
            partial.replace(path)


@contextmanager
def _told_as_export_error(path: Path) -> Iterator[None]:
    try:
        yield
    except ExportError:
        raise
    except OSError as error:
        advice = "free disk space, or give another path" if error.errno in _FULL else "give another path"
        raise ExportError(f"cannot write {path}: {error.strerror or error}; {advice}") from error


def manifest_files(folder: Path) -> set[str] | None:
    """Names of the files that the folder's manifest lists; None if the folder has no manifest of an export.

    A manifest that lists anything but plain names of files in this folder is not accepted.
    """
    try:
        with opened_file(folder / MANIFEST_FILE) as file:
            manifest = json.loads(file.read(_MOST_MANIFEST_BYTES))
    except (OSError, ValueError, RecursionError):  # RecursionError: deeply nested brackets
        return None
    files = manifest.get("files") if isinstance(manifest, dict) else None
    if not isinstance(files, list) or MANIFEST_FILE not in files:
        return None
    plain = all(isinstance(name, str) and re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*", name) for name in files)
    return set(files) if plain else None


def _owned_files(folder: Path, overwrite: bool) -> set[str]:
    """Names of the files of an earlier export; other files in the folder are refused unless `overwrite` is on."""
    owned = manifest_files(folder)
    others = [each for each in folder.iterdir() if not is_temporary(each, STAGING_PREFIX)]
    if owned is None and others and not overwrite:
        raise ExportError(
            f"{folder} has files that are not an embviz export; give a new or empty folder, "
            "or overwrite to write beside them"
        )
    return owned or set()


def _move_in(staging: Path, folder: Path, owned: set[str], last: str, overwrite: bool) -> None:
    new = {entry.name for entry in staging.iterdir()}
    for name in sorted(owned | new):
        present = folder / name
        if present.is_dir() and not present.is_symlink():
            raise ExportError(f"{present} is a folder where a file belongs; move it away")
        if name in new - owned and not overwrite and (present.exists() or present.is_symlink()):
            raise ExportError(f"{present} is not from the earlier export; move it away, or overwrite")
    for name in [last, *sorted(owned - new - {MANIFEST_FILE})]:
        (folder / name).unlink(missing_ok=True)
    # The manifest comes first: if this process is killed, it lists every file that was moved in after it.
    for name in [MANIFEST_FILE, *sorted(new - {MANIFEST_FILE, last}), last]:
        (staging / name).replace(folder / name)
