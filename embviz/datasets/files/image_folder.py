"""Reader of a folder of image files: by class, by split and class, or flat, perhaps with a table that names them."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from embviz.arrays import Int64Array
from embviz.datasets.files.contents import Contents
from embviz.datasets.files.pictures.contents import LONGEST_SIDE, contents_by_folder, contents_by_row
from embviz.datasets.files.pictures.look import BrokenPictureError
from embviz.datasets.files.pictures.scan import Scan, StoredFile, counted, first_of, scan_of
from embviz.datasets.files.pictures.tree import Parts, is_leftover
from embviz.datasets.named.folders import check_inside, contents, is_folder, text_of
from embviz.errors import DatasetError
from embviz.progress import Progress, no_progress
from embviz.storage.files import opened_file

MOST_FILES = 2_000_000
"""Most files in a folder and those below it."""


def image_folder_contents(
    folder: Path, *, longest_side: int = LONGEST_SIDE, progress: Progress = no_progress
) -> Contents:
    """Contents of a folder of image files: ``train/<class>/<file>``, ``<class>/<file>``, or files alone.

    Images of several sizes are fitted into one, and files that are broken left out; the notes say so.

    Parameters
    ----------
    folder
        The folder; all folders in it are looked through, too.
    longest_side
        Most pixels of a side of an image; larger images are made smaller.
    progress
        Called while files are looked through.

    Raises
    ------
    DatasetError
        If there is no image, a link leads out of the folder, or there are more files than `MOST_FILES`.
    """
    scan, notes = _scan(folder, progress)
    return contents_by_folder(text_of(folder.resolve().name), str(folder), scan, notes, longest_side)


def named_images(
    folder: Path, names: Sequence[str], *, longest_side: int = LONGEST_SIDE, progress: Progress = no_progress
) -> tuple[Contents, Int64Array]:
    """The images in a folder that a table names, in the table's order, and the rows that name them.

    Parameters
    ----------
    folder, longest_side, progress
        As in `image_folder_contents`.
    names
        For each row of the table a path below the folder, or the file's name, with or without its ending.

    Returns
    -------
    tuple[Contents, Int64Array]
        The contents, and int64 of shape (n,): rows of the table, ascending. Rows without an image are left out,
        which a note says.

    Raises
    ------
    DatasetError
        As `image_folder_contents`, and if no file is named.
    """
    scan, notes = _scan(folder, progress)
    return contents_by_row(text_of(folder.resolve().name), str(folder), scan, notes, longest_side, names)


def _scan(folder: Path, progress: Progress) -> tuple[Scan, list[str]]:
    if not is_folder(folder):
        raise DatasetError(f"{folder} is not a folder; give one that holds images")
    links: list[str] = []
    files = []
    for file in _files_below(folder, links):
        files.append(file)
        if len(files) > MOST_FILES:
            raise DatasetError(f"{folder} holds more than {MOST_FILES:,} files; give a smaller part of it")
        if not len(files) % 1024:
            progress("listing files", len(files), 0)
    notes = [
        f"{counted(len(links), 'link')} not followed, as all folders of the data are looked through anyway: "
        f"{first_of(links)}."
    ]
    return scan_of(str(folder), files, progress), notes if links else []


def _files_below(folder: Path, links: list[str]) -> Iterator[StoredFile]:
    """Files in a folder and those below; links to folders are added to `links`, not followed: they may form loops."""
    root = folder.resolve()
    left: list[tuple[Path, Parts]] = [(root, ())]
    while left:
        place, above = left.pop()
        folders, others = contents(place)
        for path, is_folder_ in [*((each, True) for each in folders), *((each, False) for each in others)]:
            parts = (*above, text_of(path.name))
            if is_leftover(parts):
                continue
            check_inside(root, path)
            if not is_folder_:
                yield _stored(path, parts)
            elif path.is_symlink():
                links.append("/".join(parts))
            else:
                left.append((path, parts))


def _stored(path: Path, parts: Parts) -> StoredFile:
    def read(n_bytes: int) -> bytes:
        try:
            with opened_file(path) as file:
                return file.read(n_bytes)
        except OSError as error:
            raise BrokenPictureError(f"it cannot be read: {error.strerror or error}") from error

    try:
        size = path.stat().st_size
    except OSError:  # a broken link, which is reported when it is read
        size = 0
    return StoredFile(parts, size, read)
