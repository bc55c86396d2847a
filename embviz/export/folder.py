"""Files and folders that appear complete or not at all, and never in the place of somebody else's."""

import json
import re
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from embviz.errors import ExportError

MANIFEST_FILE = "embviz.json"
"""Says that a folder is an export, and which of its files are."""

STAGING_PREFIX = ".embviz-export-"


@contextmanager
def replaced_folder(folder: Path, *, last: str, overwrite: bool = False) -> Iterator[Path]:
    """A staging folder to write into; without an exception its files become those of `folder`.

    What an earlier export left there is removed, by its manifest. Other files stay. Until all is
    written nothing of the old export is touched: a full disk, an exception or a kill leaves it
    whole. Then `last` is taken away, the files are moved (renamed, on one disk), and the new `last`
    comes last, so a reader that starts from it never sees old and new mixed.

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
        If `folder` is a file, or holds files and is not an export and `overwrite` is off.
    """
    folder = folder.resolve()
    with _told_as_export_error(folder):
        if folder.exists() and not folder.is_dir():
            raise ExportError(f"{folder} is a file; give the name of a folder")
        created = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        try:
            owned = _owned_files(folder, overwrite)
            staging = Path(tempfile.mkdtemp(prefix=STAGING_PREFIX, dir=folder))
            try:
                yield staging
                _move_in(staging, folder, owned, last, overwrite)
            finally:
                shutil.rmtree(staging, ignore_errors=True)  # what cannot go now goes with the next export
        except BaseException:
            if created:
                with suppress(OSError):  # no longer empty: somebody else uses it by now
                    folder.rmdir()
            raise


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
        partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            yield partial
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)


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
    """Names that an earlier export left; what a killed one left half-done is removed."""
    entries = list(folder.iterdir())
    half_done = [each for each in entries if each.name.startswith(STAGING_PREFIX) and not each.is_symlink()]
    owned = manifest_files(folder)
    if owned is None and len(entries) > len(half_done) and not overwrite:
        raise ExportError(
            f"{folder} has files that are not an embviz export; give a new or empty folder, "
            "or overwrite to write beside them"
        )
    for staging in half_done:
        shutil.rmtree(staging)
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
