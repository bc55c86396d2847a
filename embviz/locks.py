"""Whether somebody is still at work on a file or folder: locks that end with the process that holds them."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def held(path: Path) -> Iterator[bool]:
    """Hold the lock of a file or folder for the while; False if somebody else holds it, in this process or another.

    Not in anybody's way: whoever does not ask for the lock reads and writes as ever. It ends with the process,
    however that ends. Where there are no such locks (Windows, some network disks) everybody gets one.

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
        yield True
        return
    import fcntl

    descriptor = os.open(path, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_mine = True
        except BlockingIOError:
            is_mine = False
        except OSError:  # a disk that knows no locks
            is_mine = True
        yield is_mine
    finally:
        os.close(descriptor)
