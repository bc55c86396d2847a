"""Whether somebody is still at work on a file or folder: locks that end with the process that holds them."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
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
