"""Locks on files and folders: they show that a process still uses them, and end with that process."""

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path


@contextmanager
def held(path: Path) -> Iterator[bool | None]:
    """Hold the lock of a file or folder until the end of the block.

    Gives True if the lock is ours, False if another part of this process or another process holds it, and None where
    the system has no such locks (Windows, some network disks). Code that does not ask for the lock can read and write
    as usual. The lock ends with the process, even one that is killed.

    Parameters
    ----------
    path
        An existing file or folder.

    Examples
    --------
    >>> with held(Path.cwd()) as mine, held(Path.cwd()) as also_mine:
    ...     mine, also_mine and sys.platform != "win32"
    (True, False)
    """
    if sys.platform == "win32":
        yield None
        return
    import fcntl

    descriptor = os.open(path, os.O_RDONLY)
    try:
        is_mine: bool | None = None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_mine = True
        except BlockingIOError:
            is_mine = False
        except OSError:
            pass  # a file system without locks
        yield is_mine
    finally:
        os.close(descriptor)


@contextmanager
def temporary_folder(parent: Path, prefix: str) -> Iterator[Path]:
    """New folder in `parent`, removed at the end of the block; files that cannot be removed stay.

    The folder is locked meanwhile, so that `remove_left` can tell it from the folders of killed processes.

    Raises
    ------
    OSError
        If no folder can be made in `parent`.
    """
    while True:
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
        with ExitStack() as lock:
            try:
                is_ours = lock.enter_context(held(folder)) is not False and folder.exists()
            except FileNotFoundError:
                is_ours = False
            except OSError:  # the umask forbids opening the new folder
                folder.rmdir()
                raise
            if is_ours:
                try:
                    yield folder
                finally:
                    shutil.rmtree(folder, ignore_errors=True)
                return
        # Otherwise another process, while removing old folders, took this one before it was locked: make another.


def is_temporary(path: Path, prefix: str) -> bool:
    """Whether `path` may be a folder that `temporary_folder` made with this prefix, whether or not it is in use."""
    is_named_so = re.fullmatch(re.escape(prefix) + "[a-z0-9_]{8}", path.name) is not None
    return is_named_so and path.is_dir() and not path.is_symlink()


def remove_left(parent: Path, prefix: str) -> None:
    """Remove the temporary folders that killed processes left in `parent`, where we are allowed to."""
    with suppress(OSError):
        for folder in parent.glob(f"{prefix}*"):
            if is_temporary(folder, prefix):
                with suppress(OSError), held(folder) as is_left:
                    if is_left:
                        shutil.rmtree(folder, ignore_errors=True)
