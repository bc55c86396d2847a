"""Values as artifacts in the store, and back."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import numpy as np

from embviz.arrays import DataclassValue, fingerprint
from embviz.checks.arguments import fitting
from embviz.errors import InputError
from embviz.storage.artifacts import Artifact
from embviz.storage.store import Store

VERSION = "8"
"""Raise it when a stage answers otherwise to the same input, and all that is stored is computed again."""

logger = logging.getLogger(__name__)

Value = TypeVar("Value", bound=DataclassValue)


def key_of(kind: type[DataclassValue], *parts: str) -> str:
    """Of a value made from `parts`. A version of embviz whose values have other fields finds nothing by it."""
    return fingerprint(VERSION, *_field_names(kind), *parts)


def kept_value(value: Value, store: Store, folder: str, key: str, known: tuple[str, ...] = ()) -> Value:
    """The value itself, after its fields were saved, but those that are `known` to whoever asks for it.

    A field may be an array, a number, a text, None, a tuple of these, or a dataclass of such fields.
    """
    saved = dict(_named_parts(value, known))
    arrays = {name: part for name, part in saved.items() if isinstance(part, np.ndarray)}
    store.save(folder, key, Artifact(arrays, {name: part for name, part in saved.items() if name not in arrays}))
    return value


def stored_value(
    kind: type[Value], store: Store, folder: str, key: str, *, fits: Callable[[Value], bool], **known: Any
) -> Value | None:
    """The value that `kept_value` kept; `known` are the fields it was told to leave out.

    None if it is absent, or is not exactly a value of what is asked for: then it is computed again.
    """
    artifact = store.load(folder, key)
    if artifact is None:
        return None
    parts: dict[str, Any] = {**artifact.arrays, **artifact.scalars, **known}
    try:
        if len(parts) < len(artifact.arrays) + len(artifact.scalars) + len(known):
            raise InputError("it has two parts of the same name")
        value = _value_of(kind, parts)
        if parts:
            raise InputError(f"it has {', '.join(sorted(parts))}, which is not asked for")
    except InputError as error:
        logger.warning("%s %s in the store is no %s and is computed again: %s", folder, key, kind.__name__, error)
        return None
    if not fits(value):
        logger.warning("%s %s in the store is of something else and is computed again", folder, key)
        return None
    return value


def _named_parts(value: DataclassValue, known: tuple[str, ...], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The fields of a value, each with its name; those of a dataclass in a field as ``<field>.<name>``."""
    for field in fields(value):
        name, part = prefix + field.name, getattr(value, field.name)
        if not field.init or name in known:
            continue
        if is_dataclass(part) and not isinstance(part, type):
            yield from _named_parts(part, known, f"{name}.")
        else:
            yield name, part


def _value_of(kind: type[Value], parts: dict[str, Any], prefix: str = "") -> Value:
    """A value of those `parts` whose names begin with the prefix; they are taken out of `parts`."""
    given, hints = {}, get_type_hints(kind)
    for field in fields(kind):
        if not field.init:
            continue
        name, hint = prefix + field.name, hints[field.name]
        inner = _dataclass_in(hint)
        if name in parts:
            given[field.name] = fitting(name, parts.pop(name), hint)
        elif inner is not None:
            given[field.name] = _value_of(inner, parts, f"{name}.")
        else:
            raise InputError(f"it has no {name}")
    return kind(**given)


def _field_names(kind: type[DataclassValue], prefix: str = "") -> Iterator[str]:
    """The names under which `_named_parts` has a value of this class, and those of the fields that it makes itself."""
    hints = get_type_hints(kind)
    for field in fields(kind):
        yield prefix + field.name
        inner = _dataclass_in(hints[field.name])
        if inner is not None:
            yield from _field_names(inner, f"{prefix}{field.name}.")


def _dataclass_in(hint: Any) -> type[DataclassValue] | None:
    """The one dataclass that a field may hold, beside None; no dataclass where there are several to choose from."""
    allowed = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    kinds = [kind for kind in allowed if isinstance(kind, type) and is_dataclass(kind)]
    return kinds[0] if len(kinds) == 1 else None
