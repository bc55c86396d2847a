"""Files and folders that appear complete or not at all, and never in the place of somebody else's."""

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from embviz.errors import ExportError
from embviz.locks import held, remove_left, temporary_folder

MANIFEST_FILE = "embviz.json"
"""Says that a folder is an export, and which of its files are."""

STAGING_PREFIX = ".embviz-export-"


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
    folder = folder.resolve()
    with _told_as_export_error(folder), _own_folder(folder) as created:
        try:
            owned = _owned_files(folder, overwrite)
            with staging_folder(folder) as staging:
                yield staging
                _move_in(staging, folder, owned, last, overwrite)
        except BaseException:
            if created:
                with suppress(OSError):  # no longer empty: somebody else uses it by now
                    folder.rmdir()
            raise


@contextmanager
def _own_folder(folder: Path) -> Iterator[bool]:
    """The folder, locked and made if it is not there; whether it was made."""
    if folder.exists() and not folder.is_dir():
        raise ExportError(f"{folder} is a file; give the name of a folder")
    while True:
        created = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as locked:
            try:
                identity = folder.stat().st_ino
                is_mine = locked.enter_context(held(folder))
                is_there = folder.stat().st_ino == identity
            except FileNotFoundError:
                continue
            if is_mine is False:
                raise ExportError(f"another export is being written into {folder}; wait for it, or give another folder")
            if is_there:  # else whoever had made it took it away before the lock was ours
                yield created
                return


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
    path = path.resolve()
    with _told_as_export_error(path):
        if path.exists() and not path.is_file():
            raise ExportError(f"{path} is not a file; give the name of a file")
        path.parent.mkdir(parents=True, exist_ok=True)
        with staging_folder(path.parent) as staging:
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
        raise ExportError(
            f"cannot write {path}: {error.strerror or error}; give another place, or make room"
        ) from error


def manifest_files(folder: Path) -> set[str] | None:
    """Names of the files that the folder's manifest claims; None if it has no manifest of an export.

    A manifest that claims anything but plain files of this folder is not one.
    """
    try:
        manifest = json.loads((folder / MANIFEST_FILE).read_bytes())
    except (FileNotFoundError, IsADirectoryError, ValueError):
        return None
    files = manifest.get("files") if isinstance(manifest, dict) else None
    if not isinstance(files, list) or MANIFEST_FILE not in files:
        return None
    plain = all(isinstance(name, str) and re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*", name) for name in files)
    return set(files) if plain else None


def _owned_files(folder: Path, overwrite: bool) -> set[str]:
    """Names that an earlier export left."""
    owned = manifest_files(folder)
    others = [each for each in folder.iterdir() if not each.name.startswith(STAGING_PREFIX)]
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
