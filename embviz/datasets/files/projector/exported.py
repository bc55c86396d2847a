"""What `embviz.json`, beside an export of ours, says of it that TensorBoard's files have no place for."""

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
    """The dataset that was exported.

    Attributes
    ----------
    name
        Of the dataset, with its split.
    class_names
        In the order of their codes.
    class_cells
        What stands for each class in the metadata.
    image_shape
        Of one image; empty without images, or of an older export.
    columns
        Header in the metadata to name and type of a column of the dataset: ``text``, ``int64``, ``float64``, ``bool``.
    constants
        Columns that are the same for every item: name to type and cell.
    """

    name: str
    class_names: tuple[str, ...] = ()
    class_cells: tuple[str, ...] = ()
    image_shape: tuple[int, ...] = ()
    columns: dict[str, tuple[str, str]] = field(default_factory=dict)
    constants: dict[str, tuple[str, str]] = field(default_factory=dict)


def exported_dataset(folder: Path) -> Exported | None:
    """What the manifest in a folder says; None if the folder is no export of ours, or one that does not say it.

    Raises
    ------
    DatasetError
        If the manifest is ours and has been changed by somebody.
    """
    path = folder / _MANIFEST_FILE
    try:
        with opened_file(path) as file:
            manifest = json.loads(file.read(_MOST_BYTES))
        said = manifest["dataset"] if manifest["format"] == _FORMAT else {}
    except (OSError, ValueError, RecursionError, LookupError, TypeError):  # not there, or not ours
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
        raise TypeError(f"{value!r:.40} is no text")
    return value


def _type(value: object) -> str:
    if value not in _TYPES:
        raise TypeError(f"{value!r:.40} is no type of a column")
    return _text(value)
