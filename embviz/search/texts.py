"""Search of texts for a text or a regular expression, by RE2: at worst, time grows as length times pattern size."""

import math
import re
import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from embviz.arrays import AnyArray, BoolArray, Int64Array
from embviz.checks.columns import whole_text
from embviz.errors import SpecError

LONGEST = 1000
"""Most characters of the text or pattern that is searched for."""

MOST_STATES = 20_000
"""Most states that a pattern may stand for: RE2 may have to look at each of them for every byte of a text."""

BLOCK = 2_000_000
"""States times bytes that are searched between two looks at the clock: a third of a second at worst."""

TEXT_BYTES = 16
"""Bytes that are added to the length of each text for the time that even an empty one takes."""

MOST_SECONDS = 1.0
"""Most seconds that a search may take."""


@dataclass(frozen=True, eq=False, slots=True)
class SearchedTexts:
    """Texts in the form in which they are searched.

    Attributes
    ----------
    array
        A ``pyarrow.LargeStringArray`` of shape (n,).
    """

    array: Any

    def __len__(self) -> int:
        return len(self.array)

    @property
    def ends(self) -> Int64Array:
        """int64, shape (n + 1,): 0, and the byte at which each text ends if all texts are put one after the other."""
        n = len(self.array)
        return np.frombuffer(self.array.buffers()[1], np.int64)[: n + 1]


def searched_texts(values: AnyArray) -> SearchedTexts:
    """Each value as a text: numbers as they are written.

    Examples
    --------
    >>> searched_texts(np.array([0.25, 3.0, np.nan])).array.to_pylist()
    ['0.25', '3', 'nan']
    >>> searched_texts(np.array(["a", "", "né"])).array.to_pylist()
    ['a', '', 'né']
    >>> searched_texts(np.array([True, False])).array.to_pylist()
    ['true', 'false']
    """
    import pyarrow
    import pyarrow.compute

    n = len(values)
    if values.dtype.kind == "U":
        return SearchedTexts(_string_array(values))
    if values.dtype.kind == "b":
        return SearchedTexts(_string_array(np.where(values, "true", "false")))
    # from buffers, because pyarrow's other functions import pandas first, which takes a second
    kind = pyarrow.int64() if values.dtype.kind == "i" else pyarrow.float64()
    numbers = pyarrow.Array.from_buffers(kind, n, [None, pyarrow.py_buffer(np.ascontiguousarray(values))])
    return SearchedTexts(pyarrow.compute.cast(numbers, pyarrow.large_string()))


def _string_array(values: AnyArray) -> Any:
    import pyarrow

    n, ends = len(values), np.zeros(len(values) + 1, np.int64)
    characters = np.ascontiguousarray(values).view(np.uint32).reshape(n, values.dtype.itemsize // 4)
    lengths = np.strings.str_len(values.astype(np.str_, copy=False))
    for longer in (0x80, 0x800, 0x10000):  # from these on a character has one more byte in UTF-8
        lengths = lengths + (characters >= longer).sum(axis=1)
    np.cumsum(lengths, out=ends[1:])
    content = "".join(values.tolist()).encode()
    return pyarrow.LargeStringArray.from_buffers(n, pyarrow.py_buffer(ends), pyarrow.py_buffer(content))


def matches(pattern: str, texts: SearchedTexts, *, is_regex: bool) -> BoolArray:
    """Whether each text contains a match of the pattern; case is ignored unless the pattern has capital letters.

    Parameters
    ----------
    pattern
        A text; or a regular expression in RE2's syntax: like Python's, without lookahead, lookbehind, backreferences.
    texts
        The texts to search.
    is_regex
        Whether the pattern is a regular expression.

    Raises
    ------
    SpecError
        If the pattern is too long or not a valid regular expression, or matching takes too long.
    InputError
        If the pattern has lone surrogates.

    Examples
    --------
    >>> found = searched_texts(np.array(["Cat", "catalog", "dog"]))
    >>> matches("cat", found, is_regex=False).tolist(), matches("Cat", found, is_regex=False).tolist()
    ([True, True, False], [True, False, False])
    >>> matches("^(cat|dog)$", found, is_regex=True).tolist()
    [True, False, True]
    """
    import pyarrow
    import pyarrow.compute

    whole_text("what is searched for", pattern)
    if len(pattern) > LONGEST:
        raise SpecError(f"at most {LONGEST:,} characters can be searched for, got {len(pattern):,}; search for less")
    match = pyarrow.compute.match_substring_regex if is_regex else pyarrow.compute.match_substring
    letters = re.sub(r"\\(p\{[^}]*\}|.)", "", pattern, flags=re.IGNORECASE) if is_regex else pattern
    ignores_case = letters == letters.lower()
    states = _most_states(pattern) if is_regex else len(pattern)
    if states > MOST_STATES:
        raise SpecError("this pattern repeats too much to be looked for; use smaller numbers in {…}, or * and +")
    work = (texts.ends + TEXT_BYTES * np.arange(len(texts) + 1)) * states
    found, start, began = np.zeros(len(texts), np.bool_), 0, time.monotonic()
    while start < len(texts):
        stop = min(max(start + 1, int(np.searchsorted(work, work[start] + BLOCK))), len(texts))
        try:
            matched = match(texts.array.slice(start, stop - start), pattern=pattern, ignore_case=ignores_case)
        except pyarrow.ArrowInvalid as error:
            raise SpecError(_refusal(str(error))) from error
        found[start:stop] = _bits(matched)
        if time.monotonic() - began > MOST_SECONDS and stop < len(texts):
            raise SpecError(
                f"this pattern takes more than {MOST_SECONDS:g} s to look for; search for something simpler"
            )
        start = stop
    return found


def _most_states(pattern: str) -> int:
    """Upper bound of the states that a pattern stands for: each number in braces repeats at most the whole pattern.

    Examples
    --------
    >>> _most_states("^[0-9]{4}-[0-9]{2,3}$") == 21 * 4 * 3
    True
    """
    counts = re.findall(r"\{(\d+)(?:,(\d*))?\}", pattern)
    return len(pattern) * math.prod(max(1, int(low), int(high or 0)) for low, high in counts)


def _bits(matched: Any) -> BoolArray:
    """A boolean array of pyarrow as one of numpy; pyarrow's own conversion would import pandas."""
    bits = np.unpackbits(np.frombuffer(matched.buffers()[1], np.uint8), bitorder="little")
    return bits[matched.offset : matched.offset + len(matched)].astype(np.bool_)


def _refusal(said: str) -> str:
    why = said.removeprefix("Invalid regular expression: ")
    if why.startswith(("invalid perl operator: (?=", "invalid perl operator: (?!", "invalid perl operator: (?<")):
        return "lookahead and lookbehind, such as (?=…), are not supported; search without them"
    return f"not a regular expression: {why}; write \\ before a character that is meant as itself"
