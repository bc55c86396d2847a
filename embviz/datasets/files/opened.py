"""Somebody's file: open for reading, with what keeps it from being read as a DatasetError, and what it is called."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from embviz.errors import DatasetError
from embviz.storage.files import opened_file


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """The file for the while.

    Raises
    ------
    DatasetError
        If it is not there, is no regular file, or cannot be read.
    """
    try:
        with opened_file(path) as file:
            yield file
    except OSError as error:
        raise DatasetError(f"cannot read {path}: {error.strerror or error}; give a file that can be read") from error


def title_of(path: Path) -> str:
    """The name of a file without its ending, as a text: bytes that are none are replaced.

    Examples
    --------
    >>> title_of(Path("vectors/glove.6B.txt"))
    'glove.6B'
    """
    return os.fsencode(path.stem).decode("utf-8", "replace")
