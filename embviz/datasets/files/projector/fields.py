"""Fields of the items that a projector config describes: columns, images, vectors, layouts."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from embviz.arrays import AnyArray, UInt8Array
from embviz.datasets.files.contents import Field
from embviz.datasets.files.projector.bookmarks import bookmarks_of
from embviz.datasets.files.projector.exported import Exported
from embviz.datasets.files.projector.metadata import column_dtype, column_values, metadata_of, text_dtype
from embviz.datasets.files.projector.sprites import SpriteFile, sprite_file, sprite_images
from embviz.datasets.files.projector.tensors import TensorFile, tensor_names, tensor_rows
from embviz.errors import DatasetError
from embviz.progress import Progress

if TYPE_CHECKING:
    import pyarrow

Found = tuple[list[Field], list[str]]
"""Fields, and notes on them."""

_TYPES = {"int64": np.dtype(np.int64), "float64": np.dtype(np.float64), "bool": np.dtype(np.bool_)}


def column_fields(path: Path, n: int, exported: Exported | None) -> Found:
    """Columns of a metadata file; in an export by embviz, they get the names and types that they had in the dataset.

    Raises
    ------
    DatasetError
        If the file does not have one line per item, or does not fit `exported`.
    """
    metadata = metadata_of(path, n)
    fields = []
    for header, texts in metadata.columns.items():
        if exported and len(metadata.columns) == 1:  # without a header, and embviz writes the ids
            header = "id"
        if exported and header == "label" and exported.class_names:
            fields.append(_label_field(path, texts, exported))
            continue
        name, kind = exported.columns.get(header, (header, "")) if exported else (header, "")
        free = name if name and name not in metadata.columns else header
        fields.append(_column_field(free, texts, kind))
    for name, (kind, cell) in (exported.constants if exported else {}).items():
        import pyarrow

        if name not in metadata.columns:
            fields.append(
                _column_field(name, pyarrow.chunked_array([pyarrow.array([cell] * n, pyarrow.string())]), kind)
            )
    return fields, list(metadata.notes)


def image_field(path: Path, n: int, cell: tuple[int, int], exported: Exported | None) -> Found:
    """The images of a sprite sheet, without the margin that an export by embviz has put around them.

    Raises
    ------
    DatasetError
        If it is not a picture, or has no room for so many images.
    """
    shape = exported.image_shape if exported else ()
    sprite = sprite_file(path, n, cell, is_ink=len(shape) == 2)
    height, width = shape[:2] or sprite.shape[:2]
    notes = list(sprite.notes)
    if max(height, width) > max(cell):
        notes.append(f"images were {height} x {width} pixels, and are {cell[1]} x {cell[0]} in {path.name}")
        height, width = sprite.shape[:2]
    margins = (cell[1] - height) // 2, (cell[0] - width) // 2
    part = slice(margins[0], margins[0] + height), slice(margins[1], margins[1] + width)
    of_one = (height, width, *sprite.shape[2:])
    field = Field("images", "images", of_one, np.dtype(np.uint8), partial(_images, sprite, part))
    return [field], notes


def vector_fields(name: str, tensor: TensorFile) -> list[Field]:
    """The vectors of a tensor, and the names at the beginning of its lines, where it has them."""
    read = partial(tensor_rows, tensor)
    vectors = Field(name, "vectors", tensor.shape[1:], np.dtype(np.float32), read)
    if not tensor.has_names:
        return [vectors]
    return [Field(f"{name} names", "column", (), np.dtype(np.str_), partial(_names, tensor)), vectors]


def layout_fields(path: Path, n: int) -> Found:
    """The layouts of a bookmark file.

    Raises
    ------
    DatasetError
        If it is not a bookmark file, or has coordinates of other items.
    """
    bookmarks = bookmarks_of(path, n)
    fields = []
    notes = list(bookmarks.notes)
    for layout in bookmarks.layouts:
        coords = layout.coords
        fields.append(Field(layout.name, "layout", coords.shape[1:], coords.dtype, partial(_part, coords)))
        if missing := int(np.isnan(coords).any(axis=1).sum()):
            notes.append(f"layout {layout.name!r:.60} has positions for {n - missing:,} of {n:,} items")
    return fields, notes


def _column_field(name: str, texts: "pyarrow.ChunkedArray", kind: str) -> Field:
    dtype = _TYPES.get(kind) or (text_dtype(texts) if kind == "text" else column_dtype(texts))
    return Field(name, "column", (), dtype, partial(_column, name, texts, dtype))


def _label_field(path: Path, texts: "pyarrow.ChunkedArray", exported: Exported) -> Field:
    """A column of class codes, by the text that stands for each class in the metadata."""
    from pyarrow import array, compute

    codes = compute.index_in(texts, array(exported.class_cells)).combine_chunks()
    if codes.null_count:
        row = codes.is_null().to_pylist().index(True)
        raise DatasetError(
            f"{path}: the label of row {row} is {texts[row].as_py()!r:.60}, not a class that embviz.json names; "
            "remove embviz.json to open the table as it is"
        )
    codes = np.from_dlpack(codes).astype(np.int64)
    return Field("label", "column", (), codes.dtype, partial(_part, codes), exported.class_names)


def _column(
    name: str, texts: "pyarrow.ChunkedArray", dtype: np.dtype[np.generic], rows: slice, _: Progress
) -> AnyArray:
    start, stop, _step = rows.indices(len(texts))
    return column_values(name, texts[start:stop], dtype)


def _names(tensor: TensorFile, rows: slice, _: Progress) -> AnyArray:
    return tensor_names(tensor, rows)


def _part(values: AnyArray, rows: slice, _: Progress) -> AnyArray:
    return values[rows]


def _images(sprite: SpriteFile, part: tuple[slice, slice], rows: slice, progress: Progress) -> UInt8Array:
    images: UInt8Array = sprite_images(sprite, rows, progress)[:, part[0], part[1]]
    return images
