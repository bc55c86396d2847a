"""Reader of IDX files in exactly MNIST's format, plain or gzip; all other files are refused."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from io import BufferedIOBase
from pathlib import Path

import numpy as np

from embviz.arrays import Int64Array, UInt8Array
from embviz.datasets.named.idx_format import advice_on, opened_idx
from embviz.errors import DatasetError

_IMAGE_DIMENSIONS = 3
_LABEL_DIMENSIONS = 1
_KINDS = {_IMAGE_DIMENSIONS: "images", _LABEL_DIMENSIONS: "labels"}
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class IdxSplit:
    """Paths of the two files of one split."""

    images: Path
    labels: Path


def idx_images(path: Path) -> UInt8Array:
    """The images of an IDX file.

    Parameters
    ----------
    path
        A file like ``train-images-idx3-ubyte``, plain or gzip, which is told by its first bytes, not by its name.

    Returns
    -------
    UInt8Array
        Shape (n, h, w), as stored; n, h, w >= 1.

    Raises
    ------
    DatasetError
        If the file cannot be read, is not a complete gzip file, does not start with the magic number of
        images, holds nothing, or is shorter or longer than its header says.
    """
    shape, data = _content(path, _IMAGE_DIMENSIONS)
    return np.frombuffer(data, dtype=np.uint8).reshape(shape)


def idx_labels(path: Path, n_classes: int) -> Int64Array:
    """The labels of an IDX file.

    Parameters
    ----------
    path
        A file like ``train-labels-idx1-ubyte``, plain or gzip, which is told by its first bytes, not by its name.
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
    _check_lengths(split, len(images), len(labels))
    return images, labels


def lengths_of(splits: Mapping[str, IdxSplit]) -> dict[str, int]:
    """Number of items of each split, as the header of its labels says."""
    return {part: idx_length(files) for part, files in splits.items()}


def check_headers(split: IdxSplit) -> None:
    """Check that the headers of a split are those of images and of as many labels; only headers are read.

    Raises
    ------
    DatasetError
        If a header cannot be read, or is not of this kind.
    """
    with opened_idx(split.images) as stream:
        n_images = _shape(split.images, stream, _IMAGE_DIMENSIONS)[0]
    _check_lengths(split, n_images, idx_length(split))


def _check_lengths(split: IdxSplit, n_images: int, n_labels: int) -> None:
    if n_images != n_labels:
        raise DatasetError(
            f"{split.images} holds {n_images} images but {split.labels.name} holds {n_labels} labels; "
            "expected one label per image"
        )


def idx_length(split: IdxSplit) -> int:
    """Number of items that the header of the labels file promises, without reading them.

    Raises
    ------
    DatasetError
        If the header cannot be read or is not one of labels.
    """
    with opened_idx(split.labels) as stream:
        return _shape(split.labels, stream, _LABEL_DIMENSIONS)[0]


def _content(path: Path, n_dimensions: int) -> tuple[tuple[int, ...], bytearray]:
    """Shape and bytes; read in pieces, so that no more memory is taken than the file has, whatever its header says."""
    data = bytearray()
    with opened_idx(path) as stream:
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
        kind = _KINDS[n_dimensions]
        raise DatasetError(f"{path} starts with {magic:08x}, expected {expected:08x} (IDX {kind}); {_advice(header)}")
    if 0 in shape:
        raise DatasetError(
            f"{path} is empty: its header says {' x '.join(map(str, shape))}; expected at least one item"
        )
    return tuple(shape)


def _advice(header: bytes) -> str:
    """Words on what a file with this beginning seems to be, and what to do."""
    for n_dimensions, kind in _KINDS.items():
        if header.startswith(bytes([0, 0, 8, n_dimensions])):
            return f"it holds {kind}: see whether the files of images and labels have each other's names"
    return advice_on(header)
