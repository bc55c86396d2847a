"""Computed artifacts on disk: written atomically, absent if unreadable, the least recently used go first."""

import contextlib
import json
import logging
import os
import re
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np

from embviz.arrays import AnyArray, summary
from embviz.errors import InputError

Scalar = str | int | float | bool | None

FORMAT = 1
"""Of the files; those of another format are absent."""

SUFFIX = ".embviz.npz"
"""Tells the store's files from whatever else lies in a folder that somebody chose for it."""

DEFAULT_LIMIT = 4 * 2**30
"""Bytes."""

_HEADER = "header.json"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False, slots=True, repr=False)
class Artifact:
    """What is kept under one key: arrays and scalars by name."""

    arrays: Mapping[str, AnyArray]
    scalars: Mapping[str, Scalar]

    __repr__ = summary


@dataclass(frozen=True, slots=True)
class Store:
    """A folder of artifacts, each a file ``<kind>/<key>.embviz.npz``.

    Not a database and never the only copy: what cannot be read is computed again, and what cannot
    be written is used without being kept. Threads and processes may share a folder.

    Attributes
    ----------
    root
        The folder; made when first written to.
    limit
        Bytes of all files together.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     store = Store(Path(folder))
    ...     store.save("graph", "a1", Artifact({"indices": np.array([1, 0])}, {"recall": 1.0}))
    ...     store.load("graph", "a1").scalars, store.load("graph", "b2")
    ({'recall': 1.0}, None)
    """

    root: Path
    limit: int = DEFAULT_LIMIT

    def load(self, kind: str, key: str) -> Artifact | None:
        """The artifact, or None if it is absent or its file is damaged.

        Raises
        ------
        InputError
            If kind or key holds anything but a-z, 0-9 and hyphens.
        """
        path = self._path(kind, key)
        try:
            artifact = _read(path)
        except FileNotFoundError:
            return None
        except Exception as error:  # a damaged archive raises BadZipFile, RuntimeError, zlib.error, ValueError ...
            logger.warning("%s cannot be read and is computed again: %r", path, error)
            return None
        with contextlib.suppress(OSError):  # a folder that can only be read
            os.utime(path)
        return artifact

    def save(self, kind: str, key: str, artifact: Artifact) -> None:
        """Keep the artifact, in the place of an older one; log a warning if the disk does not let us.

        Raises
        ------
        InputError
            If kind or key holds anything but a-z, 0-9 and hyphens.
        """
        path = self._path(kind, key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, artifact)
            self._trim()
        except OSError as error:
            logger.warning("%s cannot be kept and will be computed again: %s", path, error)

    def _path(self, kind: str, key: str) -> Path:
        for name in (kind, key):
            if not re.fullmatch("[a-z0-9-]+", name):
                raise InputError(f"a name in the store must be of a-z, 0-9 and hyphens, got {name!r}")
        return self.root / kind / f"{key}{SUFFIX}"

    def _trim(self) -> None:
        """Remove what was not used for longest until the rest fits the limit; also what a killed process left."""
        found = []
        for path in self.root.glob(f"*/*{SUFFIX}"):
            with contextlib.suppress(FileNotFoundError):  # another process trims too
                stat = path.stat()
                found.append((stat.st_mtime_ns, stat.st_size, path))
        total = sum(size for _, size, _ in found)
        for _, size, path in sorted(found):
            if total <= self.limit:
                break
            with contextlib.suppress(OSError):  # another process reads it, and Windows lets it
                path.unlink(missing_ok=True)
                total -= size


def default_store() -> Store:
    """The store in ``EMBVIZ_STORE_DIR``, or else in the folder ``embviz`` of the user's caches."""
    chosen = os.environ.get("EMBVIZ_STORE_DIR")
    return Store(Path(chosen).expanduser() if chosen else _user_caches() / "embviz")


def _user_caches() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def _read(path: Path) -> Artifact:
    """Members are read as a whole before they are parsed, because only then is their checksum compared."""
    with zipfile.ZipFile(path) as archive:
        header = json.loads(archive.read(_HEADER))
        if header["format"] != FORMAT:
            raise ValueError(f"format {header['format']}, expected {FORMAT}")
        arrays = {
            name: np.lib.format.read_array(BytesIO(archive.read(f"{name}.npy")), allow_pickle=False)
            for name in header["arrays"]
        }
    return Artifact(arrays, header["scalars"])


def _write(path: Path, artifact: Artifact) -> None:
    header = {"format": FORMAT, "arrays": list(artifact.arrays), "scalars": dict(artifact.scalars)}
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name.removesuffix(SUFFIX)}.", suffix=SUFFIX)
    partial = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            with zipfile.ZipFile(file, "w") as archive:
                archive.writestr(_HEADER, json.dumps(header))
                for array_name, array in artifact.arrays.items():
                    with archive.open(f"{array_name}.npy", "w", force_zip64=True) as member:
                        np.lib.format.write_array(member, array, allow_pickle=False)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
