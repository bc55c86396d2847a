"""Folders for files that are soon gone: where there is room, and without what killed processes left of theirs."""

import contextlib
import logging
import re
import shutil
import tempfile
import weakref
from contextlib import ExitStack
from functools import cache
from pathlib import Path

from embviz.errors import ExportError
from embviz.locks import held
from embviz.store import default_store

PREFIX = "embviz-"

logger = logging.getLogger(__name__)


class ScratchFolder:
    """A folder of one's own until `remove`, or until nobody has it any more.

    In the folder for temporary files, or, where that is missing or too full, in the store's. Locked, so that other
    processes can tell it from what a killed one left.

    Parameters
    ----------
    n_bytes
        How much room it needs.

    Raises
    ------
    ExportError
        If there is no such room anywhere.

    Examples
    --------
    >>> scratch = ScratchFolder(10)
    >>> _ = (scratch.path / "file").write_text("soon gone")
    >>> scratch.remove()
    >>> scratch.path.exists()
    False
    """

    def __init__(self, n_bytes: int) -> None:
        parent = _parent_with_room(n_bytes)
        _sweep(parent)
        self.path, lock = _locked_folder(parent)
        self._finalizer = weakref.finalize(self, _removed, self.path, lock)

    def remove(self) -> None:
        """Remove it and all that is in it."""
        self._finalizer()


def _locked_folder(parent: Path) -> tuple[Path, ExitStack]:
    while True:
        path, lock = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent)), ExitStack()
        with contextlib.suppress(FileNotFoundError):
            if lock.enter_context(held(path)) is not False and path.exists():
                return path, lock
        lock.close()  # another process, which has just started, took it for left


def _removed(path: Path, lock: ExitStack) -> None:
    shutil.rmtree(path, ignore_errors=True)
    lock.close()


def _parent_with_room(n_bytes: int) -> Path:
    refused: list[str] = []
    for place in (_temporary, _stored):
        try:
            parent = place()
            free = shutil.disk_usage(parent).free
            if free >= n_bytes:
                if refused:
                    _say_once(f"{refused[0]}: {parent} is used instead")
                return parent
            refused.append(f"{parent} has {free / 1e6:,.0f} MB left, of {n_bytes / 1e6:,.0f} needed")
        except OSError as error:
            refused.append(f"no temporary files can be written ({error.strerror or error})")
    raise ExportError(f"{'; '.join(refused)}; make room, or set TMPDIR to a folder that has it")


def _temporary() -> Path:
    parent = Path(tempfile.gettempdir())
    tempfile.TemporaryFile(dir=parent).close()  # it may have been writable when the process asked first
    return parent


def _stored() -> Path:
    root = default_store().root
    if root is None:
        raise OSError("there is no store either")
    root.mkdir(parents=True, exist_ok=True)
    return root


@cache
def _sweep(parent: Path) -> None:
    """Remove what killed processes left, when this one first makes a folder here."""
    for left in parent.glob(f"{PREFIX}*"):
        if re.fullmatch(rf"{PREFIX}[a-z0-9_]{{8}}", left.name) and left.is_dir() and not left.is_symlink():
            with contextlib.suppress(OSError), held(left) as is_left:
                if is_left:
                    shutil.rmtree(left, ignore_errors=True)


@cache
def _say_once(sentence: str) -> None:
    logger.warning(sentence)
