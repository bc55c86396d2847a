"""Image files and archives of them, for tests that read them: of a glyph that shows how it is turned."""

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

GLYPH = np.zeros((12, 8), np.uint8)
"""The letter F, white on black: it looks different however it is turned or mirrored."""
GLYPH[2:10, 2] = 255
GLYPH[2, 2:6] = 255
GLYPH[5, 2:5] = 255


def picture(array: np.ndarray = GLYPH, format_: str = "PNG", **options: Any) -> bytes:
    """The array as an image file."""
    stream = io.BytesIO()
    Image.fromarray(array).save(stream, format_, **options)
    return stream.getvalue()


def saved(image: Image.Image, format_: str = "PNG", **options: Any) -> bytes:
    """A Pillow image as an image file."""
    stream = io.BytesIO()
    image.save(stream, format_, **options)
    return stream.getvalue()


def write_tree(root: Path, files: dict[str, bytes]) -> Path:
    """Files below a folder, by path."""
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    return root


def png_of_chunks(*chunks: tuple[bytes, bytes]) -> bytes:
    """A PNG file of any chunks, each with the right checksum."""
    parts = [
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def png_header(width: int, height: int, bits: int = 8, color: int = 0) -> tuple[bytes, bytes]:
    """The first chunk of a PNG file."""
    return b"IHDR", struct.pack(">IIBBBBB", width, height, bits, color, 0, 0, 0)
