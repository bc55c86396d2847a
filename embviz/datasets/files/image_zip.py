"""Reader of a zip archive of image files; nothing is unpacked to the disk."""

from collections.abc import Sequence
from pathlib import Path

from embviz.arrays import Int64Array
from embviz.datasets.files.contents import Contents
from embviz.datasets.files.pictures.archive import archived_files
from embviz.datasets.files.pictures.contents import LONGEST_SIDE, contents_by_folder, contents_by_row
from embviz.datasets.files.pictures.scan import scan_of
from embviz.datasets.named.folders import text_of
from embviz.progress import Progress, no_progress


def image_zip_contents(path: Path, *, longest_side: int = LONGEST_SIDE, progress: Progress = no_progress) -> Contents:
    """Contents of a zip archive of image files: ``train/<class>/<file>``, ``<class>/<file>``, or files alone.

    The same as `image_folder_contents` of the unpacked archive.

    Parameters
    ----------
    path
        Path of the archive, which must stay where it is until the images are read.
    longest_side
        Most pixels of a side of an image; larger images are made smaller.
    progress
        Called while files are looked through.

    Raises
    ------
    DatasetError
        If it is not a complete archive, is encrypted, holds no image or too many files, or a name leads out of it.
    """
    files, notes = archived_files(path)
    return contents_by_folder(text_of(path.stem), str(path), scan_of(str(path), files, progress), notes, longest_side)


def named_zip_images(
    path: Path, names: Sequence[str], *, longest_side: int = LONGEST_SIDE, progress: Progress = no_progress
) -> tuple[Contents, Int64Array]:
    """The images in an archive that a table names, in the table's order, and the rows that name them.

    Parameters
    ----------
    path, longest_side, progress
        As in `image_zip_contents`.
    names
        For each row of the table a path in the archive, or the file's name, with or without its ending.

    Returns
    -------
    tuple[Contents, Int64Array]
        As from `named_images`.

    Raises
    ------
    DatasetError
        As `image_zip_contents`, and if no file is named.
    """
    files, notes = archived_files(path)
    return contents_by_row(
        text_of(path.stem), str(path), scan_of(str(path), files, progress), notes, longest_side, names
    )
