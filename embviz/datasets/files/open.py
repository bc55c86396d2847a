"""Which reader opens which file or folder: told by what is in it, and by its name only where that says nothing."""

import os
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from embviz.datasets.files.arrays.named import array_contents
from embviz.datasets.files.arrays.npy import MAGIC
from embviz.datasets.files.contents import Contents, Field
from embviz.datasets.files.tables.delimited import delimited_contents
from embviz.datasets.files.tables.jsonl import jsonl_contents
from embviz.datasets.files.tables.parquet import parquet_contents
from embviz.datasets.named.folders import contents as folder_contents, is_folder
from embviz.errors import DatasetError
from embviz.progress import Progress, no_progress
from embviz.storage.files import opened_file

_BEGINNING = 4096
_TEXT_ENDINGS = (".csv", ".tsv", ".tab", ".txt")
_SEPARATORS = {".tsv": "\t", ".tab": "\t"}


@dataclass(frozen=True, eq=False, slots=True)
class Reader:
    """One shape of file.

    Attributes
    ----------
    name
        What to call such files.
    recognizes
        Whether a file is one, by its path and its first bytes; for a folder they are empty.
    contents
        What such files hold together.
    takes_several
        Whether several files are parts of one thing: shards, or arrays of the same items.
    """

    name: str
    recognizes: Callable[[Path, bytes], bool]
    contents: Callable[[Sequence[Path], Progress], Contents]
    takes_several: bool = False


def _is_npz(path: Path, beginning: bytes) -> bool:
    if not beginning.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.endswith(".npy") for name in archive.namelist())
    except (zipfile.BadZipFile, OSError):
        return path.suffix.lower() == ".npz"


def _is_array(path: Path, beginning: bytes) -> bool:
    is_called_so = bool(beginning) and path.suffix.lower() in (".npy", ".npz")
    return beginning.startswith(MAGIC) or _is_npz(path, beginning) or is_called_so


def _is_parquet(path: Path, beginning: bytes) -> bool:
    return beginning.startswith(b"PAR1") or (bool(beginning) and path.suffix.lower() == ".parquet")


def _is_jsonl(path: Path, beginning: bytes) -> bool:
    is_called_so = bool(beginning) and path.suffix.lower() in (".jsonl", ".ndjson")
    return is_called_so or beginning.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def _is_text_table(path: Path, beginning: bytes) -> bool:
    return path.suffix.lower() in _TEXT_ENDINGS and bool(beginning)


READERS = (
    Reader("arrays of numpy", _is_array, lambda paths, _: array_contents(paths), takes_several=True),
    Reader(
        "parquet",
        lambda path, beginning: (
            beginning.startswith(b"PAR1") or (bool(beginning) and path.suffix.lower() == ".parquet")
        ),
        lambda paths, progress: parquet_contents(paths, progress=progress),
        takes_several=True,
    ),
    Reader("JSON lines", _is_jsonl, lambda paths, progress: jsonl_contents(paths[0], progress=progress)),
    Reader(
        "a table as text",
        _is_text_table,
        lambda paths, progress: delimited_contents(
            paths[0], separator=_SEPARATORS.get(paths[0].suffix.lower()), progress=progress
        ),
    ),
)
"""The first that recognizes a file reads it."""

_REFUSED = (
    (
        b"\x80",
        "a pickle, which may run anything when it is opened; save arrays with numpy.savez, tables with to_parquet",
    ),
    (b"\x89HDF", "an HDF5 file; save its arrays with numpy.savez"),
    (b"MATLAB", "a MATLAB file; save its arrays with numpy.savez(file, **scipy.io.loadmat(path))"),
    (b"IxF", "an index of faiss, which is not safe to open; save its vectors: numpy.save(file, index.reconstruct_n())"),
    (b"\x1f\x8b", "packed by gzip; unpack it"),
    (b"BZh", "packed by bzip2; unpack it"),
    (b"\xfd7zXZ", "packed by xz; unpack it"),
    (b"(\xb5/\xfd", "packed by zstd; unpack it"),
    (b"<", "a web page or XML, as a server sends instead of a file; get the file again"),
    (b"version https://git-lfs", "what git has in the place of a large file; fetch it with git lfs"),
    (b"ARROW1", "an Arrow file; save it as parquet"),
)
"""What files begin with that are not read, what they are, and what to do."""


