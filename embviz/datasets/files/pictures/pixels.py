"""The pixels of an image file, in the size and the colors that all images of a dataset have."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from embviz.arrays import UInt8Array
from embviz.datasets.files.pictures.look import BrokenPictureError, Facts, opened_picture

_UPRIGHT = {
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}
"""Pillow's name for what undoes each orientation of Exif."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Size and colors that every image of a dataset is given.

    Attributes
    ----------
    height, width
        Size in pixels.
    is_gray
        Whether images are gray; else they are red, green and blue.
    background
        Value that is seen through transparent parts: 0 is black, 255 is white.
    """

    height: int
    width: int
    is_gray: bool
    background: int = 255

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the array of one image."""
        return (self.height, self.width) if self.is_gray else (self.height, self.width, 3)


def pixels(data: bytes, facts: Facts, frame: Frame) -> UInt8Array:
    """Pixels of an image: upright, and if of another size, scaled with its proportions kept, centered, and padded.

    The padding has the median color of the image's border, so that a scan stays on paper and a drawing on black.

    Parameters
    ----------
    data
        The whole file.
    facts
        What `facts_of` found in it.
    frame
        Size and colors that it is given.

    Returns
    -------
    UInt8Array
        The image, of shape `frame.shape`.

    Raises
    ------
    BrokenPictureError
        If it cannot be decoded.
    """
    try:
        with opened_picture(data, facts.format) as image:
            if facts.format == "JPEG" and max(facts.height, facts.width) > 2 * max(frame.height, frame.width):
                image.draft(None, (2 * max(frame.shape[:2]),) * 2)  # decodes no more than twice what is kept
            image.load()
            plain = _plain(image, frame)
    except Exception as error:  # Pillow raises a dozen kinds of errors where a file is broken
        raise BrokenPictureError("it cannot be decoded") from error
    if facts.orientation in _UPRIGHT:
        plain = _turned(plain, _UPRIGHT[facts.orientation])
    if plain.size == (frame.width, frame.height):
        return np.frombuffer(plain.tobytes(), np.uint8).reshape(frame.shape)
    return _fitted(plain, frame)


def ink_is_light(data: bytes, facts: Facts) -> bool:
    """Whether what is drawn in an image with transparent parts is light, so that it is seen on black only.

    Raises
    ------
    BrokenPictureError
        If it cannot be decoded.
    """
    size = Frame(facts.height, facts.width, is_gray=True, background=0)
    on_black = pixels(data, facts, size)
    on_white = pixels(data, facts, Frame(facts.height, facts.width, is_gray=True, background=255))
    # Of a pixel of brightness v and opacity a (0..1) these are a v, and a v + 255 (1 - a).
    brightness = on_black.sum(dtype=np.int64)
    opacity = (255 - (on_white.astype(np.int64) - on_black)).sum()
    return bool(2 * brightness > opacity)


def _turned(image: Any, how: str) -> Any:
    from PIL import Image

    return image.transpose(Image.Transpose[how])


def _plain(image: Any, frame: Frame) -> Any:
    """The image in mode ``L`` or ``RGB``."""
    from PIL import Image

    mode = "L" if frame.is_gray else "RGB"
    if image.mode.startswith("I"):
        image = Image.fromarray(np.round(np.asarray(image) / 257).astype(np.uint8))
    if image.has_transparency_data:
        seen = image.convert("RGBA")
        ground = (*[frame.background] * 3, 255)
        image = Image.alpha_composite(Image.new("RGBA", seen.size, ground), seen)
    return image if image.mode == mode else image.convert(mode)


def _fitted(image: Any, frame: Frame) -> UInt8Array:
    from PIL import Image

    width, height = image.size
    scale = min(frame.height / height, frame.width / width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    scaled = np.asarray(image.resize(size, Image.Resampling.BILINEAR, reducing_gap=3.0))
    top, left = (frame.height - size[1]) // 2, (frame.width - size[0]) // 2
    border = np.concatenate([scaled[0], scaled[-1], scaled[:, 0], scaled[:, -1]])
    whole = np.empty(frame.shape, np.uint8)
    whole[:] = np.median(border, axis=0)
    whole[top : top + size[1], left : left + size[0]] = scaled
    return whole
