"""Contents made of image files, wherever they are kept: pixels in one size, classes by folder, and paths."""

from collections.abc import Sequence

import numpy as np

from embviz.arrays import Int64Array
from embviz.datasets.files.contents import Contents, Field, known_column
from embviz.datasets.files.pictures.decoding import Pictures
from embviz.datasets.files.pictures.frame import frame_of
from embviz.datasets.files.pictures.look import BrokenPictureError, Facts
from embviz.datasets.files.pictures.pixels import ink_is_light
from embviz.datasets.files.pictures.scan import Scan, StoredFile, counted, first_of, notes_on, whole_file
from embviz.datasets.files.pictures.tree import NO_FOLDER, rows_named, tree_of
from embviz.errors import DatasetError

LONGEST_SIDE = 256
"""Most pixels of a side of an image; larger images are made smaller."""

_VOTES = 8
"""Most images with transparent parts whose brightness is measured."""
_MOST_CHARACTERS = 1 << 27
"""Most characters in the array of paths, where each path takes as many as the longest; four bytes each."""


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
        Further notes.
    longest_side
        Most pixels of a side of an image; larger images are made smaller.
    """
    tree = tree_of([file.parts for file in scan.files])
    image, more = _image_field(where, scan, tree.order, longest_side)
    fields = [image]
    if tree.class_names:
        fields.append(known_column("class", np.array(tree.classes, np.int64), tree.class_names))
        if n_stray := sum(tree.class_names[code] == NO_FOLDER for code in tree.classes):
            more.append(f"{counted(n_stray, 'image')} in no folder of a class.")
    column, said = _paths(scan, tree.order)
    return Contents(name, len(tree.order), (*fields, *column), tree.splits, (*notes, *notes_on(scan), *more, *said))


def contents_by_row(
    name: str, where: str, scan: Scan, notes: Sequence[str], longest_side: int, names: Sequence[str]
) -> tuple[Contents, Int64Array]:
    """Contents of the image files that a table names, in the table's order, and the rows that name them.

    Parameters
    ----------
    name, where, scan, notes, longest_side
        As in `contents_by_folder`.
    names
        For each row of the table, the name of its file; see `rows_named`.

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
        more.append(f"{counted(n_unnamed, 'image')} left out: not named in the table.")
    rows = np.array([row for row, at in enumerate(found) if at is not None], np.int64)
    column, said = _paths(scan, order)
    return Contents(name, len(order), (image, *column), (), (*notes, *notes_on(scan), *more, *said)), rows


def _image_field(where: str, scan: Scan, order: Sequence[int], longest_side: int) -> tuple[Field, list[str]]:
    files, facts = [scan.files[at] for at in order], [scan.facts[at] for at in order]
    frame, notes = frame_of(facts, longest_side, lambda: _light_ink(files, facts))
    pictures = Pictures(where, files, facts, frame)
    return Field("image", "images", frame.shape, np.dtype(np.uint8), pictures.read), notes


def _light_ink(files: Sequence[StoredFile], facts: Sequence[Facts]) -> bool:
    """Whether what is drawn is light in most of the first images with transparent parts."""
    partly = [(file, each) for file, each in zip(files, facts, strict=True) if each.has_alpha][:_VOTES]
    votes = []
    for file, each in partly:
        try:
            votes.append(ink_is_light(whole_file(file), each))
        except BrokenPictureError:  # reported when the file is read
            continue
    return 2 * sum(votes) > len(votes)


def _paths(scan: Scan, order: Sequence[int]) -> tuple[list[Field], list[str]]:
    """The column of paths, and a sentence if there is none: as an array, every text is as long as the longest."""
    paths = [scan.files[at].path for at in order]
    if len(paths) * max(map(len, paths)) > _MOST_CHARACTERS:
        return [], ["Paths are so long that they are not kept as a column."]
    return [known_column("file", np.array(paths, np.str_))], []
