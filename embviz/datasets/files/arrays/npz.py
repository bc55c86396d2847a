"""Reader of .npz files, zip files of .npy arrays: read in pieces, and never more than their headers promise."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from embviz.arrays import AnyArray
from embviz.datasets.files.arrays.npy import ReadBytes, StoredArray, array_header, check_size, fill, stored_array
from embviz.errors import DatasetError
from embviz.progress import Progress
from embviz.storage.files import opened_file

_MOST_ARRAYS = 1000
_MOST_BYTES = 16 * 2**30
"""Most bytes that one array may unpack to."""
_SKIPPED = 1 << 20


def npz_arrays(path: Path) -> tuple[list[StoredArray], list[str]]:
    """The arrays of a ``.npz`` file, and what was left out, one sentence each.

    Raises
    ------
    DatasetError
        If it cannot be read, holds no array, or an array is not what its header says.
    """
    where = path.name
    with _opened(path) as archive:
        infos = archive.infolist()
        if len(infos) > _MOST_ARRAYS:
            raise DatasetError(f"{where} holds {len(infos):,} files; embviz reads up to {_MOST_ARRAYS:,} arrays")
        arrays: list[StoredArray] = []
        notes: list[str] = []
        for info in infos:
            name = info.filename.removesuffix(".npy")
            if name == info.filename:
                notes.append(f"{where}: {info.filename!r} is not an array and was left out.")
                continue
            if name in {array.name for array in arrays}:
                raise DatasetError(f"{where} holds two arrays called {name!r}; give each its own name")
            array = _array(path, archive, info, name)
            if array is None:
                notes.append(f"{where}: {name!r} is a single value and was left out.")
            else:
                arrays.append(array)
    if not arrays:
        raise DatasetError(f"{where} holds no arrays; save some with numpy.savez(file, vectors=..., labels=...)")
    return arrays, notes


def _array(path: Path, archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> StoredArray | None:
    """The array of one file of the zip; None for a single value."""
    where = f"{path.name}: {name!r}"
    if info.file_size > _MOST_BYTES:
        raise DatasetError(f"{where} unpacks to {info.file_size / 2**30:.0f} GB, more than 16 GB; save fewer items")
    with archive.open(info) as file:
        header = array_header(where, file)
    check_size(where, header, info.file_size - header.offset)
    return stored_array(name, where, header, _bytes_of(path, info, where, header.offset)) if header.shape else None


def _bytes_of(path: Path, info: zipfile.ZipInfo, where: str, offset: int) -> ReadBytes:
    def read_bytes(start: int, into: AnyArray, progress: Progress) -> None:
        with _opened(path) as archive, archive.open(info.filename) as file:
            left = offset + start
            while left and (skipped := len(file.read(min(_SKIPPED, left)))):
                left -= skipped
            fill(where, file, into, progress)

    return read_bytes


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """The zip archive, open for reading; every error in reading it becomes a DatasetError."""
    where = path.name
    try:
        with opened_file(path) as file, zipfile.ZipFile(file) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise DatasetError(f"{where} is not a complete .npz file ({error}); get the file again") from error
    except (RuntimeError, NotImplementedError) as error:  # a password, or a packing that Python does not know
        raise DatasetError(f"{where} cannot be unpacked ({error}); save it with numpy.savez") from error
    except OSError as error:
        raise DatasetError(f"cannot read {where}: {error.strerror or error}; give a file that you may read") from error
