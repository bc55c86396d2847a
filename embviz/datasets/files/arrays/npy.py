"""Reader of .npy arrays: the header is checked against the size of the file, and rows are read when asked for."""

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

import numpy as np

from embviz.arrays import AnyArray, check_memory
from embviz.datasets.files.contents import Read
from embviz.errors import DatasetError
from embviz.progress import Progress
from embviz.storage.files import opened_file

MAGIC = b"\x93NUMPY"
CHANNELS = (1, 3, 4)
"""Numbers of values per pixel: gray, color, color with alpha."""
_PIECE = 1 << 22

ReadBytes = Callable[[int, AnyArray, Progress], None]
"""Function that fills an array of bytes with the stored values, from a given byte of these values on."""


@dataclass(frozen=True, slots=True)
class Header:
    """Header of a ``.npy`` file: shape, type and position of the values.

    Attributes
    ----------
    shape
        Shape of the array; () for a single value.
    dtype
        Type of the values, in the byte order of the file.
    fortran
        Whether the first axis varies fastest (Fortran order).
    offset
        Number of bytes before the values.
    """

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    fortran: bool
    offset: int

    @property
    def nbytes(self) -> int:
        """Number of bytes of the values."""
        return math.prod(self.shape) * self.dtype.itemsize


@dataclass(frozen=True, eq=False, slots=True)
class StoredArray:
    """An array in a file.

    Attributes
    ----------
    name
        Name of the array in the ``.npz`` file, or name of the ``.npy`` file without its ending.
    where
        Name of file and array in messages.
    n
        Number of items.
    shape
        Shape of one item.
    dtype
        Type of the values, in the machine's byte order.
    read
        Reads a slice of items. They are along the first axis of the result, even if not in the file.
    notes
        What was guessed, one sentence each.
    """

    name: str
    where: str
    n: int
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    read: Read
    notes: tuple[str, ...] = ()


def npy_array(path: Path) -> StoredArray:
    """The array of a ``.npy`` file.

    Raises
    ------
    DatasetError
        If it cannot be read, is longer or shorter than its header says, or holds what embviz does not read.
    """
    where = path.name
    try:
        with opened_file(path) as file:
            header = array_header(where, file)
            size = path.stat().st_size - header.offset
    except OSError as error:
        raise DatasetError(f"cannot read {where}: {error.strerror or error}; give a file that you may read") from error
    check_size(where, header, size)

    def read_bytes(start: int, into: AnyArray, progress: Progress) -> None:
        try:
            with opened_file(path) as file:
                file.seek(header.offset + start)
                fill(where, file, into, progress)
        except OSError as error:
            raise DatasetError(f"cannot read {where}: {error.strerror or error}; get the file again") from error

    return stored_array(path.stem, where, header, read_bytes)


def check_size(where: str, header: Header, size: int) -> None:
    """Check that as many bytes follow a header as it promises.

    Raises
    ------
    DatasetError
        If `size`, the number of bytes after the header, is another.
    """
    if header.nbytes == size:
        return
    sizes = " x ".join(map(str, header.shape))
    promise = f"{where}: its header promises {sizes} x {header.dtype.itemsize} bytes = {header.nbytes}, found {size}"
    more = "save each array in a file of its own" if size > header.nbytes else "get the file again"
    raise DatasetError(f"{promise}; {more}")


def array_header(where: str, file: IO[bytes]) -> Header:
    """Header of a ``.npy`` file; types that hold Python objects are refused.

    Raises
    ------
    DatasetError
        If the file is not a ``.npy`` file, or its values are of a type that embviz does not read.
    """
    begin = file.read(len(MAGIC))
    if begin != MAGIC:
        is_pickle = begin[:1] == b"\x80"
        what = "a pickle, which may run anything when it is opened" if is_pickle else "not a .npy file"
        raise DatasetError(f"{where} is {what}; save the array with numpy.save")
    version = tuple(file.read(2))
    readers = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
    if version not in readers:
        raise DatasetError(f"{where} is of .npy version {'.'.join(map(str, version))}; save a plain array of numbers")
    try:
        with warnings.catch_warnings(action="ignore"):  # numpy warns of headers that Python 2 wrote
            shape, fortran, dtype = readers[cast(Any, version)](file)
    except Exception as error:  # numpy raises a dozen kinds where a header is broken
        reason = str(error).partition("\n")[0]
        raise DatasetError(f"{where} has a broken header ({reason:.80}); save the array with numpy.save") from error
    if min(shape, default=0) < 0:
        raise DatasetError(f"{where} has a broken header (shape {shape}); save the array with numpy.save")
    check_type(where, dtype)
    return Header(shape, dtype, fortran, file.tell())


