"""Fields that can be read: a set of vectors that nobody asked for must not keep the others from being opened."""

from collections.abc import Collection
from dataclasses import replace

from embviz.datasets.files.contents import Contents
from embviz.errors import DatasetError
from embviz.progress import no_progress

_FIRST_ROWS = 256


def readable_contents(contents: Contents, asked: Collection[str] = ()) -> Contents:
    """Contents without vectors whose first 256 rows cannot be read, each with a note; as they are if none is left.

    Parameters
    ----------
    contents
        Contents of files.
    asked
        Names of fields that the user asks for: they are kept, so that the error is said when they are read.

    Examples
    --------
    >>> import numpy as np
    >>> from embviz.datasets.files.contents import Field
    >>> def refused(rows, progress):
    ...     raise DatasetError("row 1 has 3 numbers, the first row 2")
    >>> vectors = np.zeros((2, 4))
    >>> fields = (Field("mask", "vectors", (2,), vectors.dtype, refused),
    ...           Field("emb", "vectors", (4,), vectors.dtype, lambda rows, progress: vectors[rows]))
    >>> found = readable_contents(Contents("it", 2, fields))
    >>> [field.name for field in found.fields], found.notes
    (['emb'], ("'mask' is left out: row 1 has 3 numbers, the first row 2.",))
    """
    places = [field for field in contents.fields if field.kind in ("vectors", "images")]
    if len(places) < 2:
        return contents
    why: dict[str, str] = {}
    for field in places:
        if field.kind == "vectors" and field.name not in asked:
            try:
                field.read(slice(0, min(_FIRST_ROWS, contents.n)), no_progress)
            except DatasetError as error:
                why[field.name] = str(error)
    if len(why) == len(places):
        return contents
    fields = tuple(field for field in contents.fields if field.name not in why)
    notes = (f"{name!r} is left out: {said}." for name, said in why.items())
    return replace(contents, fields=fields, notes=(*contents.notes, *notes))
