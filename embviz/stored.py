"""Values as artifacts in the store, and back."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, TypeVar

import numpy as np

from embviz.arrays import fingerprint
from embviz.artifacts import Artifact
from embviz.errors import InputError
from embviz.features import Network
from embviz.neighbors import NeighborGraph
from embviz.overlap import OverlapMatrix
from embviz.projection.pca import PrincipalComponents
from embviz.projection.projection import Projection
from embviz.store import Store

VERSION = "8"
"""Raise it when a stage answers otherwise to the same input, and all that is stored is computed again."""

logger = logging.getLogger(__name__)

Value = TypeVar("Value", Network, NeighborGraph, PrincipalComponents, Projection, OverlapMatrix)


def key_of(kind: type[Value], *parts: str) -> str:
    """Of a value made from `parts`. A version of embviz whose values have other fields finds nothing by it."""
    return fingerprint(VERSION, *(field.name for field in fields(kind)), *parts)


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
        _require_fields(kind, parts)
        value = kind(**parts)
    except InputError as error:
        logger.warning("%s %s in the store is no %s and is computed again: %s", folder, key, kind.__name__, error)
        return None
    if not fits(value):
        logger.warning("%s %s in the store is of something else and is computed again", folder, key)
        return None
    return value


def _require_fields(kind: type[Value], parts: Mapping[str, Any]) -> None:
    expected = {field.name for field in fields(kind) if field.init}
    if parts.keys() != expected:
        raise InputError(f"it has the fields {', '.join(sorted(parts))}, expected {', '.join(sorted(expected))}")


def kept_value(value: Value, store: Store, folder: str, key: str, known: tuple[str, ...] = ()) -> Value:
    """The value itself, after its fields were saved, but those that are `known` to whoever asks for it."""
    saved = {
        field.name: getattr(value, field.name) for field in fields(value) if field.init and field.name not in known
    }
    arrays = {name: part for name, part in saved.items() if isinstance(part, np.ndarray)}
    store.save(folder, key, Artifact(arrays, {name: part for name, part in saved.items() if name not in arrays}))
    return value
