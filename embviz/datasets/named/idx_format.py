"""Reader of the IDX format: numbers of any type in one to three dimensions, plain or gzip."""

import gzip
import math
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedIOBase
from pathlib import Path
from typing import cast

import numpy as np

from embviz.arrays import AnyArray, check_memory
from embviz.errors import DatasetError
from embviz.progress import Progress

MOST_UNPACKED = 8 << 30
"""Most bytes that a gzip file may unpack to."""

_TYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
"""Type of the numbers by the third byte of a file."""
_MOST_DIMENSIONS = 3
_CHUNK = 1 << 20
_GZIP = b"\x1f\x8b"
_BEST_RATIO = 1032
"""Highest compression ratio of deflate."""
_LOOKS = {
    b"<": "it is a web page, as a server sends instead of a file: get the file again",
    b"PK": "it is a zip file: unpack it",
    b"\xfd7zXZ": "it is an xz file: unpack it",
    b"BZh": "it is a bzip2 file: unpack it",
    b"\x1f\x9d": "it is a file packed by compress: unpack it",
    b"\x28\xb5\x2f\xfd": "it is a zstd file: unpack it",
    b"7z\xbc\xaf": "it is a 7z file: unpack it",
    b"Rar!": "it is a rar file: unpack it",
    _GZIP: "it is packed twice: unpack it once",
    b"version ": "it is what git has in the place of a large file: fetch it with git lfs",
}
"""Other kinds of files by their first bytes, and what to do with them."""
_BEFORE_TEXT = b"\xef\xbb\xbf\xff\xfe \t\r\n"
"""Bytes that a text may have before its first letter: marks of its encoding, and space."""


@dataclass(frozen=True, slots=True)
class IdxHeader:
    """Header of an IDX file: type of the numbers as they are stored, and their shape."""

    dtype: np.dtype[np.generic]
    shape: tuple[int, ...]

    @property
    def row_bytes(self) -> int:
        """Number of bytes of one item."""
        return math.prod(self.shape[1:]) * self.dtype.itemsize

    @property
    def header_bytes(self) -> int:
        """Number of bytes before the first item."""
        return 4 * (1 + len(self.shape))


def idx_header(path: Path) -> IdxHeader:
    """The header of an IDX file, checked against the file's size.

    Parameters
    ----------
    path
        A file, plain or gzip, which is told by its first bytes, not by its name.

    Raises
    ------
    DatasetError
        If the file cannot be read, is not an IDX file, holds nothing, has another size than its header says, or
        promises more than a gzip file of its size can hold or is allowed to.
    """
    with opened_idx(path) as stream:
        header = _header(path, stream)
        is_gzip = isinstance(stream, gzip.GzipFile)
        size = path.stat().st_size
    promised = header.shape[0] * header.row_bytes
    if is_gzip and promised > min(_BEST_RATIO * size, MOST_UNPACKED):
        raise DatasetError(f"{path}: {promised_of(header)}, more than a gzip file of {size:,} bytes can or may hold")
    if not is_gzip and size != header.header_bytes + promised:
        raise DatasetError(f"{path}: {promised_of(header)}, found {size - header.header_bytes:,}; get the file again")
    return header


def idx_rows(path: Path, header: IdxHeader, rows: slice, progress: Progress) -> AnyArray:
    """Some of the items of an IDX file, in the machine's byte order.

    Parameters
    ----------
    path, header
        The file, and its header from `idx_header`.
    rows
        Rows of the items to read; items before them are read, too, but not kept.
    progress
        Called with bytes, once per megabyte.

    Raises
    ------
    DatasetError
        If the file is shorter or longer than its header says, or its header is no longer `header`.
    """
    wanted = range(header.shape[0])[rows]
    first, last = (min(wanted), max(wanted)) if wanted else (0, -1)
    shape = (last + 1 - first, *header.shape[1:])
    check_memory(str(path), shape, header.dtype, DatasetError)
    with opened_idx(path) as stream:
        if _header(path, stream) != header:
            raise DatasetError(f"{path} has changed since it was looked at; open it again")
        for _ in _pieces(stream, first * header.row_bytes):
            progress("unpacking", 0, 0)
        data, total = bytearray(), shape[0] * header.row_bytes
        for piece in _pieces(stream, total):
            data += piece
            progress("reading", len(data), total)
        is_longer = last + 1 == header.shape[0] and stream.read(1)
    if len(data) < total or is_longer:
        found = "more" if is_longer else f"{first * header.row_bytes + len(data):,} at most"
        raise DatasetError(f"{path}: {promised_of(header)}, found {found}; get the file again")
    values = np.frombuffer(data, header.dtype).reshape(shape)
    if not values.dtype.isnative:
        values = values.byteswap(inplace=True).view(values.dtype.newbyteorder())
    return values if wanted.step == 1 else values[np.array(wanted) - first]


