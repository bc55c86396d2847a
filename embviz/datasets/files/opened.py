"""Somebody's file, open for reading: what keeps it from being read is a DatasetError."""

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
