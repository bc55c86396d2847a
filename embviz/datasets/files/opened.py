"""A user's file opened for reading, where every error becomes a DatasetError, and the title of a file."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from embviz.errors import DatasetError
from embviz.storage.files import opened_file


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """The file, open for reading until the end of the block.

    Raises
    ------
    DatasetError
        If it is missing, is not a regular file, or cannot be read.
    """
    try:
        with opened_file(path) as file:
            yield file
    except OSError as error:
        raise DatasetError(f"cannot read {path}: {error.strerror or error}; give a file that can be read") from error


def title_of(path: Path) -> str:
    """Name of a file without its ending, as text; bytes that are not UTF-8 are replaced.

    Examples
    --------
    >>> title_of(Path("vectors/glove.6B.txt"))
    'glove.6B'
    """
    return os.fsencode(path.stem).decode("utf-8", "replace")
