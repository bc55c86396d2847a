"""A sprite sheet: every item's image in one picture, row by row from the top left."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from embviz.arrays import UInt8Array, check_memory
from embviz.datasets.files.opened import opened
from embviz.errors import DatasetError
from embviz.progress import Progress

if TYPE_CHECKING:
    from PIL import Image

LARGEST_CELL = 8192
"""Most pixels of a side of one image."""

_PAPER = 255


@dataclass(frozen=True, slots=True)
class SpriteFile:
    """A sprite sheet, before its images are read.

    Attributes
    ----------
    path
        The file.
    n
        Number of images in it that are items.
    cell
        Width and height of one image in pixels.
    columns
        Number of images in one row of the sheet.
    kind
        What is read of a pixel: ``opacity`` if everything is drawn in one color, else ``gray`` or ``color``.
    notes
        What was guessed, in words.
    """

    path: Path
    n: int
    cell: tuple[int, int]
    columns: int
    kind: str
    notes: tuple[str, ...] = ()

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of one image: height and width, and 3 if it is in color."""
        width, height = self.cell
        return (height, width, 3) if self.kind == "color" else (height, width)


def sprite_file(path: Path, n: int, cell: tuple[int, int], *, is_ink: bool = False) -> SpriteFile:
    """Sprite sheet with the kind of its images, which is found by looking at all of them, unless `is_ink`.

    The sheet may be wider and higher than the images need. If everything is drawn in one color on
    a transparent ground, the opacity is the image; embviz writes such sheets.

    Parameters
    ----------
    path
        A file of type PNG, JPEG, GIF or BMP.
    n
        Number of images wanted, one per item.
    cell
        Width and height of one image in pixels.
    is_ink
        Whether it is known that the opacity is the image.

    Raises
    ------
    DatasetError
        If it is not such a picture, too large, or has room for fewer images.
    """
    width, height = cell
    if not (0 < width <= LARGEST_CELL and 0 < height <= LARGEST_CELL):
        raise DatasetError(
            f"{path} holds images of {width:,} x {height:,} pixels by its config, expected 1..{LARGEST_CELL:,}; "
            "correct single_image_dim: width and height"
        )
    with _picture(path) as picture:
        columns, rows = picture.width // width, picture.height // height
        if columns * rows < n:
            raise DatasetError(
                f"{path} has {picture.width:,} x {picture.height:,} pixels, room for {columns * rows:,} images of "
                f"{width} x {height}, but there are {n:,} items; correct single_image_dim, or write the sheet again"
            )
        if is_ink:
            return SpriteFile(path, n, cell, columns, "opacity")
        kind, notes = _kind(path, picture, n, cell, columns)
    return SpriteFile(path, n, cell, columns, kind, notes)


def sprite_images(sprite: SpriteFile, rows: slice, progress: Progress) -> UInt8Array:
    """The images of some rows, uint8 of shape (m, *sprite.shape); dark and light are not inverted.

    Raises
    ------
    DatasetError
        If the file cannot be read.
    """
    start, stop, _ = rows.indices(sprite.n)
    check_memory(str(sprite.path), (max(stop - start, 0), *sprite.shape), np.uint8, DatasetError)
    images = np.empty((max(stop - start, 0), *sprite.shape), np.uint8)
    with _picture(sprite.path) as picture:
        for first in range(start // sprite.columns * sprite.columns, stop, sprite.columns):
            progress(f"Reading {sprite.path.name}", max(first - start, 0), len(images))
            strip = _strip(picture, sprite.n, sprite.cell, sprite.columns, first)
            drawn = _drawn(strip, sprite.kind)[max(start - first, 0) : stop - first]
            at = max(first - start, 0)
            images[at : at + len(drawn)] = drawn
    return images


def _kind(
    path: Path, picture: "Image.Image", n: int, cell: tuple[int, int], columns: int
) -> tuple[str, tuple[str, ...]]:
    is_gray = is_opaque = has_one_color = True
    color = None
    for first in range(0, n, columns):
        strip = _strip(picture, n, cell, columns, first)
        seen = strip[strip[..., 3] > 0]
        if len(seen):
            color = seen[0, :3] if color is None else color
            has_one_color = has_one_color and bool((seen[:, :3] == color).all())
            is_gray = is_gray and bool((seen[:, :1] == seen[:, 1:3]).all())
        is_opaque = is_opaque and bool((strip[..., 3] == _PAPER).all())
        if not (is_gray or is_opaque or has_one_color):
            break
    if has_one_color and not is_opaque:
        return "opacity", (f"{path.name} is drawn in one color on a transparent ground: its opacity is shown",)
    notes = () if is_opaque else (f"transparent parts of {path.name} are shown white",)
    return ("gray" if is_gray else "color"), notes


def _strip(picture: "Image.Image", n: int, cell: tuple[int, int], columns: int, first: int) -> UInt8Array:
    """The images of one row of the sheet, shape (m, h, w, 4)."""
    width, height = cell
    count = min(columns, n - first)
    top = first // columns * height
    part = picture.crop((0, top, count * width, top + height))
    if part.mode.startswith("I"):  # 16 bits a pixel, of which the upper 8 are kept
        from PIL import Image

        part = Image.fromarray((np.asarray(part).astype(np.int64) >> 8).clip(0, 255).astype(np.uint8))
    pixels = np.asarray(part.convert("RGBA"))
    return pixels.reshape(height, count, width, 4).swapaxes(0, 1)


def _drawn(strip: UInt8Array, kind: str) -> UInt8Array:
    if kind == "opacity":
        return strip[..., 3]
    colors, opacity = strip[..., :3], strip[..., 3:]
    if (opacity < _PAPER).any():
        cover = opacity.astype(np.uint16)
        colors = ((colors * cover + _PAPER * (_PAPER - cover) + _PAPER // 2) // _PAPER).astype(np.uint8)
    return colors[..., 0] if kind == "gray" else colors


@contextmanager
def _picture(path: Path) -> "Iterator[Image.Image]":
    """The picture with its pixels read; DatasetError if it is broken or unusually large."""
    from PIL import Image, UnidentifiedImageError

    with opened(path) as file, warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            picture = Image.open(file, formats=("PNG", "JPEG", "GIF", "BMP"))
            picture.load()
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
            raise DatasetError(f"{path} has more pixels than a sheet may have; make its images smaller") from error
        except (OSError, ValueError, SyntaxError) as error:
            reason = "it is not a PNG, JPEG, GIF or BMP" if isinstance(error, UnidentifiedImageError) else error
            raise DatasetError(f"{path} is not a complete picture ({reason!s:.80}); write the sheet again") from error
        yield picture
