"""Facts of an image file, and whether it is complete; it is decoded only if its format does not show whether it is."""

import io
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

MOST_PIXELS = 80_000_000
"""Most pixels of one image, as large as a camera's; 240 MB when decoded."""

_ORIENTATION = 0x0112
"""The number under which Exif data say how a camera was held."""
_TURNED = (5, 6, 7, 8)
"""Orientations in which height and width change places."""
_BEGINNINGS = {
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    **{b"P%d%c" % (kind, space): "PPM" for kind in range(1, 7) for space in b" \t\r\n"},
}
_PNG_COLOR, _PNG_PALETTE, _PNG_ALPHA = 2, 3, 4
"""Types of color in a PNG file: 2 and 4 are bits that are combined, 3 is a palette."""
_GRAY_MODES = ("1", "L", "LA", "La", "I", "I;16", "I;16B", "I;16L")


class BrokenPictureError(Exception):
    """An image file that cannot be shown; the message says why in a few words."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts of an image that are known before it is decoded.

    Attributes
    ----------
    format
        ``PNG``, ``JPEG`` …, as Pillow calls it.
    height, width
        Size in pixels as the image is seen: turned as `orientation` says.
    is_gray, has_alpha, has_16_bits, is_animated
        Whether it has gray values only, transparent parts, 16 bits per value, or several frames.
    orientation
        Orientation in Exif data, 1..8: 1 is upright.
    is_plain
        Whether it is a PNG that `plain_images` decodes.
    """

    format: str
    height: int
    width: int
    is_gray: bool
    has_alpha: bool = False
    has_16_bits: bool = False
    is_animated: bool = False
    orientation: int = 1
    is_plain: bool = False


def picture_format(beginning: bytes) -> str:
    r"""Format of an image file with this beginning; empty if it is not one that embviz reads.

    Examples
    --------
    >>> picture_format(b"GIF89a\x01\x00"), picture_format(b"label,file\n")
    ('GIF', '')
    """
    if beginning[:4] == b"RIFF" and beginning[8:12] == b"WEBP":
        return "WEBP"
    if beginning[:2] == b"BM" and beginning[6:10] == bytes(4):
        return "BMP"
    return next((name for start, name in _BEGINNINGS.items() if beginning.startswith(start)), "")


def facts_of(data: bytes) -> Facts:
    """Facts of an image file, which must be complete.

    Parameters
    ----------
    data
        The whole file.

    Raises
    ------
    BrokenPictureError
        If it is not an image, is cut off or damaged, or has more pixels than `MOST_PIXELS`.
    """
    format_ = picture_format(data)
    if not format_:
        raise BrokenPictureError("it is not an image" if data else "it is empty")
    facts = _png_facts(data) if format_ == "PNG" else _other_facts(data, format_)
    if not facts.height * facts.width:
        raise BrokenPictureError("it has no pixels")
    return facts


def _png_facts(data: bytes) -> Facts:
    """Facts of a PNG file by its chunks, which have checksums: ten times faster than by decoding a small image."""
    view, at, chunks = memoryview(data), 8, dict[bytes, memoryview]()
    while b"IEND" not in chunks:
        end = at + 12 + int.from_bytes(view[at : at + 4], "big")
        if len(data) < at + 12 or len(data) < end:
            raise BrokenPictureError("it is cut off")
        if zlib.crc32(view[at + 4 : end - 4]) != int.from_bytes(view[end - 4 : end], "big"):
            raise BrokenPictureError("it is damaged")
        chunks.setdefault(bytes(view[at + 4 : at + 8]), view[at + 8 : end - 4])
        at = end
    header = chunks.get(b"IHDR", b"")
    if len(header) != 13 or b"IDAT" not in chunks:
        raise BrokenPictureError("it holds no image")
    width, height = int.from_bytes(header[:4], "big"), int.from_bytes(header[4:8], "big")
    check_pixels(width, height)
    bits, color, has_alpha = header[8], header[9], bool(header[9] & _PNG_ALPHA) or b"tRNS" in chunks
    return _seen(
        _exif(bytes(chunks[b"eXIf"])) if b"eXIf" in chunks else {},
        format="PNG",
        height=height,
        width=width,
        is_gray=_is_gray_palette(chunks.get(b"PLTE", b"")) if color == _PNG_PALETTE else not color & _PNG_COLOR,
        has_alpha=has_alpha,
        has_16_bits=bits == 16,
        is_animated=b"acTL" in chunks,
        is_plain=bits == 8 and color in (0, _PNG_COLOR) and not any(header[10:13]) and not has_alpha,
    )


def _exif(chunk: bytes) -> Mapping[int, Any]:
    from PIL import Image

    exif = Image.Exif()
    try:
        exif.load(b"Exif\0\0" + chunk)
    except Exception as error:  # whatever Pillow raises where they are broken
        raise BrokenPictureError("its Exif data are damaged") from error
    return exif


def _other_facts(data: bytes, format_: str) -> Facts:
    try:
        with opened_picture(data, format_) as image:
            width, height = image.size
            check_pixels(width, height)
            if format_ == "JPEG":
                if data.find(b"\xff\xd9", image.fp.tell()) < 0:  # the marker at the end of a JPEG
                    raise BrokenPictureError("it is cut off")
            else:
                image.load()
            if image.mode == "F" or (image.mode == "I" and not _fits_16_bits(image)):
                raise BrokenPictureError("its pixels are not whole numbers of up to 16 bits")
            is_palette = image.mode in ("P", "PA")
            return _seen(
                image.getexif(),
                format=format_,
                height=height,
                width=width,
                is_gray=_is_gray_palette(bytes(image.getpalette() or ())) if is_palette else image.mode in _GRAY_MODES,
                has_alpha=image.has_transparency_data,
                has_16_bits=image.mode.startswith("I"),
                is_animated=bool(getattr(image, "is_animated", False)),
            )
    except BrokenPictureError:
        raise
    except Exception as error:  # Pillow raises a dozen kinds of errors where a file is broken
        raise BrokenPictureError("it cannot be decoded") from error


def opened_picture(data: bytes, format_: str) -> Any:
    """Image that is not decoded yet; Pillow tries no other format than the one that the first bytes tell."""
    from PIL import Image

    return Image.open(io.BytesIO(data), formats=(format_,))


def check_pixels(width: int, height: int) -> None:
    """Refuse an image that is too large to be decoded.

    Raises
    ------
    BrokenPictureError
        If it has more than `MOST_PIXELS`.
    """
    if width * height > MOST_PIXELS:
        raise BrokenPictureError(f"{width:,} × {height:,} pixels are too many")


def _seen(exif: Mapping[int, Any], *, height: int, width: int, **known: Any) -> Facts:
    said = exif.get(_ORIENTATION, 1)
    orientation = said if said in range(1, 9) else 1
    if orientation in _TURNED:
        height, width = width, height
    return _facts(height=height, width=width, orientation=orientation, **known)


@lru_cache(maxsize=1024)
def _facts(**known: Any) -> Facts:
    """Facts, as one shared object for images with equal facts: most images of a dataset have the same."""
    return Facts(**known)


def _is_gray_palette(palette: bytes | memoryview) -> bool:
    colors = bytes(palette)
    return colors[::3] == colors[1::3] == colors[2::3]


def _fits_16_bits(image: Any) -> bool:
    lowest, highest = image.getextrema()
    return bool(lowest >= 0 and highest < 1 << 16)
