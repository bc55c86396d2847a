"""Sprite sheets: a square grid whose cell i is image i by TensorBoard's own rule."""

import math
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from embviz import sprites
from embviz.errors import InputError
from embviz.sprites import read_sprite_png, sprite_sheet, thumbnails, write_sprite_png


def random_images(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)


def drawn_by_tensorboard(pixels: np.ndarray, cell: int, item: int) -> np.ndarray:
    """Part of a sheet by TensorBoard's scatterPlotVisualizerSprites.ts.

    It says vec2(mod(i, spritesPerRow), floor(i / spritesPerColumn)).
    """
    height, width = pixels.shape[:2]
    x, y = math.fmod(item, width / cell), math.floor(item / (height / cell))
    return pixels[int(y) * cell : int(y + 1) * cell, int(x) * cell : int(x + 1) * cell]


@pytest.mark.parametrize("n", [1, 2, 10, 99, 101])
@pytest.mark.parametrize("colors", [(), (3,)])
def test_the_shader_draws_image_i_for_item_i(n: int, colors: tuple[int, ...]) -> None:
    images = random_images(n, 6, 6, *colors)
    sheet = sprite_sheet(images)
    assert sheet.columns == math.ceil(math.sqrt(n))
    assert sheet.pixels.shape == (sheet.columns * 6, sheet.columns * 6, *colors)
    assert all(np.array_equal(drawn_by_tensorboard(sheet.pixels, sheet.cell, i), images[i]) for i in range(n))


@pytest.mark.parametrize(("height", "width"), [(3, 7), (7, 3), (4, 5)])
def test_images_that_are_not_square_are_centered_on_paper(height: int, width: int) -> None:
    images = random_images(2, height, width)
    squares = thumbnails(images, max(height, width))
    top, left = (squares.shape[1] - height) // 2, (squares.shape[2] - width) // 2
    assert np.array_equal(squares[:, top : top + height, left : left + width], images)
    assert squares.sum(dtype=np.int64) == images.sum(dtype=np.int64)


def test_a_sheet_too_large_for_tensorboard_is_reduced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sprites, "MAX_SIDE", 50)
    sheet = sprite_sheet(random_images(17, 28, 28))
    assert (sheet.columns, sheet.cell, sheet.pixels.shape) == (5, 10, (50, 50))


def test_reduced_images_keep_to_their_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sprites, "MAX_SIDE", 57)
    checkered = np.zeros((9, 28, 28), np.uint8)
    checkered[::2] = 255
    sheet = sprite_sheet(checkered)
    assert sheet.cell == 19
    for i in range(9):
        assert (drawn_by_tensorboard(sheet.pixels, 19, i) == 255 * (i % 2 == 0)).all()


def test_reducing_by_a_whole_factor_averages_blocks() -> None:
    images = random_images(3, 8, 8, 3)
    blocks = images.reshape(3, 4, 2, 4, 2, 3).mean(axis=(2, 4))
    assert np.abs(thumbnails(images, 4) - blocks).max() <= 0.5


def averaged_by_definition(image: np.ndarray, cell: int) -> np.ndarray:
    """The mean of the area that each new pixel covers, from an image whose pixels are each cut into cell x cell."""
    side = len(image)
    fine = image.astype(np.int64).repeat(cell, axis=0).repeat(cell, axis=1)
    return fine.reshape(cell, side, cell, side, *image.shape[2:]).mean(axis=(1, 3))


@pytest.mark.parametrize(("side", "cell"), [(10, 9), (9, 4), (7, 1), (28, 25)])
@pytest.mark.parametrize("colors", [(), (3,)])
@pytest.mark.parametrize("block", [1, 1000, 10**6])
def test_an_image_is_reduced_the_same_whatever_it_is_reduced_with(
    side: int, cell: int, colors: tuple[int, ...], block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sprites, "BLOCK", block)
    images = random_images(12, side, side, *colors)
    together = thumbnails(images, cell)
    for row, image in enumerate(images):
        assert np.array_equal(thumbnails(images[row : row + 1], cell)[0], together[row])
        assert np.abs(together[row] - averaged_by_definition(image, cell)).max() <= 0.5
    assert np.array_equal(thumbnails(images[::-1], cell), together[::-1])


def test_large_images_are_reduced_without_taking_many_times_their_memory() -> None:
    images = np.broadcast_to(random_images(1, 1000, 1000, 3), (30, 1000, 1000, 3))  # 90 MB
    tracemalloc.start()
    reduced = thumbnails(images, 100)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert reduced.shape == (30, 100, 100, 3)
    assert most < 3 * images.nbytes


def test_more_images_than_pixels_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sprites, "MAX_SIDE", 3)
    with pytest.raises(InputError, match=r"10 images do not fit .* 3 x 3 pixels; export a sample"):
        sprite_sheet(random_images(10, 2, 2))


def test_no_images_are_refused() -> None:
    with pytest.raises(InputError, match="at least one image"):
        sprite_sheet(np.zeros((0, 4, 4), np.uint8))


def test_ink_is_opacity_in_the_file(tmp_path: Path) -> None:
    sheet = sprite_sheet(random_images(5, 9, 9))
    write_sprite_png(tmp_path / "sprite.png", sheet)
    with Image.open(tmp_path / "sprite.png") as image:
        shown = np.asarray(image.convert("RGBA"))
    assert np.array_equal(shown[..., 3], sheet.pixels)
    assert (shown[..., :3] == sprites.STROKE_GRAY).all()
    assert np.array_equal(read_sprite_png(tmp_path / "sprite.png"), sheet.pixels)


def test_colors_are_opaque_in_the_file(tmp_path: Path) -> None:
    sheet = sprite_sheet(random_images(5, 9, 9, 3))
    write_sprite_png(tmp_path / "sprite.png", sheet)
    with Image.open(tmp_path / "sprite.png") as image:
        assert image.mode == "RGB"
    assert np.array_equal(read_sprite_png(tmp_path / "sprite.png"), sheet.pixels)
