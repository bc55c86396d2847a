"""Images that a table names, in the order of its rows."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from embviz.arrays import AnyArray, Int64Array
from embviz.datasets.files.contents import Contents, Field
from embviz.datasets.files.image_folder import named_images
from embviz.datasets.files.image_zip import named_zip_images
from embviz.datasets.named.folders import is_folder
from embviz.errors import DatasetError
from embviz.progress import Progress, no_progress

_USUAL = ("image", "img", "file", "filename", "file_name", "path", "picture", "id", "image_id", "name")
"""Usual names of a column of file names, the likeliest first."""
_MAY_BE_OTHER = ("id", "name")
"""Those of them that may as well name the items."""


def images_of_table(table: Contents, images: Path, progress: Progress) -> tuple[Contents, Contents] | None:
    """The rows of a table whose images are in a folder or zip file, and those images; None if no column names them.

    Parameters
    ----------
    table
        Contents with names, or paths, of files in a column.
    images
        A folder or a zip file.
    progress
        Called while files are looked through.
    """
    texts = [field for field in table.fields if field.kind == "column" and field.dtype.kind in "Ui"]
    named_so = [field for name in _USUAL for field in texts if field.name.lower() == name]
    find, called = (named_images, images.name) if is_folder(images) else (named_zip_images, images.stem)
    for field in dict.fromkeys([*named_so, *(field for field in texts if field.dtype.kind == "U")]):
        names = [str(name) for name in field.read(slice(None), progress).tolist()]
        for said in dict.fromkeys([tuple(names), tuple(_below(called, name) for name in names)]):
            try:
                found, rows = find(images, said, progress=progress)
            except DatasetError:  # none of them is a name of a file there
                continue
            note = f"Column {field.name!r} names the images."
            return _rows_of(table, rows), replace(found, notes=(note, *found.notes))
    return None


def _below(folder: str, name: str) -> str:
    """The part of a path below the last folder of this name, or the whole path if it does not lead through one.

    Examples
    --------
    >>> _below("images", "data/images/cats/1.png"), _below("images", "other/1.png")
    ('cats/1.png', 'other/1.png')
    """
    *folders, file = name.replace("\\", "/").split("/")
    start = max((at + 1 for at, each in enumerate(folders) if each == folder), default=0)
    return "/".join([*folders[start:], file])


def check_pairing_by_order(tables: Sequence[Contents], images: Contents) -> None:
    """Refuse to pair rows and images by their order if a column is called as one that names images.

    Parameters
    ----------
    tables
        Contents in which `images_of_table` found no column that names the images.
    images
        Contents of the folder or zip file of images alone.

    Raises
    ------
    DatasetError
        If one has such a column; the message has the names that were compared.
    """
    usual = [name for name in _USUAL if name not in _MAY_BE_OTHER]
    for table in tables:
        if table.n != images.n or any(field.kind == "images" for field in table.fields):
            continue  # refused for its number of items, or with a column that names its own images
        columns = [field for field in table.fields if field.kind == "column" and field.dtype.kind in "Uif"]
        column = next((field for name in usual for field in columns if field.name.lower() == name), None)
        if column is not None:
            files = [field for field in images.fields if field.name == "file"]
            called = f", which are called {_first_said(files[0])}" if files else ""
            raise DatasetError(
                f"{table.name}: column {column.name!r} ({_first_said(column)}) names none of the images in "
                f"{images.name}{called}; correct its names, or give the column another name to pair rows and images "
                "in their order"
            )


def _first_said(field: Field) -> str:
    """The first two values of a column, for a message."""
    values = field.read(slice(0, 3), no_progress).tolist()
    return ", ".join(f"{str(value)!r:.60}" for value in values[:2]) + (", …" if len(values) > 2 else "")


def _rows_of(table: Contents, rows: Int64Array) -> Contents:
    """Some rows of a table, in ascending order."""
    if len(rows) == table.n:
        return table
    fields = tuple(_some(field, rows) for field in table.fields)
    firsts = [(name, int(np.searchsorted(rows, first))) for name, first in table.splits]
    ends = [*(first for _, first in firsts[1:]), len(rows)]
    splits = tuple((name, first) for (name, first), end in zip(firsts, ends, strict=False) if first < end)
    return replace(table, n=len(rows), fields=fields, splits=splits)


def _some(field: Field, rows: Int64Array) -> Field:
    def read(wanted: slice, progress: Progress) -> AnyArray:
        some = rows[wanted]
        if not len(some):
            return field.read(slice(0, 0), progress)
        values: AnyArray = field.read(slice(int(some[0]), int(some[-1]) + 1), progress)[some - some[0]]
        return values

    return replace(field, read=read)
