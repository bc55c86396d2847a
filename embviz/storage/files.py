"""Files that are read only if they are files: a pipe would be waited for, a device may never end."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def opened_file(path: Path) -> Iterator[IO[bytes]]:
    """The file, open for reading for the while.

    Raises
    ------
    OSError
        If it is not there, is no regular file, or cannot be read.
    """
    with open(path, "rb", opener=_opened_at_once) as file:  # Path.open takes no opener
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError("it is no regular file")
        yield file


def _opened_at_once(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
