"""Sprite sheets of every kind of picture give each item its own image."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from embviz.arrays import UInt8Array
from embviz.datasets.files.projector.sprites import sprite_file, sprite_images
from embviz.progress import no_progress
from tests.unit.datasets.files.glyphs import glyphs

N = 7


def sheet_of(images: UInt8Array, columns: int = 3, extra: int = 0) -> UInt8Array:
    """Images row by row in a sheet that is a little larger than they need."""
    n, height, width, *colors = images.shape
    rows = -(-n // columns) + extra
    sheet = np.zeros((rows * height + extra, columns * width + extra, *colors), np.uint8)
    for item, image in enumerate(images):
        top, left = item // columns * height, item % columns * width
        sheet[top : top + height, left : left + width] = image
    return sheet


def transparent(ink: UInt8Array, color: tuple[int, int, int]) -> UInt8Array:
    drawn = np.zeros((*ink.shape, 4), np.uint8)
    drawn[..., :3], drawn[..., 3] = color, ink
    return drawn


INK = glyphs(N)
COLORS = np.stack([INK, 255 - INK, INK // 2], axis=3)
KINDS = {
    "gray": (Image.fromarray(sheet_of(INK)), INK),
    "color": (Image.fromarray(sheet_of(COLORS)), COLORS),
    "gray as color": (Image.fromarray(sheet_of(np.stack([INK] * 3, axis=3))), INK),
    "gray with opacity": (Image.fromarray(sheet_of(np.stack([INK] * 3 + [np.full_like(INK, 255)], axis=3))), INK),
    "white strokes on nothing": (Image.fromarray(sheet_of(transparent(INK, (255, 255, 255)))), INK),
    "red strokes on nothing": (Image.fromarray(sheet_of(transparent(INK, (200, 10, 10)))), INK),
    "black strokes on nothing": (Image.fromarray(sheet_of(transparent(INK, (0, 0, 0)))), INK),
    "larger than need be": (Image.fromarray(sheet_of(INK, 4, extra=3)), INK),
    "a single row": (Image.fromarray(sheet_of(INK, N)), INK),
    "a single column": (Image.fromarray(sheet_of(INK, 1)), INK),
    "a palette": (Image.fromarray(sheet_of(INK)).convert("P"), INK),
    "16 bits": (Image.fromarray(sheet_of(INK).astype(np.uint16) * 257), INK),
}


@pytest.mark.parametrize(("picture", "images"), KINDS.values(), ids=KINDS)
def test_every_item_gets_its_own_image(picture: Image.Image, images: UInt8Array, tmp_path: Path) -> None:
    path = tmp_path / "sprite.png"
    picture.save(path)
    sprite = sprite_file(path, N, (5, 7))
    assert sprite.shape == images.shape[1:]
    for rows in (slice(None), slice(2, 5), slice(6, 7), slice(3, 3)):
        assert np.array_equal(sprite_images(sprite, rows, no_progress), images[rows])


def test_colors_that_let_the_page_through_lie_on_white(tmp_path: Path) -> None:
    drawn = np.concatenate([COLORS, np.full((*INK.shape, 1), 255, np.uint8)], axis=3)
    drawn[:, 0, 0] = (90, 10, 10, 0)
    drawn[:, 1, 1] = (0, 100, 200, 51)
    path = tmp_path / "sprite.png"
    Image.fromarray(sheet_of(drawn)).save(path)
    sprite = sprite_file(path, N, (5, 7))
    images = sprite_images(sprite, slice(None), no_progress)
    assert images[:, 0, 0].tolist() == [[255, 255, 255]] * N
    assert images[:, 1, 1].tolist() == [[204, 224, 244]] * N
    assert sprite.notes == ("transparent parts of sprite.png are shown white",)


def test_a_jpeg_is_nearly_the_same(tmp_path: Path) -> None:
    large = np.kron(INK, np.ones((1, 8, 8), np.uint8))
    path = tmp_path / "sprite.jpg"
    Image.fromarray(sheet_of(large)).save(path, quality=95)
    images = sprite_images(sprite_file(path, N, (40, 56)), slice(None), no_progress)
    assert np.abs(images.astype(int) - large).mean() < 2


def test_what_lies_beyond_the_items_says_nothing_of_them(tmp_path: Path) -> None:
    sheet = sheet_of(np.stack([INK] * 3, axis=3), extra=1)
    sheet[-8:] = (255, 0, 0)
    path = tmp_path / "sprite.png"
    Image.fromarray(sheet).save(path)
    assert sprite_file(path, N, (5, 7)).kind == "gray"
