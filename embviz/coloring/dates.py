"""Dates in a column of text, as numbers that can be put on a scale."""

from datetime import datetime

import numpy as np

from embviz.arrays import AnyArray, Float64Array

EPOCH = datetime(1970, 1, 1)

DAY = len("2024-01-31")
"""Characters of a day."""


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


def are_days(column: AnyArray) -> bool:
    """Whether all dates of a column of text are days without a time.

    Examples
    --------
    >>> are_days(np.array(["1970-01-02", ""])), are_days(np.array(["1970-01-01 01:00"]))
    (True, False)
    """
    return max(map(len, column.tolist()), default=0) <= DAY


def date_text(seconds: float, *, is_day: bool) -> str:
    """A date, with the time of day in UTC if it is no whole day.

    Examples
    --------
    >>> date_text(86400, is_day=True), date_text(90000, is_day=False)
    ('1970-01-02', '1970-01-02 01:00')
    """
    return str(np.datetime64(round(seconds), "s").astype("datetime64[D]" if is_day else "datetime64[m]")).replace(
        "T", " "
    )
