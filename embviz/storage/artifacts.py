"""Files of arrays and scalars, read only if they are undamaged and were written for the kind and key asked for."""

import json
import math
import os
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, Any, TypeAlias

import numpy as np

from embviz.arrays import AnyArray, summary
from embviz.storage.files import opened_file

Scalar: TypeAlias = "str | int | float | bool | Sequence[Scalar] | None"
"""Value of an artifact that is not an array: number, text, None, or a sequence of these, which is read as a list."""

FORMAT = 2
"""Version number of the file format; files with another number are refused."""

_HEADER = "header.json"
_MOST_HEADER_BYTES = 2**20


@dataclass(frozen=True, eq=False, slots=True, repr=False)
class Artifact:
    """Arrays and scalars by name, stored under one key."""

    arrays: Mapping[str, AnyArray]
    scalars: Mapping[str, Scalar]

    __repr__ = summary


def read_artifact(path: Path, kind: str, key: str) -> Artifact:
    """Artifact that `write_artifact` wrote for this kind and key.

    Arrays together take no more memory than the file is large. Each member of the zip file is read as a whole before
    it is parsed, because `zipfile` compares the checksum of a member only at its end.

    Raises
    ------
    OSError
        If the file is missing, cannot be read, or is not a regular file.
    Exception
        Of many types, if the file is damaged, or was written for another kind or key or in another format.
    """
    with opened_file(path) as file, zipfile.ZipFile(file) as archive:
        members, n_bytes = archive.infolist(), os.fstat(file.fileno()).st_size
        _require(all(member.compress_type == zipfile.ZIP_STORED for member in members), "it is compressed")
        _require(sum(member.file_size for member in members) <= n_bytes, "it holds more than its size")
        _require(archive.getinfo(_HEADER).file_size <= _MOST_HEADER_BYTES, "its header is too long")
        header = json.loads(archive.read(_HEADER))
        said = {name: header[name] for name in ("format", "kind", "key")}
        _require(said == {"format": FORMAT, "kind": kind, "key": key}, f"it is of {said}")
        names: list[str] = header["arrays"]
        expected = sorted([_HEADER, *(f"{name}.npy" for name in names)])
        _require(sorted(member.filename for member in members) == expected, "its header lists other members")
        arrays = {name: _array(archive.read(f"{name}.npy")) for name in names}
    scalars: dict[str, Any] = header["scalars"]
    _require(all(map(_is_scalar, scalars.values())), "it holds values that are not scalars")
    return Artifact(arrays, scalars)


def _is_scalar(value: object) -> bool:
    return all(map(_is_scalar, value)) if isinstance(value, list) else isinstance(value, str | int | float | None)


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise ValueError(otherwise)


def _array(data: bytes) -> AnyArray:
    """Array in the bytes of an npy file, not copied; refused if the header does not fit the number of bytes."""
    stream = BytesIO(data)
    version = np.lib.format.read_magic(stream)
    read_header = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}[version]
    shape, is_fortran, dtype = read_header(stream)
    fits = dtype.itemsize * math.prod(shape) == len(data) - stream.tell()
    _require(fits and not dtype.hasobject, f"an array {dtype} of shape {shape} does not fit its data")
    flat = np.frombuffer(data, dtype, offset=stream.tell()) if len(data) > stream.tell() else np.empty(0, dtype)
    return flat.reshape(shape, order="F" if is_fortran else "C")


def write_artifact(file: IO[bytes], kind: str, key: str, artifact: Artifact) -> None:
    """Write the artifact together with its kind and key.

    Raises
    ------
    ValueError
        If an array holds Python objects.
    """
    header = {
        "format": FORMAT,
        "kind": kind,
        "key": key,
        "arrays": list(artifact.arrays),
        "scalars": dict(artifact.scalars),
    }
    with zipfile.ZipFile(file, "w") as archive:
        # ZipInfo's fixed date, not today's: zip files only know 1980 to 2107, and a wrong clock may be outside.
        archive.writestr(zipfile.ZipInfo(_HEADER), json.dumps(header))
        for name, array in artifact.arrays.items():
            with archive.open(zipfile.ZipInfo(f"{name}.npy"), "w", force_zip64=True) as member:
                np.lib.format.write_array(member, array, allow_pickle=False)
