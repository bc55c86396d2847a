"""Dates in a column of text, as numbers that can be put on a scale."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import numpy as np

from embviz.arrays import AnyArray, Float64Array

EPOCH = datetime(1970, 1, 1)

Unit = Literal["day", "minute", "second"]

LENGTHS: Mapping[Unit, int] = {"day": 86_400, "minute": 60, "second": 1}
"""Seconds of each unit."""

NUMPY_UNITS = {"day": "D", "minute": "m", "second": "s"}

MOST_SECONDS = 90 * 86_400
"""Span of dates up to which a scale tells them to the second, because places on it are float32."""


def seconds_of_dates(column: AnyArray) -> Float64Array | None:
    """Seconds since 1970 of the dates in a column of text; None if one is no date, or if there are none.

    An empty text gives NaN. A time without an offset is taken as UTC. It is not a parser of other ways to write a
    date, such as 31/1/2024, because the order of day and month can only be guessed.

    Examples
    --------
    >>> seconds_of_dates(np.array(["1970-01-02", "", "1970-01-01 01:00+01:00"])).tolist()
    [86400.0, nan, 0.0]
    >>> seconds_of_dates(np.array(["1970-01-02", "2/1/1970"])) is None
    True
    """
    texts = column.tolist()
    seconds = {"": np.nan}
    for text in texts:
        if text in seconds:
            continue
        if text[4:5] + text[7:8] != "--" or text[10:11] not in ("", "T", " "):  # ISO 8601 allows more, such as 20240131
            return None
        try:
            found = datetime.fromisoformat(text)
        except ValueError:  # such as 2024-13-01
            return None
        seconds[text] = found.timestamp() if found.tzinfo else (found - EPOCH).total_seconds()
    return np.fromiter(map(seconds.__getitem__, texts), np.float64, len(texts)) if len(seconds) > 1 else None


def unit_of(seconds: Float64Array) -> Unit:
    """The longest unit of which all dates are whole ones; minutes if dates are too far apart to be told to the second.

    Examples
    --------
    >>> unit_of(np.array([0, 86400, np.nan])), unit_of(np.array([0, 90060])), unit_of(np.array([0, 90061]))
    ('day', 'minute', 'second')
    >>> unit_of(np.array([1, 1e9]))
    'minute'
    """
    dates = seconds[np.isfinite(seconds)]
    if not np.any(dates % LENGTHS["day"]):
        return "day"
    is_fine = np.any(dates % LENGTHS["minute"]) and np.ptp(dates) <= MOST_SECONDS
    return "second" if is_fine else "minute"


def date_text(seconds: float, unit: Unit) -> str:
    """The nearest day, minute or second in UTC as text.

    Examples
    --------
    >>> date_text(86400, "day"), date_text(90001, "minute"), date_text(90001.5, "second")
    ('1970-01-02', '1970-01-02 01:00', '1970-01-02 01:00:02')
    """
    nearest = round(seconds / LENGTHS[unit]) * LENGTHS[unit]
    return str(np.datetime64(nearest, "s").astype(f"datetime64[{NUMPY_UNITS[unit]}]")).replace("T", " ")
