"""Check arguments of functions and fields of specs against their type hints; refuse others in one sentence."""

import collections.abc
import inspect
import math
import operator
import os
from collections.abc import Callable, Sequence
from dataclasses import fields
from functools import cache, wraps
from pathlib import Path
from types import UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import numpy as np

from embviz.checks.wording import called, described, meant
from embviz.errors import InputError

Function = TypeVar("Function", bound=Callable[..., Any])


class _DoesNotFitError(Exception):
    """A value is not of a type that its hint allows; the message, if there is one, describes the value."""


def checked(error: type[InputError] = InputError) -> Callable[[Function], Function]:
    """Decorator that refuses arguments which the type hints of a function do not allow.

    Numbers and texts may be numpy's, and reach the function as Python's own. Nothing is guessed: a text is not taken
    for a number, nor 5.0 for a whole number. The function itself has to check ranges and what its arrays hold.

    Parameters
    ----------
    error
        Class of the exception raised.

    Examples
    --------
    >>> @checked()
    ... def twice(k: int) -> int:
    ...     return 2 * k
    >>> twice(np.int64(5)), type(twice(np.int64(5)))
    (10, <class 'int'>)
    >>> twice(5.0)
    Traceback (most recent call last):
    embviz.errors.InputError: k must be a whole number, got 5.0
    """

    def decorate(function: Function) -> Function:
        signature = inspect.signature(function)

        @wraps(function)
        def refusing(*args: Any, **kwargs: Any) -> Any:
            given = signature.bind(*args, **kwargs)
            for name, value in given.arguments.items():
                given.arguments[name] = fitting(name, value, _hints(function).get(name, Any), error)
            return function(*given.args, **given.kwargs)

        return cast(Function, refusing)

    return decorate


def check_fields(value: object, error: type[InputError] = InputError) -> None:
    """Refuse fields of a frozen dataclass that its type hints do not allow.

    Replaces numpy's numbers and texts by Python's own: otherwise equal specs would print differently, and so have
    different cache keys.
    """
    hints = _hints(cast(Any, type(value)))
    for field in fields(cast(Any, value)):
        if field.init:
            given = getattr(value, field.name)
            object.__setattr__(value, field.name, fitting(field.name, given, hints[field.name], error))


def fitting(name: str, value: object, hint: Any, error: type[InputError] = InputError) -> Any:
    """Value as the type hint asks for it, such as a tuple for a list, or a Python number for one of numpy.

    Raises
    ------
    InputError
        Of class `error`, and with `name` in its message, if the hint does not allow the value.

    Examples
    --------
    >>> fitting("axes", [np.int64(2), 1], tuple[int, ...])
    (2, 1)
    >>> fitting("labels", np.arange(2), str | None)
    Traceback (most recent call last):
    embviz.errors.InputError: labels must be a text or None, got an array int64 of shape (2,)
    """
    try:
        return _fitted(value, hint)
    except _DoesNotFitError as reason:
        raise error(f"{name} must be {called(hint)}, got {str(reason) or described(value)}") from None


def check_range(name: str, value: float | None, low: float, high: float = math.inf) -> None:
    """Refuse a number outside low..high, NaN and infinity; None passes.

    Examples
    --------
    >>> check_range("recall", 1.5, 0, 1)
    Traceback (most recent call last):
    embviz.errors.InputError: recall must be in 0..1, got 1.5
    """
    if value is not None and not (low <= value <= high and math.isfinite(value)):
        allowed = f"in {low:g}..{high:g}" if high < math.inf else f"a finite number of at least {low:g}"
        raise InputError(f"{name} must be {allowed}, got {value}")


def path_of(name: str, value: str | os.PathLike[str], error: type[InputError] = InputError) -> Path:
    """Path with `~` replaced by the home folder, as a shell does.

    Examples
    --------
    >>> path_of("out", "~/layout.csv") == Path.home() / "layout.csv"
    True
    """
    return cast(Path, fitting(name, value, Path, error))


@cache
def _hints(of: Callable[..., Any]) -> dict[str, Any]:
    return get_type_hints(of)


