"""Image files decoded: by threads where that is faster, and together where they are small and plain."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from embviz.arrays import UInt8Array, check_memory
from embviz.datasets.files.pictures.look import BrokenPictureError, Facts
from embviz.datasets.files.pictures.pixels import Frame, pixels
from embviz.datasets.files.pictures.plain_png import plain_images
from embviz.datasets.files.pictures.scan import StoredFile, counted, reasons_of, whole_file
from embviz.errors import DatasetError
from embviz.progress import Progress

_FILES_AT_ONCE, _BYTES_AT_ONCE = 64, 1 << 20
"""Files, and bytes, that are decoded between two calls of progress."""
_PLAIN_AT_ONCE, _PLAIN_PIXELS = 4096, 64 * 64
"""Plain images that are decoded together, and most pixels of an image for which this is worth while."""
_SMALL = 4096
"""Mean size of files, in bytes, below which several threads are no faster than one: Python takes most of the time."""


@dataclass(frozen=True, eq=False, slots=True)
class Pictures:
    """Image files in the order of items, and the size and colors that they are given."""

    where: str
    files: Sequence[StoredFile]
    facts: Sequence[Facts]
    frame: Frame

    def read(self, rows: slice, progress: Progress) -> UInt8Array:
        """Images of a slice of rows.

        Raises
        ------
        DatasetError
            If images are damaged, or do not fit into memory.
        """
        wanted = range(len(self.files))[rows]
        shape = (len(wanted), *self.frame.shape)
        check_memory("images", shape, np.uint8, DatasetError)
        images = np.empty(shape, np.uint8)
        broken: dict[str, str] = {}

        def decode(places: range) -> int:
            some = [wanted[place] for place in places]
            data = [self._data(row, broken) for row in some]
            facts = [self.facts[row] for row in some]
            images[places.start : places.stop], wrong = decoded_images(data, facts, self.frame)
            broken.update({self.files[some[at]].path: reason for at, reason in wrong.items() if data[at]})
            return len(places)

        size = max(1, sum(self.files[row].size for row in wanted) // max(1, len(wanted)))
        is_plain = all(_is_plain(self.facts[row], self.frame) for row in wanted)
        step = _PLAIN_AT_ONCE if is_plain else max(1, min(_FILES_AT_ONCE, _BYTES_AT_ONCE // size))
        parts = [range(start, min(start + step, len(wanted))) for start in range(0, len(wanted), step)]
        done = 0
        progress("decoding images", done, len(wanted))
        with _threads(1 if size < _SMALL else min(4, os.cpu_count() or 1)) as run:
            for n in run(decode, parts):
                done += n
                progress("decoding images", done, len(wanted))
        if broken:
            raise DatasetError(
                f"{self.where}: {counted(len(broken), 'image')} damaged inside: {reasons_of(broken)}; "
                "take them away, or save them again"
            )
        return images

    def _data(self, row: int, broken: dict[str, str]) -> bytes:
        """Content of a file. If it cannot be read, it is empty, and the reason is put into `broken`."""
        try:
            return whole_file(self.files[row])
        except BrokenPictureError as error:
            broken[self.files[row].path] = str(error)
            return b""


def decoded_images(files: Sequence[bytes], facts: Sequence[Facts], frame: Frame) -> tuple[UInt8Array, dict[int, str]]:
    """The pixels of image files: together if all of them are small and plain, else one by one.

    Parameters
    ----------
    files
        Content of each file.
    facts
        What `facts_of` found in each.
    frame
        Size and colors that they are given.

    Returns
    -------
    tuple[UInt8Array, dict[int, str]]
        Images of shape (n, *frame.shape); and by position, why an image cannot be decoded.
    """
    if all(_is_plain(each, frame) for each in facts):
        images, left = plain_images(files, frame.shape)
    else:
        images, left = np.empty((len(files), *frame.shape), np.uint8), list(range(len(files)))
    broken = {}
    for place in left:
        try:
            images[place] = pixels(files[place], facts[place], frame)
        except BrokenPictureError as error:
            broken[place] = str(error)
    return images, broken


def _is_plain(facts: Facts, frame: Frame) -> bool:
    """Whether an image is small, and needs nothing done to it but decoding."""
    fits = (facts.height, facts.width, facts.is_gray) == (frame.height, frame.width, frame.is_gray)
    return facts.is_plain and facts.orientation == 1 and fits and facts.height * facts.width <= _PLAIN_PIXELS


@contextmanager
def _threads(n: int) -> Iterator[Callable[..., Any]]:
    """`map`, by several threads if n > 1; what they have not begun is given up when the block is left."""
    if n == 1:
        yield map
        return
    pool = ThreadPoolExecutor(n)
    try:
        yield pool.map
    finally:
        pool.shutdown(cancel_futures=True)
