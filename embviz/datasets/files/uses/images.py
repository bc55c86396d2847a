"""Images from numbers in any arrangement and range."""

import math
from typing import cast

import numpy as np

from embviz.arrays import AnyArray, UInt8Array
from embviz.datasets.files.contents import Field
from embviz.datasets.files.uses.ranges import check_finite, extremes, range_said
from embviz.datasets.files.uses.roles import Pictures
from embviz.errors import DatasetError
from embviz.progress import Progress, blocks_of

_VALUES = 1 << 22
"""Values of images that are converted at a time."""


def images_of(field: Field, pictures: Pictures, rows: slice, progress: Progress) -> UInt8Array:
    """Images, uint8 0..255, made of the values of a field.

    Raises
    ------
    DatasetError
        If the values have another size or range than `pictures` says.
    """
    if math.prod(field.shape) != math.prod(pictures.shape) or field.dtype.kind not in "biuf":
        raise DatasetError(
            f"{field.name!r} has values of shape {field.shape} ({field.dtype}), which are not images of "
            f"{pictures.shape}; give the height and width that they have"
        )
    values = field.read(rows, progress)
    check_finite(field.name, values)
    low, high = pictures.low, pictures.high
    lowest, highest = extremes(values, progress)
    if lowest < low or highest > high:
        raise DatasetError(
            f"{field.name!r} has values {range_said(lowest, highest)}, outside of {range_said(low, high)}; "
            "give the range that they have"
        )
    height, width, *channels = pictures.shape
    is_ready = values.dtype == np.uint8 and (low, high) == (0.0, 255.0) and channels in ([], [3])
    if is_ready and not (pictures.planar or pictures.transposed or pictures.inverted):
        return cast(UInt8Array, values.reshape(-1, *pictures.shape))  # not copied
    n_colors = min(channels[0], 3) if channels else 0
    size = (width, height) if pictures.transposed else (height, width)
    images = np.empty((len(values), *size, *([n_colors] if n_colors else [])), np.uint8)
    size_in_file = (channels[0], height, width) if pictures.planar and channels else pictures.shape
    step = max(1, _VALUES // max(values[:1].size, 1))
    for block in blocks_of("converting images", len(values), step, progress):
        some = values[block].reshape(-1, *size_in_file)
        if pictures.planar and channels:
            some = np.moveaxis(some, 1, -1)
        if channels:
            some = some[..., :n_colors]
        if pictures.transposed:
            some = some.swapaxes(1, 2)
        images[block] = _bytes(some, low, high, pictures.inverted)
    return images


def _bytes(values: AnyArray, low: float, high: float, inverted: bool) -> UInt8Array:
    """The values as 0..255, from low to high; the other way round if inverted."""
    if values.dtype == np.uint8 and (low, high) == (0.0, 255.0):
        brightness = cast(UInt8Array, values)
    else:
        scaled = (values.astype(np.float64) - low) * (255.0 / (high - low))
        brightness = np.round(scaled).astype(np.uint8)
    return 255 - brightness if inverted else brightness
