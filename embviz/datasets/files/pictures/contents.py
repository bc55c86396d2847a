"""Contents made of image files, wherever they are kept: pixels in one size, classes by folder, and paths."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from embviz.arrays import Int64Array, UInt8Array, check_memory
from embviz.datasets.files.contents import Contents, Field, known_column
from embviz.datasets.files.pictures.frame import frame_of
from embviz.datasets.files.pictures.look import BrokenPictureError, Facts
from embviz.datasets.files.pictures.pixels import Frame, ink_is_light, pixels
from embviz.datasets.files.pictures.scan import Scan, StoredFile, counted, first_of, notes_on, whole_file
from embviz.datasets.files.pictures.tree import NO_FOLDER, rows_named, tree_of
from embviz.errors import DatasetError
from embviz.progress import Progress

LONGEST_SIDE = 256
"""Pixels that an image may have a side; larger ones are made smaller."""

_VOTES = 8
"""Images with transparent parts of which it is looked at how light they are."""
_FILES_AT_ONCE, _BYTES_AT_ONCE = 64, 1 << 20
"""What is decoded before it is said how far it is."""
_SMALL = 4096
"""Bytes of an image file of which several threads decode no more than one does: most of the time Python is busy."""


@dataclass(frozen=True, eq=False, slots=True)
class _Pictures:
    """Image files in the order of items, and what they are made to be."""

    where: str
    files: Sequence[StoredFile]
    facts: Sequence[Facts]
    frame: Frame

    def read(self, rows: slice, progress: Progress) -> UInt8Array:
        """The images of those rows."""
        wanted = range(len(self.files))[rows]
        shape = (len(wanted), *self.frame.shape)
        check_memory("images", shape, np.uint8, DatasetError)
        images = np.empty(shape, np.uint8)
        broken: dict[str, str] = {}

        def decode(places: range) -> int:
            for place in places:
                file, facts = self.files[wanted[place]], self.facts[wanted[place]]
                try:
                    images[place] = pixels(whole_file(file), facts, self.frame)
                except BrokenPictureError as error:
                    broken[file.path] = str(error)
            return len(places)

        size = max(1, sum(self.files[row].size for row in wanted) // max(1, len(wanted)))
        step = max(1, min(_FILES_AT_ONCE, _BYTES_AT_ONCE // size))
        parts = [range(start, min(start + step, len(wanted))) for start in range(0, len(wanted), step)]
        done = 0
        progress("decoding images", done, len(wanted))
        with _threads(1 if size < _SMALL else min(4, os.cpu_count() or 1)) as run:
            for n in run(decode, parts):
                done += n
                progress("decoding images", done, len(wanted))
        if broken:
            reasons = first_of([f"{path} ({reason})" for path, reason in broken.items()])
            raise DatasetError(
                f"{self.where}: {counted(len(broken), 'image')} damaged inside: {reasons}; "
                "take them away, or save them again"
            )
        return images


def contents_by_folder(name: str, where: str, scan: Scan, notes: Sequence[str], longest_side: int) -> Contents:
    """Contents of image files: ``image``, ``class`` if folders are classes, and ``file``, the path.

    Parameters
    ----------
    name
        As in `Contents`.
    where
        The folder or archive, as a message calls it.
    scan
        What was found there.
    notes
        What is to be said besides.
    longest_side
        Pixels that an image may have a side; larger ones are made smaller.
    """
    tree = tree_of([file.parts for file in scan.files])
    image, more = _image_field(where, scan, tree.order, longest_side)
    fields = [image]
    if tree.class_names:
        fields.append(known_column("class", np.array(tree.classes, np.int64), tree.class_names))
        if n_stray := sum(tree.class_names[code] == NO_FOLDER for code in tree.classes):
            more.append(f"{counted(n_stray, 'image')} in no folder of a class.")
    fields.append(_paths(scan, tree.order))
    return Contents(name, len(tree.order), tuple(fields), tree.splits, (*notes, *notes_on(scan), *more))


def contents_by_row(
    name: str, where: str, scan: Scan, notes: Sequence[str], longest_side: int, names: Sequence[str]
) -> tuple[Contents, Int64Array]:
    """Contents of the image files that a table names, in its order, and which of its rows they are.

    Parameters
    ----------
    name, where, scan, notes, longest_side
        As in `contents_by_folder`.
    names
        What the table calls the file of each of its rows: see `rows_named`.

    Raises
    ------
    DatasetError
        If there is no file for any of the names.
    """
    found = rows_named(names, [file.parts for file in scan.files])
    order = [at for at in found if at is not None]
    missing = [name for name, at in zip(names, found, strict=True) if at is None]
    if not order:
        raise DatasetError(
            f"{where} holds none of the files that the table names ({first_of(missing)}); "
            "give the folder that they are in, or another column"
        )
    image, more = _image_field(where, scan, order, longest_side)
    if missing:
        more.append(f"{counted(len(missing), 'row')} left out, as no such image is there: {first_of(missing)}.")
    if n_unnamed := len(scan.files) - len(set(order)):
        more.append(f"{counted(n_unnamed, 'image')} left out, as the table does not name it.")
    rows = np.array([row for row, at in enumerate(found) if at is not None], np.int64)
    fields = (image, _paths(scan, order))
    return Contents(name, len(order), fields, (), (*notes, *notes_on(scan), *more)), rows


def _image_field(where: str, scan: Scan, order: Sequence[int], longest_side: int) -> tuple[Field, list[str]]:
    files, facts = [scan.files[at] for at in order], [scan.facts[at] for at in order]
    frame, notes = frame_of(facts, longest_side, lambda: _light_ink(files, facts))
    pictures = _Pictures(where, files, facts, frame)
    return Field("image", "images", frame.shape, np.dtype(np.uint8), pictures.read), notes


def _light_ink(files: Sequence[StoredFile], facts: Sequence[Facts]) -> bool:
    """What most of the first images with transparent parts say."""
    partly = [(file, each) for file, each in zip(files, facts, strict=True) if each.has_alpha][:_VOTES]
    votes = []
    for file, each in partly:
        try:
            votes.append(ink_is_light(whole_file(file), each))
        except BrokenPictureError:  # whoever reads it is told
            continue
    return 2 * sum(votes) > len(votes)


def _paths(scan: Scan, order: Sequence[int]) -> Field:
    return known_column("file", np.array([scan.files[at].path for at in order], np.str_))


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
