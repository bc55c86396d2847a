"""Layouts with their parameters, written as parts of an address and read from them; reading of any such part."""

import math
import types
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, Union, get_args, get_origin, get_type_hints

from embviz.errors import InputError
from embviz.projection.specs import Columns, Directions, Pca, ProjectionSpec, Tsne, Umap
from embviz.saved.axis_parts import column_parts, columns_of_parts, direction_parts, directions_of_parts

Parts = Mapping[str, list[str]]
"""The values of an address, by the name of each part."""

_ALWAYS = ("n_components", "seed")
_SPECS: dict[str, type[Pca | Tsne | Umap]] = {"pca": Pca, "tsne": Tsne, "umap": Umap}
_SHORT = {
    "n_components": "dims",
    "n_neighbors": "neighbors",
    "max_iter": "iterations",
    "n_epochs": "epochs",
    "label_strength": "strength",
    "ignored_label": "ignored",
}
"""Names of parameters in an address where they differ from those in Python."""


def one_of(parts: Parts, name: str) -> str:
    """The value of a part of an address; empty if the part is missing.

    Raises
    ------
    InputError
        If the part occurs more than once.
    """
    values = parts.get(name, [""])
    if len(values) > 1:
        raise InputError(f"{name} is in the address {len(values)} times; once is enough")
    return values[0]


def spec_parts(spec: ProjectionSpec) -> list[tuple[str, str]]:
    """Parts for the method, the number of dimensions or the axes, the seed, and parameters that are not the default."""
    if isinstance(spec, Directions | Columns):
        axes = direction_parts(spec) if isinstance(spec, Directions) else column_parts(spec)
        scaled = [] if spec.preprocess is None else [("preprocess", spec.preprocess)]
        return [("method", spec.method), *axes, *scaled, ("seed", str(spec.seed))]
    usual = type(spec)(n_components=spec.n_components)
    named = [(field.name, getattr(spec, field.name)) for field in fields(spec)]
    kept = [(name, value) for name, value in named if name in _ALWAYS or value != getattr(usual, name)]
    return [("method", spec.method), *((_SHORT.get(name, name), written(value)) for name, value in kept)]


def spec_of_parts(parts: Parts) -> ProjectionSpec:
    """The spec that `spec_parts` wrote; missing parameters get their defaults, and a missing method is t-SNE.

    Raises
    ------
    InputError
        If there is no such method, or a parameter has a value that is not allowed.
    """
    method = one_of(parts, "method") or "tsne"
    if method in ("directions", "columns"):
        seed, preprocess = value_of("seed", int, one_of(parts, "seed") or "0"), one_of(parts, "preprocess") or None
        if method == "columns":
            return Columns(columns_of_parts(parts.get("axis", [])), preprocess, seed)
        return directions_of_parts(parts.get("from", []), parts.get("to", []), preprocess, seed)
    if method not in _SPECS:
        raise InputError(f"method must be one of {', '.join(_SPECS)}, directions, columns, got {method!r:.60}")
    kind = _SPECS[method]
    hints = get_type_hints(kind)
    given = {field.name: one_of(parts, _SHORT.get(field.name, field.name)) for field in fields(kind)}
    values = {name: value_of(name, hints[name], text) for name, text in given.items() if text}
    if "ignored_label" in given and "ignored" in parts:
        values["ignored_label"] = given["ignored_label"]  # any text: a class may have no name, or be called "none"
    return kind(**values)


def written(value: object) -> str:
    """A parameter as text.

    Examples
    --------
    >>> [written(value) for value in (30.0, 0.25, True, None, (2, 1), "cosine")]
    ['30', '0.25', 'yes', 'none', '2,1', 'cosine']
    """
    match value:
        case bool():
            return "yes" if value else "no"
        case None:
            return "none"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case tuple():
            return ",".join(map(written, value))
        case _:
            return str(value)


def value_of(name: str, hint: Any, text: str) -> Any:
    """A value of this type, from its text.

    Raises
    ------
    InputError
        If the text is not a value of this type.

    Examples
    --------
    >>> value_of("seed", int, "7"), value_of("axes", tuple[int, ...], "2,1"), value_of("supervised", bool, "yes")
    (7, (2, 1), True)
    """
    kinds: Sequence[Any] = get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)
    if text == "none" and type(None) in kinds:
        return None
    for kind in kinds:
        try:
            if kind is bool and text in ("yes", "no"):
                return text == "yes"
            if kind is int and len(text) <= 16:
                return int(text)
            if kind is float and math.isfinite(float(text)):
                return float(text)
            if get_origin(kind) is tuple and len(text) <= 60:
                return tuple(int(part) for part in text.split(","))
        except ValueError:
            continue
        if kind is str:
            return text
    raise InputError(f"{name} cannot be {text!r:.60}")
