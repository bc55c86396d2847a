"""Readers of files and folders: chosen by what is in a file, and by its name where the content does not tell."""

import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from embviz.datasets.files.arrays.named import array_contents
from embviz.datasets.files.arrays.npy import MAGIC
from embviz.datasets.files.contents import Contents
from embviz.datasets.files.h5ad import h5ad_contents, looks_like_anndata
from embviz.datasets.files.idx.names import is_idx_name
from embviz.datasets.files.idx_files import idx_contents
from embviz.datasets.files.image_folder import image_folder_contents
from embviz.datasets.files.image_zip import image_zip_contents
from embviz.datasets.files.partitioned import looks_partitioned, partitioned_contents
from embviz.datasets.files.pictures.look import picture_format
from embviz.datasets.files.pictures.scan import has_picture_name
from embviz.datasets.files.projector.configs import projector_configs
from embviz.datasets.files.projector_zip import looks_like_projector_zip, projector_zip_contents
from embviz.datasets.files.tables.delimited import delimited_contents
from embviz.datasets.files.tables.jsonl import jsonl_contents
from embviz.datasets.files.tables.parquet import parquet_contents
from embviz.datasets.files.tensorboard import tensorboard_contents
from embviz.datasets.files.word_vectors import looks_like_word_vectors, word_vectors_contents
from embviz.datasets.named.folders import contents as folder_contents, is_folder
from embviz.errors import DatasetError
from embviz.progress import Progress
from embviz.storage.files import opened_file

_BEGINNING = 4096
_BEFORE_TEXT = b"\xef\xbb\xbf \t\r\n"
_OFFICE = "[Content_Types].xml"  # a file that every document of Excel holds
_TABLES = (".csv", ".tsv", ".tab")
_TEXT_ENDINGS = (*_TABLES, ".txt")
TABLE_ENDINGS = (*_TEXT_ENDINGS, ".jsonl")
"""Endings of files that are read as tables."""
DATA_TABLE_ENDINGS = (*_TABLES, ".jsonl")
"""Endings of tables that are hardly anything else, as a .txt file may be."""
_SEPARATORS = {".tsv": "\t", ".tab": "\t"}
_IDX_TYPES = tuple(bytes([code]) for code in (0x08, 0x09, 0x0B, 0x0C, 0x0D, 0x0E))
_IDX_AXES = tuple(bytes([count]) for count in (1, 2, 3, 4))
_DEEPEST = 5
_MOST_FOLDERS = 10_000
"""Most folders below a folder that are looked into."""


@dataclass(frozen=True, eq=False, slots=True)
class Reader:
    """Reader of one kind of file or folder.

    Attributes
    ----------
    name
        Name of such files in messages.
    recognizes
        Whether a path is of this kind, by the path and the first bytes of the file; a folder's are empty.
    contents
        Contents of such files together.
    takes_several
        Whether several files are parts of one thing: shards, or arrays of the same items.
    endings
        Endings by which such files are found in a folder that is opened as a whole.
    """

    name: str
    recognizes: Callable[[Path, bytes], bool]
    contents: Callable[[Sequence[Path], Progress], Contents]
    takes_several: bool = False
    endings: tuple[str, ...] = ()


def _is_partitioned(path: Path, beginning: bytes) -> bool:
    return looks_partitioned(path)


def _partitioned(paths: Sequence[Path], progress: Progress) -> Contents:
    return partitioned_contents(paths, progress=progress)


def _is_projector(path: Path, beginning: bytes) -> bool:
    return bool(projector_configs(path))


def _is_projector_zip(path: Path, beginning: bytes) -> bool:
    return beginning.startswith(b"PK") and looks_like_projector_zip(path)


def _projector_zip(paths: Sequence[Path], progress: Progress) -> Contents:
    return projector_zip_contents(paths[0], progress=progress)


