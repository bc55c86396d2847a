"""Fields made of named arrays: a column, vectors, images or a layout, told by shape, type and name."""

import math
from dataclasses import replace
from typing import Any, cast

import numpy as np

from embviz.arrays import AnyArray
from embviz.datasets.files.arrays.npy import CHANNELS, StoredArray
from embviz.datasets.files.contents import Field, Kind, Read
from embviz.datasets.files.uses.usual_names import is_layout_name
from embviz.errors import DatasetError
from embviz.progress import Progress

_COLUMN_TYPES = {"b": np.bool_, "i": np.int64, "u": np.int64, "f": np.float64}


def array_fields(name: str, parts: list[StoredArray]) -> list[Field]:
    """The field of an array stored in `parts`, one per split; an array of records has a field for each of its own."""
    first = parts[0]
    if first.dtype.names is None:
        return [_field(name, first, _joined(parts))]
    whole = _joined(parts)
    return [_field(str(each), _member(first, each), _member_read(whole, each)) for each in first.dtype.names]


def _member(array: StoredArray, name: str) -> StoredArray:
    dtype = array.dtype[name]
    if array.shape:
        raise DatasetError(f"{array.where} holds records of shape {array.shape} per item; save one record per item")
    return replace(array, where=f"{array.where}: {name!r}", shape=dtype.shape, dtype=dtype.base.newbyteorder("="))


def _member_read(whole: Read, name: str) -> Read:
    return lambda rows, progress: np.ascontiguousarray(cast(Any, whole(rows, progress))[name])


def _joined(parts: list[StoredArray]) -> Read:
    """Function that reads rows of several arrays put one after the other."""
    if len(parts) == 1:
        return parts[0].read
    bounds = np.cumsum([0, *(part.n for part in parts)]).tolist()

    def read(rows: slice, progress: Progress) -> AnyArray:
        start, stop, _ = rows.indices(bounds[-1])
        wanted = [
            (part, slice(max(start - first, 0), min(stop - first, part.n)))
            for part, first in zip(parts, bounds[:-1], strict=True)
            if start < first + part.n and stop > first
        ]
        if len(wanted) == 1:
            return wanted[0][0].read(wanted[0][1], progress)
        dtype = np.result_type(*(part.dtype for part in parts)) if parts[0].dtype.names is None else parts[0].dtype
        values: AnyArray = np.empty((stop - start, *parts[0].shape), dtype)
        done = 0
        for part, some in wanted:
            values[done : done + some.stop - some.start] = part.read(some, progress)
            done += some.stop - some.start
        return values

    return read


def _field(name: str, array: StoredArray, read: Read) -> Field:
    shape = tuple(side for side in array.shape if side != 1) if _is_flat(array.shape) else array.shape
    shape = shape[1:] if len(shape) == 3 and shape[0] == 1 else shape[:2] if shape[2:] == (1,) else shape
    kind, letter = _kind(name, shape, array), array.dtype.kind
    if kind == "column":
        dtype: np.dtype[Any] = np.dtype(_COLUMN_TYPES.get(letter, np.str_))
        return Field(name, kind, (), dtype, lambda rows, progress: _column(array.where, rows, read(rows, progress)))
    if letter not in "biuf":
        raise DatasetError(f"{array.where} holds {array.dtype} of shape {array.shape} per item; save one text per item")
    if kind == "vectors":
        shape = (math.prod(shape),)
    return Field(name, kind, shape, array.dtype, lambda rows, progress: _shaped(read(rows, progress), shape))


def _is_flat(shape: tuple[int, ...]) -> bool:
    """Whether all axes but one have length 1: (n, 1) is a column, (n, 1, d) are vectors."""
    return sum(side != 1 for side in shape) <= 1


def _kind(name: str, shape: tuple[int, ...], array: StoredArray) -> Kind:
    if not shape:
        return "column"
    if len(shape) == 1:
        is_layout = shape[0] in (2, 3) and array.dtype.kind == "f" and is_layout_name(name)
        return "layout" if is_layout else "vectors"
    is_image = len(shape) == 2 or (len(shape) == 3 and bool({shape[0], shape[2]} & set(CHANNELS)))
    return "images" if is_image else "vectors"


def _shaped(values: AnyArray, shape: tuple[int, ...]) -> AnyArray:
    return values.reshape(len(values), *shape)


def _column(where: str, rows: slice, values: AnyArray) -> AnyArray:
    """One value per item, of a type that a column may have."""
    values, first = values.reshape(-1), rows.start or 0
    kind = values.dtype.kind
    if kind == "u" and values.size and int(values.max()) >= 2**63:
        row = first + int(values.argmax())
        raise DatasetError(f"{where}: row {row} holds {values.max()}, more than 2**63 - 1; save such numbers as text")
    if kind in _COLUMN_TYPES:
        return values.astype(_COLUMN_TYPES[kind], copy=False)
    return texts_of(where, values, first)


def texts_of(where: str, values: AnyArray, first: int) -> AnyArray:
    """The values as text; `first` is the row of the first of them.

    Raises
    ------
    DatasetError
        If they are bytes that are not UTF-8, or of a type that cannot be written as text.
    """
    if values.dtype.kind == "S":
        try:
            return np.char.decode(cast(Any, values), "utf-8")
        except UnicodeDecodeError:
            row = next(row for row, one in enumerate(values.tolist()) if not _is_utf8(one))
            raise DatasetError(f"{where}: row {first + row} is not UTF-8 text; save it as numpy.str_") from None
    try:
        return values.astype(np.str_, copy=False)  # dates, too
    except (TypeError, ValueError, UnicodeError) as error:
        raise DatasetError(f"{where} holds {values.dtype}, which cannot be read as text; save it as text") from error


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
