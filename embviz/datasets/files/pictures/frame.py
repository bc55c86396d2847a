"""The size and colors that all images of a dataset are given, with notes on images that are changed for it."""

import math
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from embviz.datasets.files.pictures.look import Facts
from embviz.datasets.files.pictures.pixels import Frame
from embviz.datasets.files.pictures.scan import counted

MOST_BYTES = 1 << 30
"""Most bytes of the pixels of all images together."""


def frame_of(facts: Sequence[Facts], longest_side: int, light_ink: Callable[[], bool]) -> tuple[Frame, list[str]]:
    """Size and colors that all images are given, and a sentence on everything that this changes.

    If more than half of the images have one size, all get it. Otherwise they become squares, as wide as the median of
    their longer sides. No side is longer than `longest_side`, and all of them together have at most `MOST_BYTES`.

    Parameters
    ----------
    facts
        Facts of each image.
    longest_side
        Most pixels of a side, >= 1.
    light_ink
        Called if images have transparent parts: whether what is drawn there is light.

    Examples
    --------
    >>> small, large = Facts("PNG", 20, 20, is_gray=True), Facts("PNG", 30, 40, is_gray=True)
    >>> frame, notes = frame_of([small, large, large], 256, lambda: False)
    >>> frame.shape, notes[0][:54]
    ((30, 40), 'Images of 2 sizes, from 20 × 20 to 40 × 30 pixels (wid')
    """
    sizes = Counter((each.height, each.width) for each in facts)
    is_gray = all(each.is_gray for each in facts)
    alike = _usual_size(sizes)
    height, width = _limited(alike, len(facts) * (1 if is_gray else 3), longest_side)
    is_light = any(each.has_alpha for each in facts) and light_ink()
    frame = Frame(height, width, is_gray, background=0 if is_light else 255)
    return frame, [*_size_notes(sizes, alike, frame), *_color_notes(facts, frame)]


def _usual_size(sizes: Counter[tuple[int, int]]) -> tuple[int, int]:
    size, count = max(sizes.items(), key=lambda item: (item[1], item[0]))
    if 2 * count > sizes.total():
        return size
    side = round(float(np.median([max(each) for each in sizes.elements()])))
    return side, side


def _limited(size: tuple[int, int], bytes_per_pixel: int, longest_side: int) -> tuple[int, int]:
    height, width = size
    bytes_in_all = height * width * bytes_per_pixel
    scale = min(1.0, longest_side / max(size), math.sqrt(MOST_BYTES / bytes_in_all))
    return (height, width) if scale == 1 else (max(1, int(height * scale)), max(1, int(width * scale)))


def _size_notes(sizes: Counter[tuple[int, int]], alike: tuple[int, int], frame: Frame) -> list[str]:
    height, width = frame.shape[:2]
    if len(sizes) > 1:
        smallest, *_, largest = sorted(sizes, key=lambda size: (size[0] * size[1], size))
        return [
            f"Images of {len(sizes):,} sizes, from {_said(smallest)} to {_said(largest)} pixels (width × height), are "
            f"fitted into {_said((height, width))}: scaled with their proportions kept, centered, and padded with the "
            "color of their border."
        ]
    if (height, width) != alike:
        return [f"Images are made smaller, from {_said(alike)} to {_said((height, width))} pixels (width × height)."]
    return []


def _color_notes(facts: Sequence[Facts], frame: Frame) -> list[str]:
    def said(is_so: Callable[[Facts], bool], end: str) -> list[str]:
        n = sum(map(is_so, facts))
        return [f"{counted(n, 'image')} {end}"] if n else []

    ground = "white" if frame.background else "black"
    return [
        *said(lambda each: each.orientation != 1, "turned upright, as their Exif data say."),
        *said(lambda each: each.is_animated, "animated or of several pages: the first one is shown."),
        *said(lambda each: each.has_16_bits, "reduced from 16 bits per value to 8."),
        *said(lambda each: each.has_alpha, f"stored with an alpha channel: what is transparent is shown {ground}."),
        *(said(lambda each: each.is_gray, "gray, and stored in color as the others are.") if not frame.is_gray else []),
    ]


def _said(size: tuple[int, int]) -> str:
    return f"{size[1]:,} × {size[0]:,}"