def _is_idx(path: Path, beginning: bytes) -> bool:
    if is_folder(path):
        return any(is_idx_name(file.name) for file in _files_below(path))
    is_called_so = bool(beginning) and is_idx_name(path.name)
    return is_called_so or (beginning[:2] == bytes(2) and beginning[2:3] in _IDX_TYPES and beginning[3:4] in _IDX_AXES)


def _is_image_folder(path: Path, beginning: bytes) -> bool:
    return is_folder(path) and any(has_picture_name(file.name) for file in _files_below(path))


def _image_folder(paths: Sequence[Path], progress: Progress) -> Contents:
    return image_folder_contents(paths[0], progress=progress)


def _image_zip(paths: Sequence[Path], progress: Progress) -> Contents:
    return image_zip_contents(paths[0], progress=progress)


def _files_below(folder: Path) -> Iterator[Path]:
    """Files in a folder and at most five levels below it, without hidden ones; links to folders are not followed."""
    left = [(folder, 0)]
    for _ in range(_MOST_FOLDERS):
        if not left:
            return
        place, depth = left.pop()
        folders, others = folder_contents(place)
        yield from (file for file in others if not file.name.startswith("."))
        left += [(each, depth + 1) for each in folders if depth < _DEEPEST and not each.is_symlink()]


def _names_in_zip(path: Path, beginning: bytes) -> list[str]:
    """Names of the files in a zip file; none if it is not a complete one."""
    if not beginning.startswith(b"PK"):
        return []
    try:
        with opened_file(path) as file, zipfile.ZipFile(file) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, OSError):  # reported when the file is read
        return []


def _is_npz(path: Path, beginning: bytes) -> bool:
    return any(name.endswith(".npy") for name in _names_in_zip(path, beginning))


def _is_image_zip(path: Path, beginning: bytes) -> bool:
    is_called_so = beginning.startswith(b"PK") and path.suffix.lower() == ".zip"
    names = _names_in_zip(path, beginning)
    return is_called_so or (_OFFICE not in names and any(has_picture_name(name) for name in names))


def _is_word_vectors(path: Path, beginning: bytes) -> bool:
    return path.suffix.lower() not in _TABLES and looks_like_word_vectors(beginning)


def _is_array(path: Path, beginning: bytes) -> bool:
    is_called_so = bool(beginning) and path.suffix.lower() in (".npy", ".npz")
    return beginning.startswith(MAGIC) or _is_npz(path, beginning) or is_called_so


def _is_parquet(path: Path, beginning: bytes) -> bool:
    return beginning.startswith(b"PAR1") or (bool(beginning) and path.suffix.lower() == ".parquet")


def _is_jsonl(path: Path, beginning: bytes) -> bool:
    is_called_so = bool(beginning) and path.suffix.lower() in (".jsonl", ".ndjson")
    return is_called_so or beginning.lstrip(_BEFORE_TEXT).startswith(b"{")


def _is_text_table(path: Path, beginning: bytes) -> bool:
    return path.suffix.lower() in _TEXT_ENDINGS and bool(beginning)


IMAGE_FOLDER = Reader("a folder of images", _is_image_folder, _image_folder)
IMAGE_ZIP = Reader("a zip file of images", _is_image_zip, _image_zip)

TENSORBOARD = Reader("a TensorBoard log folder", _is_projector, lambda paths, _: tensorboard_contents(paths[0]))

