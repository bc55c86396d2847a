"""Files and folders that say whether somebody is still at work on them, by locks that end with the process."""

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
    """Hold the lock of a file or folder for the while; False if somebody else holds it, in this process or another.

    Not in anybody's way: whoever does not ask for the lock reads and writes as ever. It ends with the process,
    however that ends. None where there are no such locks (Windows, some network disks), and so nobody can tell.

    Parameters
    ----------
    path
        Is there.

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
            pass  # a disk that knows no locks
        yield is_mine
    finally:
        os.close(descriptor)


@contextmanager
def temporary_folder(parent: Path, prefix: str) -> Iterator[Path]:
    """A new folder in `parent` for the while, held, so that `remove_left` tells it from what killed processes left.

    What cannot be removed at the end is left.

    Raises
    ------
    OSError
        If no folder can be made there.
    """
    while True:
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
        with ExitStack() as lock:
            try:
                is_ours = lock.enter_context(held(folder)) is not False and folder.exists()
            except FileNotFoundError:
                is_ours = False
            except OSError:  # an umask that lets nobody open it
                folder.rmdir()
                raise
            if is_ours:
                try:
                    yield folder
                finally:
                    shutil.rmtree(folder, ignore_errors=True)
                return
        # else another process, which was clearing up just then, took it for left


def is_temporary(path: Path, prefix: str) -> bool:
    """Whether it may be one of our `temporary_folder`, in use or left: not a file, a link, or of a longer name."""
    is_named_so = re.fullmatch(re.escape(prefix) + "[a-z0-9_]{8}", path.name) is not None
    return is_named_so and path.is_dir() and not path.is_symlink()


def remove_left(parent: Path, prefix: str) -> None:
    """Remove what killed processes left of their `temporary_folder`; what is not ours to remove or list stays."""
    with suppress(OSError):
        for folder in parent.glob(f"{prefix}*"):
            if is_temporary(folder, prefix):
                with suppress(OSError), held(folder) as is_left:
                    if is_left:
                        shutil.rmtree(folder, ignore_errors=True)
