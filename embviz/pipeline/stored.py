"""Storing dataclass values as artifacts in the store, and loading them again."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from itertools import count, takewhile
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import numpy as np

from embviz.arrays import DataclassValue, fingerprint
from embviz.checks.arguments import fitting
from embviz.errors import InputError
from embviz.storage.artifacts import Artifact
from embviz.storage.store import Store

VERSION = "10"
"""Part of every key. Increase it when a stage gives another result for the same input: all is then computed again."""

logger = logging.getLogger(__name__)

Value = TypeVar("Value", bound=DataclassValue)


def key_of(kind: type[DataclassValue], *parts: str) -> str:
    """The key in the store of a value of class `kind` that is made from `parts`.

    It depends on the names of the class's fields, so that versions of embviz with other fields have other keys.
    """
    return fingerprint(VERSION, *_field_names(kind), *parts)


def spec_key(spec: DataclassValue) -> str:
    """The spec as text for a key: its `repr`, without those fields after the seed that have their default values.

    Fields after the seed were added later; leaving out their defaults keeps the keys of artifacts stored before.

    Examples
    --------
    >>> from embviz.projection.specs import Umap
    >>> spec_key(Umap(supervised=True))[-8:], spec_key(Umap(supervised=True, label_strength=80))[-29:]
    (' seed=0)', ' seed=0, label_strength=80.0)')
    """
    names = [field.name for field in fields(spec)]
    later = names[names.index("seed") + 1 :]
    kept = [field for field in fields(spec) if field.name not in later or getattr(spec, field.name) != field.default]
    told = ", ".join(f"{field.name}={getattr(spec, field.name)!r}" for field in kept)
    return f"{type(spec).__name__}({told})"


def kept_value(value: Value, store: Store, folder: str, key: str, known: tuple[str, ...] = ()) -> Value:
    """Save the fields of a value in the store, and return the value.

    The fields named in `known` are not saved: they are passed to `stored_value` again. A field may be an array, a
    number, a text, None, a tuple of these, a tuple of arrays, or a dataclass of such fields.
    """
    saved = dict(_named_parts(value, known))
    arrays = {name: part for name, part in saved.items() if isinstance(part, np.ndarray)}
    store.save(folder, key, Artifact(arrays, {name: part for name, part in saved.items() if name not in arrays}))
    return value


def stored_value(
    kind: type[Value], store: Store, folder: str, key: str, *, fits: Callable[[Value], bool], **known: Any
) -> Value | None:
    """The value that `kept_value` saved, or None; `known` are the fields that were not saved.

    The result is None if nothing is saved under this key, if what is saved is not exactly a value of this class, or if
    `fits` refuses the value. In these cases the caller computes the value again.
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
        logger.warning("%s %s in the store is not a %s and is computed again: %s", folder, key, kind.__name__, error)
        return None
    if not fits(value):
        logger.warning("%s %s in the store was made from other inputs and is computed again", folder, key)
        return None
    return value


def _named_parts(value: DataclassValue, known: tuple[str, ...], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The name and the value of each field.

    The fields of a dataclass in a field are named ``<field>.<name>``, the arrays of a tuple ``<field>.0``, and so on.
    """
    for field in fields(value):
        name, part = prefix + field.name, getattr(value, field.name)
        if not field.init or name in known:
            continue
        if is_dataclass(part) and not isinstance(part, type):
            yield from _named_parts(part, known, f"{name}.")
        elif isinstance(part, tuple) and part and all(isinstance(each, np.ndarray) for each in part):
            yield from ((f"{name}.{place}", each) for place, each in enumerate(part))
        else:
            yield name, part


def _value_of(kind: type[Value], parts: dict[str, Any], prefix: str = "") -> Value:
    """The value made of the `parts` whose names begin with the prefix; these are removed from `parts`."""
    given, hints = {}, get_type_hints(kind)
    for field in fields(kind):
        if not field.init:
            continue
        name, hint = prefix + field.name, hints[field.name]
        inner = _dataclass_in(hint)
        if name in parts:
            given[field.name] = fitting(name, parts.pop(name), hint)
        elif f"{name}.0" in parts:
            places = takewhile(lambda place: place in parts, (f"{name}.{place}" for place in count()))
            given[field.name] = fitting(name, tuple(parts.pop(place) for place in places), hint)
        elif inner is not None:
            given[field.name] = _value_of(inner, parts, f"{name}.")
        else:
            raise InputError(f"it has no {name}")
    return kind(**given)


def _field_names(kind: type[DataclassValue], prefix: str = "") -> Iterator[str]:
    """Names of all fields of a class and of the dataclasses in them, as `_named_parts` writes them."""
    hints = get_type_hints(kind)
    for field in fields(kind):
        yield prefix + field.name
        inner = _dataclass_in(hints[field.name])
        if inner is not None:
            yield from _field_names(inner, f"{prefix}{field.name}.")


def _dataclass_in(hint: Any) -> type[DataclassValue] | None:
    """The dataclass that a field with this type hint may hold; None if there is no such dataclass, or several."""
    allowed = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    kinds = [kind for kind in allowed if isinstance(kind, type) and is_dataclass(kind)]
    return kinds[0] if len(kinds) == 1 else None
