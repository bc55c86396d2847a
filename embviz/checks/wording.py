"""Words by which messages describe values and type hints."""

import collections.abc
import os
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import numpy as np

_NAMES: dict[object, str] = {
    int: "a whole number",
    float: "a number",
    bool: "True or False",
    str: "a text",
    Path: "a path",
    os.PathLike: "a path",
    NoneType: "None",
    collections.abc.Callable: "a function",
}
"""Words for one value of a type that a hint allows."""

_PLURALS: dict[object, str] = {int: "whole numbers", float: "numbers", str: "texts"}


MOST_BITS = 10_000
"""Bits of the largest whole number that a message writes out; Python refuses to write more than 4,300 digits."""


def described(value: object) -> str:
    """Description of a value on one short line.

    Examples
    --------
    >>> described("text"), described(np.zeros((2, 3))), described([1, 2]), described(set())
    ("'text'", 'an array float64 of shape (2, 3)', 'a list of 2', 'a set of 0')
    """
    if isinstance(value, int) and value.bit_length() > MOST_BITS:
        return f"a whole number of {value.bit_length()} bits"
    if value is None or isinstance(value, bool | int | float | complex | str | bytes | np.generic):
        return f"{value!r:.60}"
    if isinstance(value, np.ndarray):
        return f"an array {value.dtype} of shape {value.shape}"
    kind = type(value).__name__
    shape = getattr(value, "shape", None)
    if isinstance(shape, tuple):
        return f"a {kind} of shape {shape}"
    if isinstance(value, collections.abc.Sized) and not isinstance(value, type):
        return f"a {kind} of {len(value)}"
    return f"the class {value.__name__}" if isinstance(value, type) else f"a {kind}"


def meant(hint: Any) -> Any:
    """Type hint with a type alias replaced by its meaning; from Python 3.12 on numpy's `NDArray` is such an alias."""
    return getattr(get_origin(hint) or hint, "__value__", hint)


def called(hint: Any) -> str:
    """Description of what a type hint allows, with its article.

    Examples
    --------
    >>> called(int | None), called(tuple[float, ...]), called(tuple[int, int])
    ('a whole number or None', 'a list of numbers', 'a list of 2 whole numbers')
    """
    hint = meant(hint)
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return " or ".join(dict.fromkeys(called(part) for part in parts))
    if origin is tuple:
        several = parts[1:] == (Ellipsis,)
        return f"a list of {_plural(parts[0])}" if several else f"a list of {len(parts)} {_plural(parts[0])}"
    if origin is collections.abc.Sequence:
        return f"a list of {_plural(parts[0])}"
    if origin is np.ndarray:
        return "an array"
    if origin is Literal:
        return " or ".join(map(repr, parts))
    kind = origin or hint
    return _NAMES.get(kind) or f"of class {kind.__name__}"


def _plural(hint: Any) -> str:
    return _PLURALS.get(hint) or f"values, each {called(hint)}"
