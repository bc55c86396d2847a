"""Reader of `embviz.json`, which holds what TensorBoard's files cannot say about a dataset that embviz exported."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from embviz.errors import DatasetError
from embviz.storage.files import opened_file

_MANIFEST_FILE = "embviz.json"
_FORMAT = "embviz projector export"
_MOST_BYTES = 2**24
_TYPES = ("text", "int64", "float64", "bool")


@dataclass(frozen=True, slots=True)
class Exported:
    """A dataset that was exported, as `embviz.json` describes it.

    Attributes
    ----------
    name
        Name of the dataset, with its split.
    class_names
        Names of the classes, in the order of their codes.
    class_cells
        Text that stands for each class in the metadata.
    image_shape
        Shape of one image; empty without images, or in an older export.
    columns
        Name and type (``text``, ``int64``, ``float64``, ``bool``) of the dataset's columns, by header in the metadata.
    constants
        Type and cell of each column that has the same value for every item, by the column's name.
    """

    name: str
    class_names: tuple[str, ...] = ()
    class_cells: tuple[str, ...] = ()
    image_shape: tuple[int, ...] = ()
    columns: dict[str, tuple[str, str]] = field(default_factory=dict)
    constants: dict[str, tuple[str, str]] = field(default_factory=dict)


def exported_dataset(folder: Path) -> Exported | None:
    """The dataset that embviz exported into a folder; None if there is no manifest of embviz that describes it.

    Raises
    ------
    DatasetError
        If the manifest is one of embviz that has been changed since.
    """
    path = folder / _MANIFEST_FILE
    try:
        with opened_file(path) as file:
            manifest = json.loads(file.read(_MOST_BYTES))
        said = manifest["dataset"] if manifest["format"] == _FORMAT else {}
    except (OSError, ValueError, RecursionError, LookupError, TypeError):  # missing, or not written by embviz
        return None
    if not isinstance(said, dict) or "columns" not in said:
        return None
    try:
        return _exported(said)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise DatasetError(
            f"{path} is not as embviz wrote it ({error!s:.80}); take it away, or export again"
        ) from error


def _exported(said: dict[str, Any]) -> Exported:
    classes = [(_text(each["name"]), _text(each["cell"])) for each in said["classes"]]
    return Exported(
        name=f"{_text(said['name'])} {_text(said['split'])}".strip(),
        class_names=tuple(name for name, _ in classes),
        class_cells=tuple(cell for _, cell in classes),
        image_shape=tuple(map(int, said["image_shape"])),
        columns={_text(each["header"]): (_text(each["name"]), _type(each["type"])) for each in said["columns"]},
        constants={_text(each["name"]): (_type(each["type"]), _text(each["cell"])) for each in said["constants"]},
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r:.40} is not a text")
    return value


def _type(value: object) -> str:
    if value not in _TYPES:
        raise TypeError(f"{value!r:.40} is not a type of a column")
    return _text(value)
