"""Files in a zip archive, read one by one; no name in it is opened as a path, and none unpacks to more than it says."""

import stat
import struct
import threading
import weakref
import zipfile
import zlib
from functools import partial
from pathlib import Path
from typing import IO, NamedTuple

from embviz.datasets.files.pictures.look import BrokenPictureError
from embviz.datasets.files.pictures.scan import StoredFile, counted, first_of
from embviz.datasets.files.pictures.tree import Parts
from embviz.datasets.named.folders import is_file
from embviz.errors import DatasetError

MOST_ENTRIES = 1_000_000
"""Most files and folders in an archive."""

MOST_UNPACKED = 8 << 30
"""Most bytes that all files of an archive may unpack to."""

_ENTRY = 46
"""Fewest bytes of an entry in the directory."""
_LOCAL = 30
"""Bytes of the header of a file before its name."""
_MOST_OVERHEAD = 1024
"""Most bytes by which a small file may grow when it is packed."""
_UTF_8, _ENCRYPTED = 0x800, 0x1
"""Flags of an entry."""


def archived_files(path: Path) -> tuple[list[StoredFile], list[str]]:
    """Files in a zip archive, and notes on them.

    Parameters
    ----------
    path
        Path of the archive, which must stay where it is until the files are read.

    Raises
    ------
    DatasetError
        If it is not a complete zip archive, is encrypted, holds more than `MOST_ENTRIES` or unpacks to more than
        `MOST_UNPACKED`, or a name in it leads out of the archive.
    """
    archive = _Archive(path)
    files: dict[Parts, zipfile.ZipInfo] = {}
    twice: list[str] = []
    for entry in archive.entries():
        parts = _parts_of(path, entry)
        if entry.filename.endswith(("/", "\\")):
            continue
        if entry.flag_bits & _ENCRYPTED:
            raise DatasetError(f"{path}: {'/'.join(parts)} is encrypted; give an archive without a password")
        if parts in files:
            twice.append("/".join(parts))
        files[parts] = entry
    unpacked = sum(entry.file_size for entry in files.values())
    if unpacked > MOST_UNPACKED:
        raise DatasetError(
            f"{path} unpacks to {unpacked / (1 << 30):,.1f} GB, more than the {MOST_UNPACKED >> 30} GB that an archive "
            "may; unpack it and give the folder"
        )
    notes = [f"{counted(len(twice), 'name')} in the archive twice; the last is taken: {first_of(twice)}."]
    return [archive.stored(parts, entry) for parts, entry in files.items()], notes if twice else []


class _Member(NamedTuple):
    """Facts needed to read a file of an archive; zipfile's entry takes five times the memory."""

    place: int
    packed_size: int
    size: int
    checksum: int
    method: int