def check_type(where: str, dtype: np.dtype[Any]) -> None:
    """Check that embviz reads values of this type without unpickling anything.

    Raises
    ------
    DatasetError
        If the type holds Python objects, which only a pickle can store, or is one that embviz does not read.
    """
    if dtype.hasobject:
        raise DatasetError(
            f"{where} holds Python objects, which only a pickle can store and which may run anything when opened; "
            "save texts as labels.astype(str), rows of numbers as numpy.stack(rows)"
        )
    if dtype.kind == "c":
        raise DatasetError(f"{where} holds complex numbers; save numpy.abs of them, or real and imaginary part")
    if not dtype.itemsize or (dtype.kind == "V" and not dtype.names):
        raise DatasetError(f"{where} holds values of type {dtype}, which embviz does not read; save numbers or texts")


def stored_array(name: str, where: str, header: Header, read_bytes: ReadBytes) -> StoredArray:
    """The array that a header describes: its items are along the first axis, or along the last of (h, w, c, n).

    Raises
    ------
    DatasetError
        If the array is a single value or has no items.
    """
    shape, n_axes = header.shape, len(header.shape)
    if not n_axes:
        raise DatasetError(f"{where} holds a single value; save one value or row per item")
    if 0 in shape:
        raise DatasetError(f"{where} of shape {shape} holds nothing; save at least one item")
    items_last = n_axes == 4 and shape[2] in CHANNELS and not {shape[1], shape[3]} & set(CHANNELS)
    axis = n_axes - 1 if items_last else 0
    n, item = shape[axis], (*shape[:axis], *shape[axis + 1 :])
    stored = shape[::-1] if header.fortran else shape
    comes_first = (n_axes - 1 - axis if header.fortran else axis) == 0
    row_bytes = header.nbytes // n

    def read(rows: slice, progress: Progress) -> AnyArray:
        start, stop, _ = rows.indices(n)
        first, count = (start, stop - start) if comes_first else (0, n)
        check_memory(where, (count, row_bytes), np.uint8, DatasetError)
        into = np.empty(count * row_bytes, np.uint8)
        read_bytes(first * row_bytes, into, progress)
        values: AnyArray = into.view(header.dtype).reshape(count if comes_first else stored[0], *stored[1:])
        values = np.moveaxis(values.T if header.fortran else values, axis, 0)
        return in_native_order(values if comes_first else values[start:stop])

    note = f"{where} of shape {shape}: its last axis was taken to count the items."
    return StoredArray(name, where, n, item, header.dtype.newbyteorder("="), read, (note,) if items_last else ())


def in_native_order(values: AnyArray) -> AnyArray:
    """The values in the machine's byte order, C-contiguous; the given array may be changed in place."""
    values = np.ascontiguousarray(values)
    return values if values.dtype.isnative else values.byteswap(inplace=True).view(values.dtype.newbyteorder("="))


def fill(where: str, file: IO[bytes], into: AnyArray, progress: Progress) -> None:
    """Fill an array of bytes from the file, in pieces.

    Raises
    ------
    DatasetError
        If the file ends too early.
    """
    view, done = memoryview(cast(Any, into)), 0
    while done < len(view):
        progress(f"reading {where}", done, len(view))
        piece = file.read(min(_PIECE, len(view) - done))
        if not piece:
            raise DatasetError(f"{where} ends after {done} of {len(view)} bytes; get the file again")
        view[done : done + len(piece)] = piece
        done += len(piece)
    progress(f"reading {where}", done, len(view))
