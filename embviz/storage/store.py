"""Computed artifacts on disk: written atomically, absent if unreadable, the least recently used go first."""

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
"""Tells the store's files from whatever else lies in a folder that somebody chose for it."""

PREFIX = ".writing-"
"""Of the folders in which files are written before they are moved to their place."""

DEFAULT_LIMIT = 4 * 2**30
"""Bytes."""


logger = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class Store:
    """A folder of artifacts, each a file ``<kind>/<key>.embviz.npz``.

    Not a database and never the only copy: what cannot be read, or is not exactly what was saved under this key,
    is computed again, and what cannot be written is used without being kept. Threads and processes may share a
    folder. What a killed process left half-written goes when the next one uses the folder first. Those who share a
    `Store` share also what is in memory (see `library_of`); another one of the same folder shares the files alone.

    Attributes
    ----------
    root
        The folder; made when first written to. None keeps nothing.
    limit
        Bytes of all files together.

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
        """The artifact, or None if it is absent or its file is damaged, of something else, or no file at all.

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
        with contextlib.suppress(OSError):  # a folder that can only be read
            used = max(time.time_ns(), path.stat().st_mtime_ns + 1)  # later than before, whatever the clock says
            os.utime(path, ns=(used, used))
        return artifact

    def has(self, kind: str, key: str) -> bool:
        """Whether there is a file under this key; it may turn out to be damaged when it is read.

        Raises
        ------
        InputError
            If kind or key holds anything but a-z, 0-9 and hyphens.
        """
        path = self._path(kind, key)
        return path is not None and path.is_file()

    def save(self, kind: str, key: str, artifact: Artifact) -> None:
        """Keep the artifact, in the place of an older one; log a warning if the disk does not let us, once.

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
        """Remove what was not used for longest until the rest fits the limit; what was just saved is used last."""
        assert self.root is not None, "something was saved"
        found = []
        for path in self.root.glob(f"*/*{SUFFIX}"):
            with contextlib.suppress(FileNotFoundError):  # another process trims too
                status = path.stat()
                found.append((path == saved, status.st_mtime_ns, status.st_size, path))
        newest = max((used for _, used, _, _ in found), default=saved_at)
        if newest > saved_at:  # the clock has been put back since
            os.utime(saved, ns=(newest + 1, newest + 1))
        total = sum(size for _, _, size, _ in found)
        for _, _, size, path in sorted(found):
            if total <= self.limit:
                break
            with contextlib.suppress(OSError):  # another process reads it, and Windows lets it
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
    """The store in ``EMBVIZ_STORE_DIR``, or else in the folder ``embviz`` of the user's caches: one for all.

    One that keeps nothing where these are in a home folder, and there is none.
    """
    chosen = os.environ.get("EMBVIZ_STORE_DIR")
    try:
        if chosen:
            return _store_in(_in_home(chosen))
        return _store_in(user_cache_path("embviz", appauthor=False, opinion=False))  # on Windows, too, just that
    except RuntimeError:
        warn_once(logger, f"there is no folder {chosen or '~'}: results are not kept; set EMBVIZ_STORE_DIR to one")
        return _store_in(None)


@lru_cache(maxsize=1)  # of a folder that the environment no longer names, nothing is to be held
def _store_in(root: Path | None) -> Store:
    return Store(root)


def _in_home(path: str) -> Path:
    """The path with the home folder in the place of `~`; a RuntimeError if there is no such folder."""
    expanded = Path(path).expanduser()
    is_of_no_home = os.environ.get("HOME") == "" or not expanded.is_absolute()  # which Python takes for / or .
    if path.startswith("~") and is_of_no_home:
        raise RuntimeError("HOME says no folder")
    return expanded


@cache
def _clear_up(root: Path) -> None:
    """Remove what killed processes left half-written, when this one first uses the folder."""
    remove_left(root, PREFIX)