def _fitted(value: object, hint: Any) -> Any:
    hint = meant(hint)
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return _fitted_to_one(value, get_args(hint))
    if origin is tuple:
        return _fitted_tuple(value, get_args(hint))
    if origin is collections.abc.Sequence:
        return _fitted_sequence(value, get_args(hint)[0])
    if origin is collections.abc.Mapping:
        return _fitted_mapping(value, get_args(hint)[0])
    if origin is np.ndarray:
        return _fitted_array(value)
    if hint is Any or isinstance(hint, TypeVar):
        return value
    if origin is Literal:
        return _fitted_choice(value, get_args(hint))
    if hint in (int, float, bool, str, Path):
        return _SCALARS[hint](value[()] if isinstance(value, np.ndarray) and not value.ndim else value)
    kind = origin or hint
    if not isinstance(value, kind):
        raise _DoesNotFitError
    return value


def _fitted_to_one(value: object, hints: tuple[Any, ...]) -> Any:
    said = ""
    for hint in hints:
        try:
            return _fitted(value, hint)
        except _DoesNotFitError as reason:
            said = said or str(reason)
    raise _DoesNotFitError(said)


def _fitted_choice(value: object, choices: tuple[Any, ...]) -> object:
    if not isinstance(value, str) or value not in choices:
        raise _DoesNotFitError
    return value


def _fitted_tuple(value: object, hints: tuple[Any, ...]) -> tuple[Any, ...]:
    values = _listed(value)
    each = hints[:1] * len(values) if hints[1:] == (Ellipsis,) else hints
    if len(each) != len(values):
        raise _DoesNotFitError
    return tuple(_fitted_item(one, hint) for one, hint in zip(values, each, strict=True))


def _fitted_sequence(value: object, hint: Any) -> list[Any]:
    return [_fitted_item(one, hint) for one in _listed(value)]


def _fitted_item(value: object, hint: Any) -> Any:
    try:
        return _fitted(value, hint)
    except _DoesNotFitError as reason:
        raise _DoesNotFitError(f"one with {str(reason) or described(value)} in it") from None


def _fitted_mapping(value: object, key_hint: Any) -> object:
    if not isinstance(value, collections.abc.Mapping):
        raise _DoesNotFitError
    for key in value:
        _fitted_item(key, key_hint)
    return value


def _listed(value: object) -> list[Any]:
    is_list = isinstance(value, collections.abc.Sequence) and not isinstance(value, str | bytes)
    if not (is_list or (isinstance(value, np.ndarray) and value.ndim == 1)):
        raise _DoesNotFitError
    return list(cast(Sequence[Any], value))


def _fitted_array(value: object) -> object:
    if isinstance(value, np.ma.MaskedArray):
        raise _DoesNotFitError("a masked array: fill its gaps, or leave those items out")
    if not isinstance(value, np.ndarray) or not value.ndim:
        raise _DoesNotFitError
    return value


def _whole(value: Any) -> int:
    if isinstance(value, bool | np.bool_):
        raise _DoesNotFitError
    try:
        number = operator.index(value)
    except TypeError:
        raise _DoesNotFitError from None
    if number.bit_length() >= 64:
        raise _DoesNotFitError(f"one of {number.bit_length()} bits")
    return number


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        raise _DoesNotFitError
    try:
        return float(value)
    except OverflowError:
        raise _DoesNotFitError("a whole number of more than 308 digits") from None


def _truth(value: object) -> bool:
    if not isinstance(value, bool | np.bool_):
        raise _DoesNotFitError
    return bool(value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _DoesNotFitError
    return str(value)


def _path(value: object) -> Path:
    if not isinstance(value, str | os.PathLike) or isinstance(os.fspath(value), bytes):
        raise _DoesNotFitError
    text = str(os.fspath(value))
    try:
        is_name = text and b"\0" not in os.fsencode(text)
    except UnicodeEncodeError:
        raise _DoesNotFitError(f"{text!a:.80}, which has a lone surrogate") from None
    if not is_name:
        raise _DoesNotFitError
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise _DoesNotFitError(f"{text!r}, and there is no such home folder") from None


_SCALARS: dict[Any, Callable[[Any], Any]] = {int: _whole, float: _number, bool: _truth, str: _text, Path: _path}
