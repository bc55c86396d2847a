"""Plain PNG files that are decoded together have the pixels that Pillow finds in each."""

import io
import itertools
import zlib

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from PIL import Image

from embviz.datasets.files.pictures.look import facts_of
from embviz.datasets.files.pictures.plain_png import plain_images
from tests.unit.picture_files import GLYPH, picture, png_header, png_of_chunks

FILTERS = range(5)


def png(rows: np.ndarray, filters: list[int], width: int, channels: int, pieces: int = 1) -> bytes:
    """A file whose rows say which filter they were made by; what they decode to is Pillow's business."""
    stored = b"".join(bytes([kind]) + row.tobytes() for kind, row in zip(filters, rows, strict=True))
    packed = zlib.compress(stored)
    cuts = [len(packed) * piece // pieces for piece in range(pieces + 1)]
    data = [(b"IDAT", packed[start:stop]) for start, stop in itertools.pairwise(cuts)]
    header = png_header(width, len(rows), color=2 if channels == 3 else 0)
    return png_of_chunks(header, (b"tEXt", b"a\0b"), *data, (b"IEND", b""))


def by_pillow(file: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(file)))


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("kinds", [[kind] for kind in FILTERS] + [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0]])
def test_every_filter_is_undone_as_pillow_does(kinds: list[int], channels: int) -> None:
    rng = np.random.default_rng(0)
    files = [
        png(
            rng.integers(0, 256, (10, 7 * channels), dtype=np.uint8),
            [kinds[(row + number) % len(kinds)] for row in range(10)],
            7,
            channels,
            pieces=1 + number % 3,
        )
        for number in range(30)
    ]
    shape = (10, 7, 3) if channels == 3 else (10, 7)
    images, damaged = plain_images(files, shape)
    assert damaged == [] and images.dtype == np.uint8
    assert np.array_equal(images, np.stack([by_pillow(file) for file in files]))


@given(st.data(), st.integers(1, 6), st.integers(1, 6), st.sampled_from([1, 3]), st.integers(1, 4))
@settings(max_examples=100, deadline=None)
def test_any_rows_and_filters(data: st.DataObject, height: int, width: int, channels: int, n: int) -> None:
    files = []
    for _ in range(n):
        values = data.draw(st.binary(min_size=height * width * channels, max_size=height * width * channels))
        kinds = data.draw(st.lists(st.sampled_from(FILTERS), min_size=height, max_size=height))
        files.append(png(np.frombuffer(values, np.uint8).reshape(height, -1), kinds, width, channels))
    images, damaged = plain_images(files, (height, width, 3) if channels == 3 else (height, width))
    assert damaged == []
    assert np.array_equal(images, np.stack([by_pillow(file) for file in files]).reshape(images.shape))


@pytest.mark.parametrize("options", [{}, {"optimize": True}, {"compress_level": 0}])
def test_what_pillow_writes(options: dict) -> None:
    images = np.random.default_rng(0).integers(0, 256, (20, *GLYPH.shape), dtype=np.uint8)
    images[::2] = GLYPH
    found, damaged = plain_images([picture(image, **options) for image in images], GLYPH.shape)
    assert damaged == [] and np.array_equal(found, images)


def rows(n_bytes: int) -> bytes:
    return zlib.compress(bytes(n_bytes))


@pytest.mark.parametrize(
    "packed",
    [
        b"",
        b"no deflate",
        rows(4 * 5 - 1),
        rows(4 * 5 + 1),
        rows(4 * 5)[:-6],
        rows(0),
        zlib.compress(b"\x05" + bytes(19)),
    ],
)
def test_a_damaged_file_is_told_and_the_others_are_read(packed: bytes) -> None:
    bad = png_of_chunks(png_header(4, 4), (b"IDAT", packed), (b"IEND", b""))
    good = picture(np.full((4, 4), 9, np.uint8))
    images, damaged = plain_images([good, bad, good, b""], (4, 4))
    assert damaged == [1, 3] or (damaged == [3] and packed == rows(20)[:-6])  # all values may be there nevertheless
    assert (images[[0, 2]] == 9).all()


def test_a_file_that_unpacks_to_far_more_is_not_unpacked() -> None:
    bomb = png_of_chunks(png_header(4, 4), (b"IDAT", rows(1 << 28)), (b"IEND", b""))
    assert plain_images([bomb], (4, 4))[1] == [0]


@pytest.mark.parametrize(
    ("file", "is_plain"),
    [
        (picture(), True),
        (picture(np.stack([GLYPH] * 3, axis=2)), True),
        (picture(np.stack([GLYPH] * 2, axis=2)), False),
        (picture(np.stack([GLYPH] * 4, axis=2)), False),
        (picture(GLYPH.astype(np.uint16)), False),
        (picture(GLYPH > 0), False),
        (picture(format_="JPEG"), False),
        (picture(transparency=0), False),
        (png_of_chunks((b"IHDR", png_header(4, 4)[1][:-1] + b"\1"), (b"IDAT", b"x"), (b"IEND", b"")), False),
        (png_of_chunks(png_header(4, 4, color=3), (b"PLTE", b"abc"), (b"IDAT", b"x"), (b"IEND", b"")), False),
        (png_of_chunks(png_header(4, 4, bits=4), (b"IDAT", b"x"), (b"IEND", b"")), False),
    ],
)
def test_which_files_are_plain(file: bytes, is_plain: bool) -> None:
    assert facts_of(file).is_plain == is_plain
