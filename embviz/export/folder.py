"""Files and folders that appear complete or not at all, and never in the place of somebody else's."""

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
"""Says that a folder is an export, and which of its files are."""

STAGING_PREFIX = ".embviz-export-"

_MOST_MANIFEST_BYTES = 2**24
_FULL = (errno.ENOSPC, errno.EDQUOT)


def real_path(path: Path) -> Path:
    """Where files given by this path are written: absolute, without ``..`` and links.

    Raises
    ------
    ExportError
        If it is relative, and the working directory is gone or cannot be asked for.
    """
    try:
        return Path(os.path.realpath(path))  # Path.resolve has another exception for each Python where links go round
    except OSError as error:
        raise ExportError(f"there is no working directory any more to write {path} in; change to another") from error


@contextmanager
def replaced_folder(folder: Path, *, last: str, overwrite: bool = False) -> Iterator[Path]:
    """A staging folder to write into; without an exception its files become those of `folder`.

    What an earlier export left there is removed, by its manifest. Other files stay. Until all is
    written nothing of the old export is touched: a full disk, an exception or a kill leaves it
    whole. Then `last` is taken away, the files are moved (renamed, on one disk), and the new `last`
    comes last, so a reader that starts from it never sees old and new mixed. Of several that write into
    one folder at once, one does and the others are refused.

    Parameters
    ----------
    folder
        Created if needed. A link is followed.
    last
        File that makes the others visible.
    overwrite
        Also write into a folder that is not an export; files of the same names are replaced.

    Raises
    ------
    ExportError
        If `folder` is a file, holds files and is not an export and `overwrite` is off, or is being written into.
    """
    folder = real_path(folder)
    with _told_as_export_error(folder), _made(folder.parent), _own_folder(folder):
        owned = _owned_files(folder, overwrite)
        with staging_folder(folder) as staging:
            yield staging
            _move_in(staging, folder, owned, last, overwrite)


@contextmanager
def _own_folder(folder: Path) -> Iterator[None]:
    """The folder, locked, and made if it is not there; then it also goes if an exception ends this."""
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
            except OSError:  # an umask that lets nobody open it
                _take_away([folder] if created else [])
                raise
            if is_mine is False:
                raise ExportError(f"another export is being written into {folder}; wait for it, or give another folder")
            if is_there:  # else whoever had made it took it away before the lock was ours
                try:
                    yield
                except BaseException:
                    _take_away([folder] if created else [])
                    raise
                return


@contextmanager
def _made(folder: Path) -> Iterator[None]:
    """The folder and all it lies in, made where they are not there; then they also go if an exception ends this."""
    missing = [each for each in (folder, *folder.parents) if not _is_there(each)]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        _take_away(missing)
        raise


def _take_away(folders: list[Path]) -> None:
    for folder in folders:
        with suppress(OSError):  # not made, or no longer empty: somebody else uses it by now
            folder.rmdir()


def _is_there(path: Path) -> bool:
    """Whether it is; an OSError where that cannot be told, as of links that go round, which `Path.exists` hides."""
    try:
        path.stat()
    except FileNotFoundError:
        return False
    return True


@contextmanager
def staging_folder(parent: Path) -> Iterator[Path]:
    """A folder in `parent` to prepare files in, gone at the end; what killed processes left there goes too."""
    remove_left(parent, STAGING_PREFIX)
    with temporary_folder(parent, STAGING_PREFIX) as staging:
        yield staging


@contextmanager
def replaced_file(path: Path) -> Iterator[Path]:
    """A path to write to; without an exception the file becomes `path`, in the place of an older one.

    Raises
    ------
    ExportError
        If `path` is there and is not a regular file, or cannot be written.
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
        advice = "make room, or give another place" if error.errno in _FULL else "give another place"
        raise ExportError(f"cannot write {path}: {error.strerror or error}; {advice}") from error


def manifest_files(folder: Path) -> set[str] | None:
    """Names of the files that the folder's manifest claims; None if it has no manifest of an export.

    A manifest that claims anything but plain files of this folder is not one.
    """
    try:
        with opened_file(folder / MANIFEST_FILE) as file:
            manifest = json.loads(file.read(_MOST_MANIFEST_BYTES))
    except (OSError, ValueError, RecursionError):  # the last of brackets within brackets
        return None
    files = manifest.get("files") if isinstance(manifest, dict) else None
    if not isinstance(files, list) or MANIFEST_FILE not in files:
        return None
    plain = all(isinstance(name, str) and re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*", name) for name in files)
    return set(files) if plain else None


def _owned_files(folder: Path, overwrite: bool) -> set[str]:
    """Names that an earlier export left."""
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
    # The manifest comes first: whatever is moved in after it is known to be ours if we are killed.
    for name in [MANIFEST_FILE, *sorted(new - {MANIFEST_FILE, last}), last]:
        (staging / name).replace(folder / name)
