"""The fields of a spec as JSON values, for the files that record how a layout or features were made."""

from dataclasses import fields, is_dataclass
from typing import Any

from embviz.items.id_set import IdSet


def spec_fields(spec: object) -> dict[str, Any]:
    """Name and value of each field of a dataclass; dataclasses in it likewise, and sets of items as lists of ids.

    Examples
    --------
    >>> from embviz.items.id_set import id_set
    >>> from embviz.projection.directions.spec import End
    >>> spec_fields(End("odd", "chosen", id_set([1, 3])))
    {'name': 'odd', 'kind': 'chosen', 'ids': [1, 3]}
    """
    assert is_dataclass(spec), "specs are dataclasses"
    return {field.name: _plain(getattr(spec, field.name)) for field in fields(spec)}


def _plain(value: object) -> Any:
    match value:
        case IdSet():
            return value.ids.tolist()
        case tuple():
            return [_plain(each) for each in value]
    return spec_fields(value) if is_dataclass(value) else value
