"""Computed results on disk: written atomically, treated as absent if unreadable, least recently used removed first."""

import contextlib
import logging
import os
import re
import time
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from platformdirs import user_cache_path

from embviz.errors import InputError
from embviz.logs import warn_once
from embviz.storage.artifacts import Artifact, read_artifact, write_artifact
from embviz.storage.locks import remove_left, temporary_folder

SUFFIX = ".embviz.npz"
"""End of the name of every file of the store, which tells them from other files in the same folder."""

PREFIX = ".writing-"
"""Start of the names of the folders in which files are written before they are moved to their place."""

DEFAULT_LIMIT = 4 * 2**30
"""Bytes that all files of a store may take together, unless another limit is given."""


logger = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class Store:
    """A folder of artifacts, each a file ``<kind>/<key>.embviz.npz``.

    Not a database and never the only copy. A file that cannot be read, or that was not saved under the key asked for,
    counts as absent, so the result is computed again; a result that cannot be written is used without being kept.
    Threads and processes may share a folder. A process that uses a folder for the first time removes the half-written
    files that killed processes left there. Values in memory are shared by all who use the same `Store` (see
    `library_of`); two stores of one folder share its files only.

    Attributes
    ----------
    root
        The folder, made at the first write. If None, nothing is kept.
    limit
        Bytes that all files may take together.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     store = Store(Path(folder))
    ...     store.save("graph", "a1", Artifact({"indices": np.array([1, 0])}, {"recall": 1.0}))
    ...     store.load("graph", "a1").scalars, store.load("graph", "b2")
    ({'recall': 1.0}, None)
    """

    root: Path | None
    limit: int = DEFAULT_LIMIT

    def load(self, kind: str, key: str) -> Artifact | None:
        """Artifact saved under this kind and key; None if there is no file, or it is damaged or has another key.

        Raises
        ------
        InputError
            If kind or key holds anything but a-z, 0-9 and hyphens.
        """
        path = self._path(kind, key)
        if path is None:
            return None
        try:
            artifact = read_artifact(path, kind, key)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except PermissionError as error:
            warn_once(
                logger, f"results cannot be read in {self.root}, and are computed again: {error.strerror or error}"
            )
            return None
        except Exception as error:  # a damaged archive raises BadZipFile, RuntimeError, zlib.error, ValueError ...
            logger.warning("%s cannot be read and is computed again: %r", path, error)
            return None
        with contextlib.suppress(OSError):  # the folder may be read-only
            used = max(time.time_ns(), path.stat().st_mtime_ns + 1)  # later, even if the clock was put back
            os.utime(path, ns=(used, used))
        return artifact

    def has(self, kind: str, key: str) -> bool:
        """Whether there is a file for this kind and key, which `load` may still find to be damaged.

        Raises
        ------
        InputError
            If kind or key holds anything but a-z, 0-9 and hyphens.
        """
        path = self._path(kind, key)
        return path is not None and path.is_file()

    def save(self, kind: str, key: str, artifact: Artifact) -> None:
        """Keep the artifact, replacing an older one; a warning is logged once if the disk does not allow it.

        Raises
        ------
        InputError
            If kind or key holds anything but a-z, 0-9 and hyphens.
        """
        path = self._path(kind, key)
        if path is None:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, kind, key, artifact)
            self._trim(path, path.stat().st_mtime_ns)
        except OSError as error:
            warn_once(
                logger, f"results cannot be kept in {self.root}, and are computed again: {error.strerror or error}"
            )

    def _path(self, kind: str, key: str) -> Path | None:
        for name in (kind, key):
            if not re.fullmatch("[a-z0-9-]+", name):
                raise InputError(f"a name in the store must be of a-z, 0-9 and hyphens, got {name!r}")
        if self.root is None:
            return None
        _clear_up(self.root)
        return self.root / kind / f"{key}{SUFFIX}"

    def _trim(self, saved: Path, saved_at: int) -> None:
        """Remove the least recently used files until the rest fits the limit; the file just saved goes last."""
        assert self.root is not None, "something was saved"
        found = []
        for path in self.root.glob(f"*/*{SUFFIX}"):
            with contextlib.suppress(FileNotFoundError):  # another process trims too
                status = path.stat()
                found.append((path == saved, status.st_mtime_ns, status.st_size, path))
        newest = max((used for _, used, _, _ in found), default=saved_at)
        if newest > saved_at:  # the clock was put back after another file was written
            os.utime(saved, ns=(newest + 1, newest + 1))
        total = sum(size for _, _, size, _ in found)
        for _, _, size, path in sorted(found):
            if total <= self.limit:
                break
            with contextlib.suppress(OSError):  # Windows keeps a file that another process reads
                path.unlink(missing_ok=True)
                total -= size


def _write(path: Path, kind: str, key: str, artifact: Artifact) -> None:
    with temporary_folder(path.parent.parent, PREFIX) as folder:
        partial = folder / path.name
        with partial.open("wb") as file:
            write_artifact(file, kind, key, artifact)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)


def default_store() -> Store:
    """Store in the folder ``EMBVIZ_STORE_DIR``, or else in the folder ``embviz`` of the user's caches.

    It is the same `Store` each time, as long as the environment names the same folder.

    If that folder would be in the user's home folder, and there is none, the store keeps nothing.
    """
    chosen = os.environ.get("EMBVIZ_STORE_DIR")
    try:
        if chosen:
            return _store_in(_in_home(chosen))
        return _store_in(user_cache_path("embviz", appauthor=False, opinion=False))  # no author or Cache on Windows
    except RuntimeError:
        warn_once(logger, f"there is no folder {chosen or '~'}: results are not kept; set EMBVIZ_STORE_DIR to a folder")
        return _store_in(None)


@lru_cache(maxsize=1)  # a store of another folder is not to be kept in memory
def _store_in(root: Path | None) -> Store:
    return Store(root)


def _in_home(path: str) -> Path:
    """Path with `~` replaced by the home folder; RuntimeError if there is no home folder."""
    expanded = Path(path).expanduser()
    is_of_no_home = os.environ.get("HOME") == "" or not expanded.is_absolute()  # Python would use / or .
    if path.startswith("~") and is_of_no_home:
        raise RuntimeError("HOME names no folder")
    return expanded


@cache
def _clear_up(root: Path) -> None:
    """Remove the half-written files that killed processes left in `root`; done once per process."""
    remove_left(root, PREFIX)
