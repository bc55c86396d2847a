"""Reader of a tensor that a projector config names: lines of numbers, or float32 in binary."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np

from embviz.arrays import AnyArray, Float32Array, check_memory
from embviz.datasets.files.number_lines import BLOCK, blocks_of_lines, float_rows, is_number
from embviz.datasets.files.opened import opened
from embviz.errors import DatasetError
from embviz.progress import Progress

_SNIFFED = 4096
_TEXT_CONTROLS = b"\t\n\r\f"


@dataclass(frozen=True, slots=True)
class TensorFile:
    """A tensor, before it is read.

    Attributes
    ----------
    path
        The file.
    shape
        Items and dimensions.
    is_text
        Whether the file has lines of numbers with tabs between, one per item; else it has little-endian float32, row
        by row.
    has_header
        Whether the first line has names.
    has_names
        Whether each line begins with a name of its item.
    """

    path: Path
    shape: tuple[int, int]
    is_text: bool
    has_header: bool = False
    has_names: bool = False


def tensor_file(path: Path, shape: tuple[int, ...]) -> TensorFile:
    """Format and shape of a tensor's file; its size is compared with the shape in the config.

    A file with the ending ``.bytes`` is binary if its size fits the shape; otherwise the content tells the format.

    Parameters
    ----------
    path
        The file.
    shape
        Items and dimensions that a config names; empty if it names none.

    Raises
    ------
    DatasetError
        If it cannot be read, is empty, or holds another number of values.
    """
    with opened(path) as file:
        size = file.seek(0, 2)
        file.seek(0)
        is_binary = len(shape) == 2 and 4 * math.prod(shape) == size and path.suffix.lower() == ".bytes"
        found = _of_bytes(path, size, shape) if is_binary or not _is_text(file) else _of_text(path, file)
    if len(shape) == 2 and found.shape != shape:
        (items, dimensions), (n, d) = shape, found.shape
        raise DatasetError(
            f"{path} holds {n:,} x {d:,} numbers, but its config says {items:,} x {dimensions:,}; "
            "get the file again, or correct tensor_shape"
        )
    return found


def tensor_rows(tensor: TensorFile, rows: slice, progress: Progress) -> Float32Array:
    """The vectors of some rows, float32.

    Raises
    ------
    DatasetError
        If the file cannot be read, or a line does not consist of numbers.
    """
    n, d = tensor.shape
    start, stop, _ = rows.indices(n)
    check_memory(str(tensor.path), (stop - start, d), np.float32, DatasetError)
    vectors = np.empty((max(stop - start, 0), d), np.float32)
    with opened(tensor.path) as file:
        blocks = _text_blocks if tensor.is_text else _binary_blocks
        done = 0
        for block in blocks(tensor, file, slice(start, stop)):
            progress(f"Reading {tensor.path.name}", done, len(vectors))
            vectors[done : done + len(block)] = block
            done += len(block)
    if done != len(vectors):
        raise DatasetError(f"{tensor.path} has become shorter while it was read; open it again")
    return vectors


def tensor_names(tensor: TensorFile, rows: slice) -> AnyArray:
    """The names at the beginning of the lines of some rows, for a tensor with `has_names`."""
    start, stop, _ = rows.indices(tensor.shape[0])
    with opened(tensor.path) as file:
        names = [
            line.partition(b"\t")[0].decode("utf-8", "replace")
            for block in blocks_of_lines(_lines(tensor, file), slice(start, stop))
            for line in block
        ]
    return np.array(names, np.str_)


def _of_bytes(path: Path, size: int, shape: tuple[int, ...]) -> TensorFile:
    if len(shape) != 2:
        raise DatasetError(
            f"{path} is binary, and its config does not say how long a row is; "
            "write tensor_shape, once for the items and once for the dimensions"
        )
    n, d = shape
    if size != 4 * n * d:
        raise DatasetError(
            f"{path} has {size:,} bytes, but {n:,} x {d:,} numbers of float32 are {4 * n * d:,}; "
            "get the file again, or correct tensor_shape"
        )
    return TensorFile(path, (n, d), is_text=False)


def _of_text(path: Path, file: IO[bytes]) -> TensorFile:
    lines = _not_blank(file)
    first = _fields(next(lines, b""))
    second = _fields(next(lines, b"")) or first
    n = (first != []) + (second is not first) + sum(1 for _ in lines)
    has_header = second is not first and not any(map(is_number, first)) and any(map(is_number, second))
    numbers = second if has_header else first
    has_names = len(numbers) > 1 and not is_number(numbers[0])
    shape = (n - has_header, len(numbers) - has_names)
    if min(shape) < 1 or not is_number(numbers[-1]):
        begins = b" ".join(first).decode("utf-8", "replace")
        raise DatasetError(f"{path} begins with {begins!r:.60}; expected numbers with tabs between, one line per item")
    return TensorFile(path, shape, is_text=True, has_header=has_header, has_names=has_names)


def _is_text(file: IO[bytes]) -> bool:
    start = file.read(_SNIFFED)
    file.seek(0)
    return all(byte >= 32 or byte in _TEXT_CONTROLS for byte in start) and _is_utf8(start)


def _is_utf8(start: bytes) -> bool:
    """Whether bytes are UTF-8; the last character may be cut off."""
    try:
        start.decode()
    except UnicodeDecodeError as error:
        return error.start >= _SNIFFED - 3
    return True


def _not_blank(file: IO[bytes]) -> Iterator[bytes]:
    return (line for line in file if not line.isspace())


def _fields(line: bytes) -> list[bytes]:
    return line.rstrip(b"\r\n").split(b"\t") if line else []


def _lines(tensor: TensorFile, file: IO[bytes]) -> Iterator[bytes]:
    lines = _not_blank(file)
    if tensor.has_header:
        next(lines, b"")
    return lines


def _text_blocks(tensor: TensorFile, file: IO[bytes], rows: slice) -> Iterator[Float32Array]:
    row = rows.start
    for block in blocks_of_lines(_lines(tensor, file), rows):
        lines = [line.partition(b"\t")[2] for line in block] if tensor.has_names else block
        yield float_rows(lines, tensor.shape[1], b"\t", tensor.path, row)
        row += len(block)


def _binary_blocks(tensor: TensorFile, file: IO[bytes], rows: slice) -> Iterator[Float32Array]:
    d = tensor.shape[1]
    file.seek(4 * d * rows.start)
    for start in range(rows.start, rows.stop, BLOCK):
        count = min(BLOCK, rows.stop - start)
        data = file.read(4 * d * count)
        whole = data[: len(data) // (4 * d) * (4 * d)]
        yield np.frombuffer(whole, "<f4").reshape(-1, d).astype(np.float32, copy=False)
