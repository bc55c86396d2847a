"""Read the IDX files of a folder in MNIST's format, plain or gzip, and refuse whatever is not exactly that."""

import gzip
import math
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedIOBase
from pathlib import Path

import numpy as np

from embviz.arrays import Int64Array, UInt8Array
from embviz.errors import DatasetError

_IMAGE_DIMENSIONS = 3
_LABEL_DIMENSIONS = 1
_PREFIXES = {"train": "train", "test": "t10k"}
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class IdxSplit:
    """Where the two files of one split are."""

    images: Path
    labels: Path


def idx_images(path: Path) -> UInt8Array:
    """The images of an IDX file.

    Parameters
    ----------
    path
        A file like ``train-images-idx3-ubyte``; gzip if its name ends in ``.gz``.

    Returns
    -------
    UInt8Array
        Shape (n, h, w), as stored; n, h, w >= 1.

    Raises
    ------
    DatasetError
        If the file cannot be read, is not gzip though named so, does not start with the magic
        number of images, holds nothing, or is shorter or longer than its header says.
    """
    shape, data = _content(path, _IMAGE_DIMENSIONS)
    return np.frombuffer(data, dtype=np.uint8).reshape(shape)


def idx_labels(path: Path, n_classes: int) -> Int64Array:
    """The labels of an IDX file.

    Parameters
    ----------
    path
        A file like ``train-labels-idx1-ubyte``; gzip if its name ends in ``.gz``.
    n_classes
        Labels must be in 0 .. n_classes - 1.

    Returns
    -------
    Int64Array
        Shape (n,), n >= 1.

    Raises
    ------
    DatasetError
        As `idx_images`, and if a label is outside the classes.
    """
    _, data = _content(path, _LABEL_DIMENSIONS)
    labels = np.frombuffer(data, dtype=np.uint8).astype(np.int64)
    if labels.max() >= n_classes:
        row = int(np.argmax(labels >= n_classes))
        raise DatasetError(f"{path}: label {row} is {labels[row]}, expected 0..{n_classes - 1}")
    return labels


def idx_items(split: IdxSplit, n_classes: int) -> tuple[UInt8Array, Int64Array]:
    """The images and the labels of one split, one label per image.

    Raises
    ------
    DatasetError
        As `idx_images` and `idx_labels`, and if the two files hold different numbers of items.
    """
    images, labels = idx_images(split.images), idx_labels(split.labels, n_classes)
    if len(images) != len(labels):
        raise DatasetError(
            f"{split.images} holds {len(images)} images but {split.labels.name} holds {len(labels)} labels; "
            "expected one label per image"
        )
    return images, labels


def idx_length(split: IdxSplit) -> int:
    """How many items the header of the labels file promises, without reading them.

    Raises
    ------
    DatasetError
        If the header cannot be read or is not one of labels.
    """
    with _opened(split.labels) as stream:
        return _shape(split.labels, stream, _LABEL_DIMENSIONS)[0]


def idx_names(split: str) -> tuple[str, str]:
    """What the two files of a split are called, without ``.gz``.

    Examples
    --------
    >>> idx_names("test")
    ('t10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte')
    """
    return f"{_PREFIXES[split]}-images-idx3-ubyte", f"{_PREFIXES[split]}-labels-idx1-ubyte"


def idx_splits(files: Mapping[str, Path]) -> dict[str, IdxSplit]:
    """The splits that have both their files: ``train``, ``test``, or both, in this order.

    Parameters
    ----------
    files
        File name to path. Names that no MNIST-format file has are ignored; where a file is there
        plain and as gzip, the plain one is taken.

    Examples
    --------
    >>> names = ["t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte", "train-images-idx3-ubyte"]
    >>> list(idx_splits({name: Path(name) for name in names}))
    ['test']
    """
    splits = {}
    for split in _PREFIXES:
        images, labels = (_find(name, files) for name in idx_names(split))
        if images and labels:
            splits[split] = IdxSplit(images, labels)
    return splits


def idx_folder_splits(folder: Path, wanted: Iterable[str] = ()) -> dict[str, IdxSplit]:
    """The splits a folder holds, the wanted ones among them.

    Raises
    ------
    DatasetError
        If there is no such folder, it cannot be read, or a file of a wanted split is missing.
    """
    files = _files(folder)
    splits = idx_splits(files)
    missing = [f"{name}[.gz]" for split in wanted for name in idx_names(split) if not _find(name, files)]
    if missing:
        advice = f"it has split {next(iter(splits))!r}" if splits else "give a folder of MNIST-format files"
        raise DatasetError(f"{folder} lacks {', '.join(missing)}; {advice}")
    return splits


def _files(folder: Path) -> dict[str, Path]:
    try:
        return {path.name: path for path in folder.iterdir()}
    except OSError as error:
        raise DatasetError(
            f"cannot read folder {folder}: {error.strerror or error}; give a folder of MNIST-format files"
        ) from error


def _find(name: str, files: Mapping[str, Path]) -> Path | None:
    return files.get(name) or files.get(f"{name}.gz")


def _content(path: Path, n_dimensions: int) -> tuple[tuple[int, ...], bytearray]:
    """Shape and bytes; read in pieces, so that memory follows the file and not what its header says."""
    data = bytearray()
    with _opened(path) as stream:
        shape = _shape(path, stream, n_dimensions)
        promised = math.prod(shape)
        while len(data) <= promised and (piece := stream.read(_CHUNK)):
            data += piece
    if len(data) != promised:
        found = f"{len(data)}" if len(data) < promised else "more"
        sizes = " x ".join(map(str, shape))
        raise DatasetError(f"{path}: its header promises {sizes} = {promised} bytes, found {found}; get the file again")
    return shape, data


def _shape(path: Path, stream: BufferedIOBase, n_dimensions: int) -> tuple[int, ...]:
    size = 4 * (1 + n_dimensions)
    header = stream.read(size)
    if len(header) < size:
        raise DatasetError(f"{path} is {len(header)} bytes long, expected a header of {size}; get the file again")
    magic, *shape = np.frombuffer(header, dtype=">u4").tolist()
    expected = 0x0800 + n_dimensions  # 08: unsigned bytes
    if magic != expected:
        kind = "images" if n_dimensions == _IMAGE_DIMENSIONS else "labels"
        raise DatasetError(f"{path} starts with {magic:08x}, expected {expected:08x} (IDX {kind}); give an IDX file")
    if 0 in shape:
        raise DatasetError(
            f"{path} is empty: its header says {' x '.join(map(str, shape))}; expected at least one item"
        )
    return tuple(shape)


@contextmanager
def _opened(path: Path) -> Iterator[BufferedIOBase]:
    """The file's content, unpacked, with every way reading can fail as a DatasetError."""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
            yield stream
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise DatasetError(f"{path} is not a whole gzip file ({error}); get the file again") from error
    except OSError as error:
        raise DatasetError(f"cannot read {path}: {error.strerror or error}; expected an IDX file") from error
