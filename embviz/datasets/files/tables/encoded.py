"""Image files in the cells of a column: bytes, or bytes and a path as Hugging Face's datasets keep them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from embviz.arrays import AnyArray, check_memory
from embviz.datasets.files.contents import Field
from embviz.datasets.files.pictures.contents import LONGEST_SIDE
from embviz.datasets.files.pictures.frame import frame_of
from embviz.datasets.files.pictures.look import BrokenPictureError, Facts, facts_of, picture_format
from embviz.datasets.files.pictures.pixels import ink_is_light, pixels
from embviz.datasets.files.tables.cells import stored_type, stored_values
from embviz.datasets.files.tables.table import Table
from embviz.errors import DatasetError
from embviz.progress import Progress, no_progress

if TYPE_CHECKING:
    import pyarrow

_FIRST_ROWS = 16


def holds_bytes(kind: "pyarrow.DataType") -> bool:
    """Whether cells of this type may hold image files."""
    import pyarrow

    if pyarrow.types.is_struct(kind):
        return kind.get_field_index("bytes") >= 0 and holds_bytes(stored_type(kind.field("bytes").type))
    return bool(
        pyarrow.types.is_binary(kind) or pyarrow.types.is_large_binary(kind) or pyarrow.types.is_binary_view(kind)
    )


def encoded_images(table: Table, name: str, progress: Progress) -> tuple[Field, list[str]] | None:
    """Field of a column of image files, and notes on how they get one size; None if the cells are not images.

    Raises
    ------
    DatasetError
        If an image is missing or broken.
    """
    example = next((data for _, data in _files(table, name, slice(0, _FIRST_ROWS), no_progress) if data), b"")
    if not picture_format(example):
        return None
    where = f"{table.where}: column {name!r}"
    facts: list[Facts] = []
    for row, data in _files(table, name, slice(None), progress):
        try:
            facts.append(facts_of(data))
        except BrokenPictureError as error:
            raise _refused(where, row, error) from error
    frame, notes = frame_of(facts, LONGEST_SIDE, lambda: ink_is_light(example, facts_of(example)))

    def read(rows: slice, progress: Progress) -> AnyArray:
        start, stop, _ = rows.indices(table.n)
        check_memory(where, (stop - start, *frame.shape), np.uint8, DatasetError)
        images = np.empty((stop - start, *frame.shape), np.uint8)
        for row, data in _files(table, name, rows, progress):
            try:
                images[row - start] = pixels(data, facts[row], frame)
            except BrokenPictureError as error:
                raise _refused(where, row, error) from error
        return images

    return Field(name, "images", frame.shape, np.dtype(np.uint8), read), notes


def _files(table: Table, name: str, rows: slice, progress: Progress) -> Iterator[tuple[int, bytes]]:
    """Row and content of each file; empty where there is none."""
    row, _, _ = rows.indices(table.n)
    for batch in table.batches([name], rows, progress):
        cells = stored_values(batch.column(0))
        if cells.type.num_fields:
            cells = stored_values(cells.field("bytes"))
        for data in cells:
            yield row, data.as_py() or b""
            row += 1


def _refused(where: str, row: int, error: BrokenPictureError) -> DatasetError:
    return DatasetError(f"{where}: the image of row {row} cannot be shown: {error}; leave the row out")