class _Archive:
    """A zip file that stays open as long as a `StoredFile` of it exists."""

    def __init__(self, path: Path) -> None:
        if not is_file(path):
            raise DatasetError(f"{path} is not a file; give a zip archive")
        try:
            self._file: IO[bytes] = path.open("rb")
        except OSError as error:
            raise DatasetError(f"cannot read {path}: {error.strerror or error}; give a zip archive") from error
        weakref.finalize(self, self._file.close)
        self._path = path
        self._lock = threading.Lock()

    def entries(self) -> list[zipfile.ZipInfo]:
        """Entries of the archive's directory."""
        try:
            is_too_large = _directory_bytes(self._file) > _ENTRY * MOST_ENTRIES
            if not is_too_large:
                with zipfile.ZipFile(self._file) as opened:
                    return opened.infolist()
        except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, OverflowError, struct.error) as error:
            raise DatasetError(f"{self._path} is not a complete zip archive ({error}); get it again") from error
        raise DatasetError(f"{self._path} may hold more than {MOST_ENTRIES:,} files; unpack it, and give a part of it")

    def stored(self, parts: Parts, entry: zipfile.ZipInfo) -> StoredFile:
        """A file of the archive; reading it raises `BrokenPictureError` if it is a link."""
        if stat.S_ISLNK(entry.external_attr >> 16):
            return StoredFile(parts, entry.file_size, _refuse_link)
        member = _Member(entry.header_offset, entry.compress_size, entry.file_size, entry.CRC, entry.compress_type)
        return StoredFile(parts, entry.file_size, partial(self._read, member))

    def _read(self, member: _Member, n_bytes: int) -> bytes:
        """Read the first `n_bytes` bytes of a file, or all if it has fewer.

        Raises
        ------
        BrokenPictureError
            If the file is damaged, is cut off, or is packed by another method than deflate.
        """
        # Not by zipfile, which takes four times as long: this matters for 70,000 files of 300 bytes.
        with self._lock:
            self._file.seek(member.place)
            local = self._file.read(_LOCAL)
            if local[:4] != b"PK\x03\x04" or len(local) < _LOCAL:
                raise BrokenPictureError("the archive is damaged there")
            name_bytes, extra_bytes = struct.unpack("<HH", local[26:30])
            self._file.seek(name_bytes + extra_bytes, 1)
            packed = self._file.read(min(member.packed_size, 2 * n_bytes + _MOST_OVERHEAD))
        data = _unpacked(packed, member, n_bytes)
        if len(data) == member.size < n_bytes and zlib.crc32(data) != member.checksum:
            raise BrokenPictureError("it is damaged in the archive")
        if len(data) < min(n_bytes, member.size):
            raise BrokenPictureError("it is cut off in the archive")
        return data


def _unpacked(packed: bytes, member: _Member, n_bytes: int) -> bytes:
    """First `n_bytes` of a file, and no more than the directory says that it has."""
    if member.method == zipfile.ZIP_STORED:
        return packed[: min(n_bytes, member.size)]
    if member.method != zipfile.ZIP_DEFLATED:
        raise BrokenPictureError(f"it is packed by method {member.method}: pack by deflate")
    try:
        data = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, min(n_bytes, member.size + 1))
    except zlib.error as error:
        raise BrokenPictureError("it is damaged in the archive") from error
    if len(data) > member.size:
        raise BrokenPictureError("it unpacks to more than the archive says")
    return data


def _refuse_link(n_bytes: int) -> bytes:
    raise BrokenPictureError("it is a link")


def _parts_of(path: Path, entry: zipfile.ZipInfo) -> Parts:
    """The folders and the name of an entry, whichever slash separates them."""
    name = _name_of(entry).replace("\\", "/")
    parts = tuple(part for part in name.split("/") if part not in ("", "."))
    if name.startswith("/") or ".." in parts or name[1:2] == ":" or not parts:
        raise DatasetError(f"{path} holds {name!r:.80}, a name that leads out of it; pack the folder again")
    return parts


def _name_of(entry: zipfile.ZipInfo) -> str:
    """Name of an entry, decoded as UTF-8 if possible, even where its flag for UTF-8 is not set."""
    if entry.flag_bits & _UTF_8:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return entry.filename


def _directory_bytes(file: IO[bytes]) -> int:
    """Size in bytes of an archive's directory, by the record at the archive's end; 0 if there is no such record."""
    size = file.seek(0, 2)
    file.seek(max(0, size - (1 << 16) - 22 - 20))
    end = file.read()
    at = end.rfind(b"PK\x05\x06")
    if at < 0 or len(end) < at + 22:
        return 0
    (n_bytes,) = struct.unpack("<I", end[at + 12 : at + 16])
    locator = end[max(0, at - 20) : at]
    if n_bytes < 0xFFFFFFFF or locator[:4] != b"PK\x06\x07":
        return int(n_bytes)
    file.seek(struct.unpack("<Q", locator[8:16])[0])
    record = file.read(56)
    return int.from_bytes(record[40:48], "little")