def promised_of(header: IdxHeader) -> str:
    """Shape and number of bytes that a header promises, in words.

    Examples
    --------
    >>> promised_of(IdxHeader(np.dtype(">i4"), (2, 8)))
    'its header promises 2 x 8 values, 64 bytes'
    """
    sizes = " x ".join(map(str, header.shape))
    return f"its header promises {sizes} values, {header.shape[0] * header.row_bytes} bytes"


def advice_on(beginning: bytes) -> str:
    """Words on what a file with this beginning seems to be, and what to do.

    Examples
    --------
    >>> advice_on(b"PK")
    'it is a zip file: unpack it'
    """
    begins = (beginning, beginning.lstrip(_BEFORE_TEXT))
    looks = (said for start, said in _LOOKS.items() if any(each.startswith(start) for each in begins))
    return next(looks, "give an IDX file")


@contextmanager
def opened_idx(path: Path) -> Iterator[BufferedIOBase]:
    """Unpacked content of a file, open for reading; every error in reading it becomes a DatasetError."""
    try:
        if not path.is_dir() and not stat.S_ISREG(path.stat().st_mode):
            raise DatasetError(f"cannot read {path}: it is a pipe or a device; expected an IDX file")
        with path.open("rb") as file:
            is_gzip = file.peek(len(_GZIP))[: len(_GZIP)] == _GZIP
            with gzip.open(file) if is_gzip else file as stream:
                yield cast(BufferedIOBase, stream)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise DatasetError(f"{path} is not a whole gzip file ({error}); get the file again") from error
    except OSError as error:
        raise DatasetError(f"cannot read {path}: {error.strerror or error}; expected an IDX file") from error


def _header(path: Path, stream: BufferedIOBase) -> IdxHeader:
    magic = stream.read(4)
    if len(magic) < 4:
        raise DatasetError(f"{path} is {len(magic)} bytes long, expected a header; get the file again")
    if magic[:2] != bytes(2) or magic[2] not in _TYPES:
        raise DatasetError(
            f"{path} starts with {magic.hex()}, as no IDX file does; {advice_on(magic + stream.read(12))}"
        )
    n_dimensions = magic[3]
    if not 1 <= n_dimensions <= _MOST_DIMENSIONS:
        raise DatasetError(f"{path} has {n_dimensions} dimensions; give an IDX file of 1 to {_MOST_DIMENSIONS}")
    sizes = stream.read(4 * n_dimensions)
    if len(sizes) < 4 * n_dimensions:
        raise DatasetError(f"{path} ends in its header, after {4 + len(sizes)} bytes; get the file again")
    shape = tuple(np.frombuffer(sizes, ">u4").tolist())
    if 0 in shape:
        raise DatasetError(f"{path} is empty: its header says {' x '.join(map(str, shape))}; give one with items")
    return IdxHeader(np.dtype(_TYPES[magic[2]]), shape)


def _pieces(stream: BufferedIOBase, n_bytes: int) -> Iterator[bytes]:
    """The next `n_bytes` of a stream, or as many as there are, in pieces."""
    while n_bytes and (piece := stream.read(min(_CHUNK, n_bytes))):
        n_bytes -= len(piece)
        yield piece
