"""Reader of a sprite sheet, one image with the images of all items in a grid, row by row from the top left."""

from pathlib import Path

import numpy as np

from embviz.arrays import UInt8Array, check_memory
from embviz.datasets.files.contents import Contents, Field
from embviz.datasets.files.pictures.look import BrokenPictureError, Facts, facts_of, opened_picture
from embviz.datasets.files.pictures.pixels import Frame, ink_is_light, pixels
from embviz.datasets.files.pictures.scan import FORMATS, MOST_BYTES, counted
from embviz.datasets.named.folders import text_of
from embviz.errors import DatasetError
from embviz.progress import Progress
from embviz.storage.files import opened_file

_USUAL_SIDES = (28, 32, 64, 16, 20, 24, 48, 50, 96, 100, 128, 8)


def sprite_contents(path: Path, height: int, width: int, n: int | None = None) -> Contents:
    """Contents of a sprite sheet as TensorBoard's projector uses it.

    Parameters
    ----------
    path
        Path of the image file.
    height, width
        Size of one tile in pixels, >= 1. TensorBoard's ``single_image_dim`` has the width first.
    n
        Number of tiles that are images, >= 1; if None, blank tiles at the end are left out, and a note says so.

    Raises
    ------
    DatasetError
        If it is not an image, is broken, does not consist of whole tiles of that size, or has fewer than n.
    """
    if min(height, width, 1 if n is None else n) < 1:
        raise DatasetError(f"tiles of {width} × {height} and {n} images cannot be; give numbers from 1")
    sheet, notes = _sheet(path)
    sheet_height, sheet_width = sheet.shape[:2]
    if sheet_height % height or sheet_width % width:
        raise DatasetError(
            f"{path} has {sheet_width:,} × {sheet_height:,} pixels (width × height), which is not a grid of tiles of "
            f"{width:,} × {height:,}; {_advice(sheet_height, sheet_width)}"
        )
    columns = sheet_width // width
    n_tiles = columns * (sheet_height // height)
    if n is None:
        n = n_tiles - _blank_at_end(sheet, height, width)
        if n < n_tiles:
            notes.append(
                f"{counted(n_tiles - n, 'tile')} left out at the end of the sheet, as all their pixels are alike."
            )
    if n > n_tiles:
        raise DatasetError(f"{path} has {n_tiles:,} tiles, but {n:,} items belong to it; give the sheet of these items")
    n_images = n

    def read(rows: slice, progress: Progress) -> UInt8Array:
        wanted = range(n_images)[rows]
        images = np.empty((len(wanted), height, width, *sheet.shape[2:]), np.uint8)
        for place, tile in enumerate(wanted):
            top, left = tile // columns * height, tile % columns * width
            images[place] = sheet[top : top + height, left : left + width]
        return images

    field = Field("image", "images", (height, width, *sheet.shape[2:]), np.dtype(np.uint8), read)
    return Contents(text_of(path.stem), n, (field,), (), tuple(notes))


def _sheet(path: Path) -> tuple[UInt8Array, list[str]]:
    """The pixels of the sheet, gray if all of them are, and notes."""
    try:
        with opened_file(path) as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise DatasetError(f"cannot read {path}: {error.strerror or error}; give an image file") from error
    try:
        facts = facts_of(data)
        check_memory("the sprite sheet", (facts.height, facts.width, 4), np.uint8, DatasetError)
        sheet, note = _with_ground(data, facts) if facts.has_alpha else (pixels(data, facts, _frame(facts)), "")
    except BrokenPictureError as error:
        raise DatasetError(f"{path} cannot be shown: {error}; give {FORMATS}") from error
    if sheet.ndim == 3 and (sheet[:, :, :1] == sheet[:, :, 1:]).all():
        return np.ascontiguousarray(sheet[:, :, 0]), [note] if note else []
    return sheet, [note] if note else []


def _with_ground(data: bytes, facts: Facts) -> tuple[UInt8Array, str]:
    """The pixels of a sheet that may have transparent parts, and a note on what is shown there."""
    try:
        with opened_picture(data, facts.format) as image:
            colors = np.asarray(image.convert("RGBA"))
    except Exception as error:  # Pillow raises a dozen kinds of errors where a file is broken
        raise BrokenPictureError("it cannot be decoded") from error
    opacity = colors[:, :, 3]
    if opacity.min() == 255:
        return np.ascontiguousarray(colors[:, :, :3]), ""
    seen = colors[:, :, :3][opacity > 0]
    if len(seen) and (seen == seen[0]).all():
        return np.ascontiguousarray(opacity), "The sheet is drawn in one color; its opacity is shown."
    is_light = ink_is_light(data, facts)
    note = f"What is transparent in the sheet is shown {'black' if is_light else 'white'}."
    return pixels(data, facts, _frame(facts, background=0 if is_light else 255)), note


def _frame(facts: Facts, background: int = 255) -> Frame:
    return Frame(facts.height, facts.width, facts.is_gray, background)


def _blank_at_end(sheet: UInt8Array, height: int, width: int) -> int:
    """Number of tiles at the end whose pixels all equal the last pixel of the sheet; 0 if all tiles are like that."""
    rows, columns = sheet.shape[0] // height, sheet.shape[1] // width
    blank = sheet[-1, -1]
    n = 0
    for row in reversed(range(rows)):
        stripe = sheet[row * height : (row + 1) * height].reshape(height, columns, -1)
        is_blank = (stripe == np.tile(blank, width)).all(axis=(0, 2))
        if not is_blank.all():
            return n + int(np.argmin(is_blank[::-1]))
        n += columns
    return 0


def _advice(height: int, width: int) -> str:
    fitting = [side for side in _USUAL_SIDES if not height % side and not width % side]
    return f"the size of one image may be {fitting[0]} × {fitting[0]}" if fitting else "give the size of one image"
