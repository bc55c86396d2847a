"""Many ids as a short text for an address: ranges of ids that follow each other."""

import re

import numpy as np

from embviz.arrays import Int64Array
from embviz.errors import InputError

_FORM = re.compile(r"\d{1,15}(-\d{1,15})?(\.\d{1,15}(-\d{1,15})?)*", re.ASCII)
_MOST_IDS = 2_000_000
_HIGHEST = 200_000_000
"""Highest id that is read: a set of ids takes a bit for each id up to its highest, which is 25 MB here."""


def id_ranges(ids: Int64Array) -> str:
    """Ascending ids as text: ranges that include both ends, separated by full stops; empty without ids.

    Examples
    --------
    >>> id_ranges(np.array([3, 4, 5, 9]))
    '3-5.9'
    """
    if not len(ids):
        return ""
    breaks = np.flatnonzero(np.diff(ids) != 1)
    firsts, lasts = ids[np.r_[0, breaks + 1]].tolist(), ids[np.r_[breaks, len(ids) - 1]].tolist()
    pairs = zip(firsts, lasts, strict=True)
    return ".".join(str(first) if first == last else f"{first}-{last}" for first, last in pairs)


def ids_in_ranges(text: str) -> tuple[int, ...]:
    """Ids in a text of `id_ranges`, ascending, each once.

    Raises
    ------
    InputError
        If the text is not of this form, or has too many ids or too high ones for a page.

    Examples
    --------
    >>> ids_in_ranges("3-5.9")
    (3, 4, 5, 9)
    """
    if not text:
        return ()
    if not _FORM.fullmatch(text):
        raise InputError(f"ids must be numbers and ranges such as 3-5.9, got {text!r:.60}")
    ends = [tuple(map(int, part.split("-"))) for part in text.split(".")]
    if any(part[0] > part[-1] for part in ends) or sum(part[-1] - part[0] + 1 for part in ends) > _MOST_IDS:
        raise InputError(f"ids must be in ranges that ascend, of {_MOST_IDS:,} ids at most, got {text!r:.60}")
    if max(part[-1] for part in ends) > _HIGHEST:
        raise InputError(f"ids must be {_HIGHEST:,} at most, got {text!r:.60}")
    return tuple(sorted({number for part in ends for number in range(part[0], part[-1] + 1)}))


def check_ascending(what: str, ids: tuple[int, ...]) -> None:
    """Refuse ids that are not whole numbers from 0 on, in ascending order, each once; quick for 100,000 ids.

    Raises
    ------
    InputError
        If they are not whole numbers, negative, or not in ascending order.

    Examples
    --------
    >>> check_ascending("selected ids", (1, 5))
    >>> check_ascending("selected ids", (5, 1))
    Traceback (most recent call last):
    embviz.errors.InputError: selected ids must be whole numbers that ascend from 0 on, each once
    """
    array = np.array(ids)
    if array.size and (array.ndim != 1 or array.dtype.kind not in "iu" or array[0] < 0 or (np.diff(array) <= 0).any()):
        raise InputError(f"{what} must be whole numbers that ascend from 0 on, each once")
