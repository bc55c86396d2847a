"""Range of the values of images: 0…255, 0…1, −1…1, 0…16, or from the smallest to the largest."""

import numpy as np

from embviz.arrays import AnyArray, is_finite, not_finite
from embviz.datasets.files.contents import Field
from embviz.errors import DatasetError
from embviz.progress import Progress, blocks_of

_FIRST_ROWS = 256
_VALUES = 1 << 22
"""Values that are looked at at a time."""


def value_range(field: Field, progress: Progress) -> tuple[float, float]:
    """The values of a field that become 0 and 255 in an image; all values are in between.

    If the first items are bytes and some are above 16, the range is 0…255. Otherwise all values are looked at.

    Raises
    ------
    DatasetError
        If a value is NaN or infinite.
    """
    if field.dtype.kind == "b":
        return 0.0, 1.0
    if field.dtype == np.uint8 and field.read(slice(0, _FIRST_ROWS), progress).max() > 16:
        return 0.0, 255.0
    values = field.read(slice(None), progress)
    check_finite(field.name, values)
    lowest, highest = extremes(values, progress)
    return usual_range(lowest, highest, field.dtype.kind in "iu" or _is_whole(values[:_FIRST_ROWS]))


def usual_range(lowest: float, highest: float, is_whole: bool) -> tuple[float, float]:
    """The usual range that values from `lowest` to `highest` are in; their own range if they are in none.

    Examples
    --------
    >>> usual_range(0, 16, True), usual_range(0, 0.9, False), usual_range(-0.9, 0.3, False), usual_range(3, 700, True)
    ((0.0, 16.0), (0.0, 1.0), (-1.0, 1.0), (3.0, 700.0))
    """
    usual = [(0.0, 1.0), *([(0.0, 16.0)] if is_whole else []), (0.0, 255.0), (-1.0, 1.0)]
    own = (float(lowest), float(highest) if highest > lowest else float(lowest) + 1.0)
    return next(((low, high) for low, high in usual if low <= lowest and highest <= high), own)


def range_said(low: float, high: float) -> str:
    """The range in words.

    Examples
    --------
    >>> range_said(-1.0, 1.0)
    '−1…1'
    """
    return f"{low:.4g}…{high:.4g}".replace("-", "−")


def extremes(values: AnyArray, progress: Progress) -> tuple[float, float]:
    """The smallest and the largest value."""
    lows, highs = [], []
    rows = max(1, _VALUES // max(values[:1].size, 1))
    for block in blocks_of("looking at values", len(values), rows, progress):
        lows.append(float(values[block].min()))
        highs.append(float(values[block].max()))
    return min(lows), max(highs)


def check_finite(name: str, values: AnyArray) -> None:
    """Check that values are finite.

    Raises
    ------
    DatasetError
        If a value is NaN or infinite; the message names the rows.
    """
    if values.dtype.kind == "f" and not is_finite(values):
        raise DatasetError(f"{name!r} must be finite, but {not_finite(values)}; replace them, or leave those rows out")


def _is_whole(values: AnyArray) -> bool:
    numbers = values.astype(np.float64)
    return bool((numbers == np.round(numbers)).all())
