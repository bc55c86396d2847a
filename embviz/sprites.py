"""Sprite sheets: all images of a dataset in one square grid, from which TensorBoard's projector draws them."""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from embviz.arrays import Float64Array, UInt8Array, frozen_array, summary
from embviz.errors import InputError
from embviz.progress import Progress, blocks_of, no_progress

MAX_SIDE = 8192
"""Largest number of pixels per side of a sheet; TensorBoard refuses a larger one."""

STROKE_GRAY = 180
"""Brightness of strokes, 0..255.

White strokes would show the class colors best, but TensorBoard first shows points without colors on a white page,
where white strokes cannot be seen.
"""

BLOCK = 2**22
"""Number of pixel values that are reduced at a time; as float64 they take 32 MiB."""


@dataclass(frozen=True, eq=False, slots=True, repr=False)
class SpriteSheet:
    """A sprite sheet: images in a square grid, row by row from the top left; cell i is image i.

    Attributes
    ----------
    pixels
        uint8, shape (s, s) or (s, s, 3) with s = columns * cell <= 8192. 0 is paper, 255 is ink.
    columns
        Number of cells per row, and of rows: the smallest square that holds all images.
    cell
        Side of one cell in pixels: the longer side of the images, or less if the sheet would exceed 8192 pixels.
    """

    pixels: UInt8Array
    columns: int
    cell: int

    __repr__ = summary

    def __post_init__(self) -> None:
        side = self.columns * self.cell
        shape = (side, side, *self.pixels.shape[2:])
        object.__setattr__(self, "pixels", frozen_array("sprite sheet", self.pixels, np.uint8, shape))


def sprite_sheet(images: UInt8Array, *, progress: Progress = no_progress) -> SpriteSheet:
    """All images as one sheet; they are reduced in size if the sheet would exceed 8192 pixels.

    The grid must be square, because TensorBoard's shader finds the row of a cell by dividing by the number of *rows*.
    It draws square cells, so other images get an even margin of paper.

    Parameters
    ----------
    images
        uint8, shape (n, h, w) or (n, h, w, 3).
    progress
        Called with stage ``sprite sheet``.

    Raises
    ------
    InputError
        If there is no image, or so many that less than one pixel is left for each.

    Examples
    --------
    >>> sheet = sprite_sheet(np.array([[[1]], [[2]], [[3]]], dtype=np.uint8))
    >>> sheet.columns, sheet.cell, sheet.pixels.tolist()
    (2, 1, [[1, 2], [3, 0]])
    """
    if images.size == 0:
        raise InputError(f"a sprite sheet needs at least one image of at least one pixel, got shape {images.shape}")
    n = len(images)
    columns = math.isqrt(n - 1) + 1
    cell = min(max(images.shape[1:3]), MAX_SIDE // columns)
    if cell == 0:
        raise InputError(f"{n} images do not fit a sheet of {MAX_SIDE} x {MAX_SIDE} pixels; export a sample")
    pixels = np.zeros((columns * cell, columns * cell, *images.shape[3:]), dtype=np.uint8)
    for row, strip_of in enumerate(blocks_of("sprite sheet", n, columns, progress)):
        strip = thumbnails(images[strip_of], cell)
        line = strip.swapaxes(0, 1).reshape(cell, len(strip) * cell, *images.shape[3:])
        pixels[row * cell : (row + 1) * cell, : line.shape[1]] = line
    return SpriteSheet(pixels=pixels, columns=columns, cell=cell)


def thumbnails(images: UInt8Array, cell: int) -> UInt8Array:
    """The images, each centered on a square of paper and averaged down to `cell` pixels a side.

    Parameters
    ----------
    images
        uint8, shape (n, h, w) or (n, h, w, 3).
    cell
        Side of the squares in pixels, at most the longer side of the images: nothing is enlarged.

    Examples
    --------
    >>> thumbnails(np.array([[[10, 20]]], dtype=np.uint8), 2).tolist()
    [[[10, 20], [0, 0]]]
    >>> thumbnails(np.array([[[10, 20], [30, 40]]], dtype=np.uint8), 1).tolist()
    [[[25]]]
    """
    n, height, width, *colors = images.shape
    side = max(height, width)
    top, left = (side - height) // 2, (side - width) // 2
    square = np.zeros((n, side, side, *colors), dtype=np.uint8)
    square[:, top : top + height, left : left + width] = images
    if cell == side:
        return square
    reduced = np.empty((n, cell, cell, *colors), np.uint8)
    step = max(1, BLOCK // square[0].size)
    for start in range(0, n, step):
        part = square[start : start + step]
        reduced[start : start + step] = _averages(part.reshape(*part.shape[:3], -1), cell).reshape(
            -1, cell, cell, *colors
        )
    return reduced


def _averages(images: UInt8Array, cell: int) -> UInt8Array:
    """The images, shape (n, side, side, c), reduced to `cell` pixels a side, each the average of the area it covers.

    Sums are of whole numbers below 2**53, and so exact: the result for an image does not depend on the images reduced
    together with it. So a sheet that was written can be checked by making it again.
    """
    from scipy.sparse import csr_array

    n, side, _, colors = images.shape
    weights = csr_array(_coverage(side, cell))
    rows = weights @ images.transpose(1, 0, 2, 3).reshape(side, -1)
    columns = weights @ rows.reshape(cell, n, side, colors).transpose(2, 0, 1, 3).reshape(side, -1)
    averages: UInt8Array = np.rint(columns / side**2).astype(np.uint8).reshape(cell, cell, n, colors)
    return averages.transpose(2, 1, 0, 3)


def _coverage(side: int, cell: int) -> Float64Array:
    """The share of each of `side` old pixels in each of `cell` new ones, in units of 1 / cell; shape (cell, side)."""
    edges, pixels = np.arange(cell + 1)[:, None] * side, np.arange(side) * cell
    overlap = np.minimum(edges[1:], pixels + cell) - np.maximum(edges[:-1], pixels)
    return np.asarray(np.clip(overlap, 0, None), np.float64)


def shader_cell(pixels: UInt8Array, cell: int, item: int) -> UInt8Array:
    """The part of a sheet that TensorBoard's vertex shader draws for `item`.

    The shader takes column ``mod(item, cells per row)`` and row ``floor(item / cells per column)``, which is right for
    square grids only.

    Examples
    --------
    >>> shader_cell(np.array([[1, 2], [3, 0]], dtype=np.uint8), 1, 2).tolist()
    [[3]]
    """
    per_row, per_column = pixels.shape[1] // cell, pixels.shape[0] // cell
    left, top = item % per_row * cell, item // per_column * cell
    return pixels[top : top + cell, left : left + cell]


def write_sprite_png(path: Path, sheet: SpriteSheet) -> None:
    """Write the sheet as a PNG file: images without colors as light gray of varying opacity, others opaque.

    The opacity is the ink. TensorBoard multiplies a sprite by the color of its point, so gray digits appear in the
    color of their class, and points behind them stay visible around the strokes.
    """
    from PIL import Image

    image = Image.fromarray(sheet.pixels)
    if sheet.pixels.ndim == 3:
        image.save(path, format="PNG")
        return
    image.putpalette([STROKE_GRAY] * 3 * 256)  # one byte per pixel: its index in the palette
    image.save(path, format="PNG", transparency=bytes(range(256)))


def read_sprite_png(path: Path) -> UInt8Array:
    """The pixels of a sheet that was written by `write_sprite_png`."""
    from PIL import Image

    with Image.open(path) as image:
        return np.asarray(image)
