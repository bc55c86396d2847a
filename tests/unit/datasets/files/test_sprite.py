"""The tiles of a sprite sheet are the images of the items, in order."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from embviz.arrays import AnyArray
from embviz.datasets.files.contents import Contents
from embviz.datasets.files.sprite import sprite_contents
from embviz.errors import DatasetError
from embviz.progress import no_progress
from embviz.sprites import sprite_sheet
from tests.unit.picture_files import GLYPH, picture, saved

HEIGHT, WIDTH = GLYPH.shape


def read(contents: Contents, rows: slice = slice(None)) -> AnyArray:
    return contents.fields[0].read(rows, no_progress)


def sheet_of(images: np.ndarray, columns: int, rows: int, blank: int = 0) -> np.ndarray:
    """Tile by tile, as somebody would put them down."""
    height, width = images.shape[1:3]
    sheet = np.full((rows * height, columns * width, *images.shape[3:]), blank, np.uint8)
    for number, image in enumerate(images):
        top, left = number // columns * height, number % columns * width
        sheet[top : top + height, left : left + width] = image
    return sheet


def written(path: Path, sheet: np.ndarray, format_: str = "PNG") -> Path:
    path.write_bytes(picture(sheet, format_))
    return path


@pytest.mark.parametrize(("columns", "rows"), [(3, 3), (2, 4), (7, 1), (1, 7)])
@pytest.mark.parametrize("channels", [(), (3,)])
def test_tiles_are_images_row_after_row(columns: int, rows: int, channels: tuple[int, ...], tmp_path: Path) -> None:
    images = np.random.default_rng(0).integers(1, 256, (7, HEIGHT, WIDTH, *channels), dtype=np.uint8)
    images[0] = GLYPH[..., None] if channels else GLYPH
    contents = sprite_contents(written(tmp_path / "faces.png", sheet_of(images, columns, rows)), HEIGHT, WIDTH)
    assert (contents.name, contents.n) == ("faces", 7)
    assert contents.fields[0].shape == images.shape[1:]
    assert np.array_equal(read(contents), images)
    assert np.array_equal(read(contents, slice(2, 5)), images[2:5])


def test_our_own_sheets_are_read(tmp_path: Path) -> None:
    images = np.random.default_rng(0).integers(1, 256, (10, 6, 6), dtype=np.uint8)
    contents = sprite_contents(written(tmp_path / "a.png", sprite_sheet(images).pixels), 6, 6)
    assert np.array_equal(read(contents), images)


@pytest.mark.parametrize("blank", [0, 255, 7])
def test_blank_tiles_at_the_end_are_left_out(blank: int, tmp_path: Path) -> None:
    images = np.stack([GLYPH, GLYPH * 0 + blank, GLYPH, GLYPH])
    path = written(tmp_path / "a.png", sheet_of(images, 3, 3, blank))
    contents = sprite_contents(path, HEIGHT, WIDTH)
    assert np.array_equal(read(contents), images)
    assert contents.notes == ("5 tiles are left out at the end of the sheet, as all their pixels are alike.",)
    assert sprite_contents(path, HEIGHT, WIDTH, n=6).n == 6
    assert sprite_contents(path, HEIGHT, WIDTH, n=9).notes == ()


def test_a_sheet_of_blank_tiles_keeps_them_all(tmp_path: Path) -> None:
    assert sprite_contents(written(tmp_path / "a.png", np.zeros((24, 16), np.uint8)), HEIGHT, WIDTH).n == 4


def test_more_items_than_tiles_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="has 4 tiles, but 5 items belong to it"):
        sprite_contents(written(tmp_path / "a.png", np.zeros((24, 16), np.uint8)), HEIGHT, WIDTH, n=5)


@pytest.mark.parametrize(
    ("height", "width", "sentence"),
    [(30, 28, "not a grid of tiles of 28 × 30; .* may be 28 × 28"), (28, 57, "not a grid"), (0, 28, "numbers from 1")],
)
def test_a_size_that_does_not_fill_the_sheet_is_refused(height: int, width: int, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=sentence):
        sprite_contents(written(tmp_path / "a.png", np.zeros((56, 56), np.uint8)), height, width)


def test_a_sheet_of_grays_in_color_is_gray(tmp_path: Path) -> None:
    """As TensorBoard's own demo has it: red, green, blue and an alpha channel that is opaque everywhere."""
    colors = np.dstack([GLYPH, GLYPH, GLYPH, np.full_like(GLYPH, 255)])
    contents = sprite_contents(written(tmp_path / "a.png", colors), HEIGHT, WIDTH)
    assert np.array_equal(read(contents), [GLYPH]) and contents.notes == ()


@pytest.mark.parametrize("ink", [0, 180, 255])
def test_of_a_sheet_drawn_in_one_color_the_opacity_is_read(ink: int, tmp_path: Path) -> None:
    drawn = np.dstack([np.full_like(GLYPH, ink), GLYPH // 2])
    contents = sprite_contents(written(tmp_path / "a.png", drawn), HEIGHT, WIDTH)
    assert np.array_equal(read(contents), [GLYPH // 2])
    assert contents.notes == ("The sheet is drawn in one color; its opacity is shown.",)


def test_what_is_transparent_behind_colors_is_said(tmp_path: Path) -> None:
    colors = np.zeros((2, 2, 4), np.uint8)
    colors[0] = [[200, 0, 0, 255], [0, 0, 200, 255]]
    contents = sprite_contents(written(tmp_path / "a.png", colors), 2, 1)
    assert read(contents).tolist() == [[[[200, 0, 0]], [[255] * 3]], [[[0, 0, 200]], [[255] * 3]]]
    assert contents.notes == ("What is transparent in the sheet is shown white.",)


def test_other_modes_are_read(tmp_path: Path) -> None:
    colors = Image.fromarray(GLYPH).convert("P")
    (tmp_path / "a.png").write_bytes(saved(colors))
    written(tmp_path / "b.png", GLYPH.astype(np.uint16) * 257)
    for name in ("a.png", "b.png"):
        assert np.array_equal(read(sprite_contents(tmp_path / name, HEIGHT, WIDTH)), [GLYPH])


@pytest.mark.parametrize(
    "content", [b"", b"<!DOCTYPE html>", picture()[:40], picture(format_="JPEG")[:-9], b"\x89PNG\r\n\x1a\n"]
)
def test_a_broken_sheet_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(content)
    with pytest.raises(DatasetError, match=r"a\.png cannot be shown: .*; give PNG"):
        sprite_contents(tmp_path / "a.png", HEIGHT, WIDTH)


def test_what_cannot_be_read_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.png", tmp_path, Path("/dev/zero")):
        with pytest.raises(DatasetError, match="cannot read"):
            sprite_contents(path, HEIGHT, WIDTH)
