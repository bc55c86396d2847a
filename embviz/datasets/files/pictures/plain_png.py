"""Decoder of many small PNG files of one size together: one by one, most of the time would be overhead.

It reads plain files only: 8 bits per value, gray or red, green and blue, rows in order, nothing transparent.
"""

import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from embviz.arrays import UInt8Array

Int16Array = npt.NDArray[np.int16]

_LEFT, _ABOVE, _MEAN, _PAETH = 1, 2, 3, 4
"""Filters of PNG: a row holds differences to the left or upper neighbor, to their mean, or to Paeth's guess."""


def plain_images(files: Sequence[bytes], shape: tuple[int, ...]) -> tuple[UInt8Array, list[int]]:
    """The pixels of plain PNG files, and the positions of those that are damaged inside.

    Parameters
    ----------
    files
        Content of each file; all are plain, as `Facts.is_plain` says.
    shape
        Shape of each image: (h, w) or (h, w, 3).

    Returns
    -------
    tuple[UInt8Array, list[int]]
        Images of shape (n, *shape), and positions in `files` whose images are not to be used.
    """
    height, width = shape[:2]
    n_channels = shape[2] if len(shape) == 3 else 1
    stored = np.zeros((len(files), height, 1 + width * n_channels), np.uint8)
    damaged = []
    for place, file in enumerate(files):
        try:
            row_bytes = zlib.decompressobj().decompress(_packed_rows(file), stored[0].size + 1)
            stored[place] = np.frombuffer(row_bytes, np.uint8).reshape(stored.shape[1:])
        except (zlib.error, ValueError):  # it is no deflate stream, or one of another length
            damaged.append(place)
    filters = stored[:, :, 0]
    unknown = np.flatnonzero((filters > _PAETH).any(axis=1))
    images = np.ascontiguousarray(stored[:, :, 1:]).reshape(len(files), height, width, n_channels)
    above = np.zeros((len(files), width, n_channels), np.uint8)
    for row in range(height):
        for kind in np.unique(filters[:, row]):
            places = np.flatnonzero(filters[:, row] == kind)
            images[places, row] = _values(images[places, row], above[places], int(kind))
        above = images[:, row]
    return images.reshape(len(files), *shape), sorted({*damaged, *unknown.tolist()})


def _packed_rows(file: bytes) -> bytes:
    """Content of the data chunks of a PNG file."""
    at, parts = 8, []
    while (kind := file[at + 4 : at + 8]) != b"IEND" and kind:
        end = at + 8 + int.from_bytes(file[at : at + 4], "big")
        if kind == b"IDAT":
            parts.append(file[at + 8 : end])
        at = end + 4
    return b"".join(parts)


def _values(differences: UInt8Array, above: UInt8Array, kind: int) -> UInt8Array:
    """One row of each image, shape (m, w, c), from its differences by a filter; the row above it is known."""
    if kind == _LEFT:
        return np.cumsum(differences, axis=1, dtype=np.uint8)
    if kind == _ABOVE:
        return differences + above
    if kind not in (_MEAN, _PAETH):
        return differences
    by_column = np.ascontiguousarray(differences.swapaxes(0, 1))
    up = above.swapaxes(0, 1).astype(np.int16)
    left = corner = np.zeros(by_column.shape[1:], np.int16)
    for column, values in enumerate(by_column):
        guess = (left + up[column]) >> 1 if kind == _MEAN else _nearest(left, up[column], corner)
        values += guess.astype(np.uint8)
        left, corner = values.astype(np.int16), up[column]
    return by_column.swapaxes(0, 1)


def _nearest(left: Int16Array, up: Int16Array, corner: Int16Array) -> Int16Array:
    """Paeth's guess: of three neighbors the one that is nearest to left + up - corner; in case of a tie the first."""
    from_left, from_up = np.abs(up - corner), np.abs(left - corner)
    from_corner = np.abs(left + up - 2 * corner)
    up_or_corner = np.where(from_up <= from_corner, up, corner)
    return np.where((from_left <= from_up) & (from_left <= from_corner), left, up_or_corner)
