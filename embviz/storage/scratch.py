"""Temporary folders with enough room for what is written into them, removed even after a process was killed."""

import logging
import shutil
import tempfile
import weakref
from contextlib import ExitStack
from functools import cache
from pathlib import Path

from embviz.errors import ExportError
from embviz.logs import warn_once
from embviz.storage.locks import remove_left, temporary_folder
from embviz.storage.store import default_store

PREFIX = "embviz-"

logger = logging.getLogger(__name__)


class ScratchFolder:
    """A new temporary folder, removed by `remove` or when nothing refers to this object any more.

    It is made in the system's folder for temporary files or, if that is missing or too full, in the store's folder.
    A lock tells other processes that it is in use.

    Parameters
    ----------
    n_bytes
        Bytes that must be free on the disk.

    Raises
    ------
    ExportError
        If neither folder has that much room, or no folder can be made there.

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
        _clear_up(parent)
        folder = ExitStack()
        try:
            self.path = folder.enter_context(temporary_folder(parent, PREFIX))
        except OSError as error:
            raise ExportError(f"no folder can be made in {parent} ({error.strerror}); set TMPDIR to another") from error
        self._finalizer = weakref.finalize(self, folder.close)

    def remove(self) -> None:
        """Remove the folder and everything in it."""
        self._finalizer()


def _parent_with_room(n_bytes: int) -> Path:
    refused: list[str] = []
    for name, place in (("temporary files", _temporary), ("the store", _stored)):
        try:
            parent = place()
            free = shutil.disk_usage(parent).free
            if free >= n_bytes:
                if refused:
                    warn_once(logger, f"{refused[0]}: {parent} is used instead")
                return parent
            refused.append(f"{parent} has {free / 1e6:,.0f} MB left, of {n_bytes / 1e6:,.0f} needed")
        except OSError as error:
            refused.append(f"the folder for {name} cannot be written to ({error.strerror or error})")
    raise ExportError(f"{'; '.join(refused)}; make room, or set TMPDIR to a folder that has it")


def _temporary() -> Path:
    parent = Path(tempfile.gettempdir())
    tempfile.TemporaryFile(dir=parent).close()  # gettempdir tries the folder only once, and it may have changed since
    return parent


def _stored() -> Path:
    root = default_store().root
    if root is None:
        raise OSError("there is none")
    root.mkdir(parents=True, exist_ok=True)
    return root


@cache
def _clear_up(parent: Path) -> None:
    """Remove the folders that killed processes left in `parent`; done once per process."""
    remove_left(parent, PREFIX)