def contents_of(paths: Sequence[Path], *, progress: Progress = no_progress) -> Contents:
    """What files or folders hold that belong together.

    Several files of one shape are parts of one thing, as shards of a table are; files of different shapes hold
    different fields of the same items, in the same order.

    Parameters
    ----------
    paths
        At least one.
    progress
        Called while they are looked through.

    Raises
    ------
    DatasetError
        If one cannot be read or is nothing that embviz opens, or they are not of the same items.
    """
    files = [file for path in paths for file in _files(path)]
    by_reader: dict[Reader, list[Path]] = {}
    for file in files:
        by_reader.setdefault(reader_of(file), []).append(file)
    parts: list[Contents] = []
    for reader, some in by_reader.items():
        groups = [some] if reader.takes_several else [[file] for file in some]
        parts += [reader.contents(group, progress) for group in groups]
    return replace(joined(parts)[0], name=_name_of(paths))


def joined(parts: Sequence[Contents]) -> tuple[Contents, list[dict[str, str]]]:
    """The fields of several contents of the same items side by side, and what those of each are now called.

    Raises
    ------
    DatasetError
        If they have different numbers of items.
    """
    if len({part.n for part in parts}) > 1:
        counts = ", ".join(f"{part.name} has {part.n:,}" for part in parts)
        raise DatasetError(f"numbers of items differ: {counts}; give files of the same items")
    fields: dict[str, Field] = {}
    names: list[dict[str, str]] = []
    for part in parts:
        names.append({})
        for field in part.fields:
            name, number = field.name, 1
            while name in fields:
                number += 1
                name = f"{part.name} {field.name}{f' ({number})' if number > 2 else ''}"
            names[-1][field.name] = name
            fields[name] = replace(field, name=name)
    whole = Contents(
        name=parts[0].name,
        n=parts[0].n,
        fields=tuple(fields.values()),
        splits=next((part.splits for part in parts if part.splits), ()),
        notes=tuple(dict.fromkeys(note for part in parts for note in part.notes)),
    )
    return whole, names


def reader_of(path: Path) -> Reader:
    """The reader of a file or folder.

    Raises
    ------
    DatasetError
        If there is none, in a sentence on what it seems to be.
    """
    beginning = _beginning(path)
    for reader in READERS:
        if reader.recognizes(path, beginning):
            return reader
    what = next((said for start, said in _REFUSED if beginning.startswith(start)), "")
    if not beginning and not is_folder(path):
        what = "empty; get the file again"
    if what:
        raise DatasetError(f"{path.name} is {what}")
    known = ".npy, .npz, .csv, .tsv, .jsonl or .parquet"
    raise DatasetError(f"{path.name} is nothing that embviz opens; give a file of vectors, images or a table: {known}")


def is_opened(folder: Path) -> bool:
    """Whether a folder holds what embviz opens as a whole.

    Raises
    ------
    DatasetError
        If it cannot be looked at.
    """
    return bool(_files_in(folder))


def _beginning(path: Path) -> bytes:
    if is_folder(path):
        return b""
    try:
        with opened_file(path) as file:
            return file.read(_BEGINNING)
    except OSError as error:
        raise DatasetError(f"cannot read {path}: {error.strerror or error}; give a file that you may read") from error


def _files(path: Path) -> list[Path]:
    if not is_folder(path):
        return [path]
    found = _files_in(path)
    if not found:
        raise DatasetError(f"folder {path} holds nothing that embviz opens as a whole; give files that belong together")
    return found


def _files_in(folder: Path) -> list[Path]:
    """The folder itself if there is a reader for it, else the tables or arrays in it that are parts of one thing."""
    if any(reader.recognizes(folder, b"") for reader in READERS):
        return [folder]
    folders, others = folder_contents(folder)
    inside = [*others, *(file for each in folders for file in folder_contents(each)[1])]
    whole = folder.resolve()
    own = [file for file in inside if file.resolve().is_relative_to(whole) and not file.name.startswith(".")]
    for endings in ((".parquet",), (".npy", ".npz")):
        if found := [file for file in own if file.suffix.lower() in endings]:
            return found
    tables = [file for file in own if file.suffix.lower() in (*_TEXT_ENDINGS, ".jsonl")]
    return tables if len(tables) == 1 else []


def _name_of(paths: Sequence[Path]) -> str:
    """What the dataset is called: after the file or folder, or what the names of several files begin with."""
    names = [os.fsencode(path.name if is_folder(path) else path.stem).decode("utf-8", "replace") for path in paths]
    same = 0
    while len({name[: same + 1] for name in names}) == 1 and same < len(names[0]):
        same += 1
    return names[0][:same].strip("-_. 0123456789") if len(names) > 1 and same > 1 else names[0]
