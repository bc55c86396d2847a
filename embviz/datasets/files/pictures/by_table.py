"""Images that a table names, in the order of its rows."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from embviz.arrays import AnyArray, Int64Array
from embviz.datasets.files.contents import Contents, Field
from embviz.datasets.files.image_folder import named_images
from embviz.datasets.files.image_zip import named_zip_images
from embviz.datasets.named.folders import is_folder
from embviz.errors import DatasetError
from embviz.progress import Progress

_USUAL = ("image", "img", "file", "filename", "file_name", "path", "picture", "id", "image_id", "name")
"""Usual names of a column of file names, the likeliest first."""


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
    find = named_images if is_folder(images) else named_zip_images
    for field in dict.fromkeys([*named_so, *(field for field in texts if field.dtype.kind == "U")]):
        names = [str(name) for name in field.read(slice(None), progress).tolist()]
        try:
            found, rows = find(images, names, progress=progress)
        except DatasetError:  # none of them is a name of a file there
            continue
        note = f"Column {field.name!r} names the images."
        return _rows_of(table, rows), replace(found, notes=(note, *found.notes))
    return None


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
