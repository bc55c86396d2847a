"""Open regular files only: reading a pipe may wait for ever, and reading a device may never end."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def opened_file(path: Path) -> Iterator[IO[bytes]]:
    """Regular file, open for reading until the end of the block.

    Raises
    ------
    OSError
        If the file is missing, is not a regular file, or cannot be read.
    """
    with open(path, "rb", opener=_opened_at_once) as file:  # Path.open takes no opener
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError("it is not a regular file")
        yield file


def _opened_at_once(path: str, flags: int) -> int:
    """File descriptor of `path`, opened without waiting for a writer if it is a named pipe."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