READERS = (
    Reader("the folder of a layout on a cluster", _is_partitioned, _partitioned),
    TENSORBOARD,
    Reader("a zip file of a projector folder", _is_projector_zip, _projector_zip),
    Reader("IDX files", _is_idx, lambda paths, _: idx_contents(paths), takes_several=True),
    IMAGE_FOLDER,
    Reader(
        "parquet",
        _is_parquet,
        lambda paths, progress: parquet_contents(paths, progress=progress),
        takes_several=True,
        endings=(".parquet",),
    ),
    Reader(
        "arrays of numpy",
        _is_array,
        lambda paths, _: array_contents(paths),
        takes_several=True,
        endings=(".npy", ".npz"),
    ),
    IMAGE_ZIP,
    Reader(
        "AnnData",
        lambda _, beginning: looks_like_anndata(beginning),
        lambda paths, _: h5ad_contents(paths[0]),
        endings=(".h5ad",),
    ),
    Reader(
        "JSON lines",
        _is_jsonl,
        lambda paths, progress: jsonl_contents(paths[0], progress=progress),
        endings=(".jsonl",),
    ),
    Reader("word vectors", _is_word_vectors, lambda paths, _: word_vectors_contents(paths[0])),
    Reader(
        "a table as text",
        _is_text_table,
        lambda paths, progress: delimited_contents(
            paths[0], separator=_SEPARATORS.get(paths[0].suffix.lower()), progress=progress
        ),
        endings=_TEXT_ENDINGS,
    ),
)
"""All readers: the first that recognizes a file reads it."""

_NAMES = [ending for reader in READERS for ending in reader.endings]
_NAMES += [reader.name for reader in READERS if not reader.endings]
KNOWN = f"{', '.join(_NAMES[:-1])} or {_NAMES[-1]}"
"""All that is opened, for messages."""

_REFUSED = (
    (
        b"\x80",
        "a pickle, which may run anything when it is opened; save arrays with numpy.savez, tables with to_parquet",
    ),
    (b"MATLAB", "a MATLAB file; save its arrays with numpy.savez(file, **scipy.io.loadmat(path))"),
    (b"IxF", "an index of faiss, which is not safe to open; save its vectors: numpy.save(file, index.reconstruct_n())"),
    (b"\x1f\x8b", "packed by gzip; unpack it"),
    (b"BZh", "packed by bzip2; unpack it"),
    (b"\xfd7zXZ", "packed by xz; unpack it"),
    (b"(\xb5/\xfd", "packed by zstd; unpack it"),
    (b"PK", "a zip file without arrays of numpy or images, as torch.save writes; save arrays with numpy.savez"),
    (b"<", "a web page or XML, as a server sends instead of a file; get the file again"),
    (b"version https://git-lfs", "what git has in the place of a large file; fetch it with git lfs"),
    (b"ARROW1", "an Arrow file; save it as parquet"),
    (
        b"[",
        "a JSON array; save a line for each item: pandas.read_json(file).to_json(path, orient='records', lines=True)",
    ),
)
"""Kinds of files that are not read: their first bytes, what they are, and what to do instead."""


def recognized(path: Path) -> Reader | None:
    """The reader of a file or folder; None if there is none."""
    beginning = _beginning(path)
    return next((reader for reader in READERS if reader.recognizes(path, beginning)), None)


def reader_of(path: Path) -> Reader:
    """The reader of a file or folder.

    Raises
    ------
    DatasetError
        If there is none; the message says what the file seems to be.
    """
    if (reader := recognized(path)) is not None:
        return reader
    beginning = _beginning(path)
    what = next((said for start, said in _REFUSED if beginning.lstrip(_BEFORE_TEXT).startswith(start)), "")
    if _OFFICE in _names_in_zip(path, beginning):
        what = "a document of Excel or a similar program; save its sheet as CSV"
    if not beginning and not is_folder(path):
        what = "empty; get the file again"
    if picture_format(beginning):
        what = "a single image; give a folder or a zip file of images"
    if what:
        raise DatasetError(f"{path.name} is {what}")
    raise DatasetError(f"{path.name} is nothing that embviz opens; give one of {KNOWN}")


def _beginning(path: Path) -> bytes:
    if is_folder(path):
        return b""
    try:
        with opened_file(path) as file:
            return file.read(_BEGINNING)
    except OSError as error:
        raise DatasetError(f"cannot read {path}: {error.strerror or error}; give a file that you may read") from error
