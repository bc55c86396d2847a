"""Export of items' images as a zip file of PNG files, with a folder for each class."""

import io
import zipfile
from pathlib import Path
from typing import IO

import numpy as np

from embviz.arrays import Int64Array, UInt8Array
from embviz.checks.arguments import checked, path_of
from embviz.dataset import Dataset, check_rows
from embviz.errors import InputError
from embviz.export.folder import real_path, replaced_file
from embviz.export.names import folder_name, unique_names
from embviz.progress import Progress, blocks_of, no_progress
from embviz.storage.csv_text import csv_line, neutralized

TABLE_FILE = "metadata.csv"
"""Name of the table of files and items, which Hugging Face's `imagefolder` reads for its column ``file_name``."""

_BLOCK = 256
_DATE = (1980, 1, 1, 0, 0, 0)
"""Date of every file in the zip file, always the same, so that the same items make the same bytes."""


def png_bytes(image: UInt8Array) -> bytes:
    """The content of a PNG file of one image, gray or in color; 0 is black.

    Examples
    --------
    >>> png_bytes(np.zeros((2, 2), np.uint8))[1:4]
    b'PNG'
    """
    from PIL import Image

    stream = io.BytesIO()
    Image.fromarray(image).save(stream, "PNG")
    return stream.getvalue()


@checked()
def write_images(
    path: str | Path, dataset: Dataset, rows: Int64Array | None = None, *, progress: Progress = no_progress
) -> Path:
    """Write a zip file of items' images, ``<class>/<id>.png``, and a table of them; return its absolute path.

    A folder has the name of its class, without characters that are not allowed in folder names. The table has the class
    names unchanged, with an apostrophe in front if a spreadsheet would run it (see `neutralized`). Without labels there
    are no folders. An existing file is replaced once the new one is complete.

    Parameters
    ----------
    path
        Path of the zip file.
    dataset
        The items, which have images.
    rows
        int64, shape (m,), positions in `dataset` (not ids), m >= 1, none twice; None for all.
    progress
        Called with stage ``Packing images``.

    Raises
    ------
    InputError
        If the items have no images, `rows` is empty, or `check_rows` refuses them.
    ExportError
        If the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from embviz.datasets.arrays import dataset_from_arrays
    >>> toy = dataset_from_arrays(images=np.zeros((2, 3, 3), int), labels=["seven", "one"])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = write_images(f"{folder}/toy.zip", toy)
    ...     zipfile.ZipFile(path).namelist()
    ['seven/0.png', 'one/1.png', 'metadata.csv']
    """
    target = real_path(path_of("path", path))
    wanted = _wanted(dataset, rows)
    with replaced_file(target) as partial, partial.open("wb") as file:
        _write_zip(file, dataset, wanted, progress)
    return target


def images_zip(dataset: Dataset, rows: Int64Array) -> bytes:
    """The content of the zip file that `write_images` writes, for a download.

    Raises
    ------
    InputError
        As for `write_images`.
    """
    stream = io.BytesIO()
    _write_zip(stream, dataset, _wanted(dataset, rows), no_progress)
    return stream.getvalue()


def _wanted(dataset: Dataset, rows: Int64Array | None) -> Int64Array:
    if dataset.images is None:
        raise InputError(f"dataset {dataset.title!r} has no images; write its coordinates or vectors instead")
    wanted = np.arange(len(dataset)) if rows is None else rows
    check_rows(wanted, dataset)
    if not len(wanted):
        raise InputError("no items are chosen; give the rows of at least one")
    return wanted


def _folder(class_name: str) -> str:
    """Folder of a class, with ``_`` before a name that the table would show with an apostrophe: programs read it."""
    name = folder_name(class_name)
    return name if neutralized(name) == name else f"_{name}"


def _write_zip(file: IO[bytes], dataset: Dataset, rows: Int64Array, progress: Progress) -> None:
    assert dataset.images is not None, "checked before"
    folders = [f"{name}/" for name in unique_names(map(_folder, dataset.class_names), ignore_case=True)]
    header = ["file_name", "id"] if dataset.labels is None else ["file_name", "id", "label"]
    lines = [csv_line(header)]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:  # PNG files are packed already
        for block in blocks_of("Packing images", len(rows), _BLOCK, progress):
            for row in rows[block].tolist():
                item = int(dataset.ids[row])
                code = None if dataset.labels is None else int(dataset.labels[row])
                name = f"{'' if code is None else folders[code]}{item}.png"
                archive.writestr(zipfile.ZipInfo(name, _DATE), png_bytes(dataset.images[row]))
                lines.append(csv_line([name, item] if code is None else [name, item, dataset.class_names[code]]))
        archive.writestr(zipfile.ZipInfo(TABLE_FILE, _DATE), "".join(lines))
