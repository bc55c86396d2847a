"""A projector config: TensorBoard's `projector_config.pbtxt`, or the JSON of the standalone projector."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from embviz.datasets.files.opened import opened
from embviz.datasets.files.projector.text_proto import Message, text_message
from embviz.errors import DatasetError
from embviz.storage.files import opened_file

CONFIG_FILE = "projector_config.pbtxt"

_MOST_BYTES = 2**24
_MOST_ITEMS = 2**40


@dataclass(frozen=True, slots=True)
class EmbeddingInfo:
    """One tensor of a config, as the config has it; paths may be of another machine, or addresses.

    Attributes
    ----------
    name
        Name of the tensor; empty if it has none.
    tensor_path
        Path of the tensor's file; empty if the tensor is in a checkpoint.
    shape
        Items and dimensions, where the config says so; else empty.
    metadata_path, sprite_path, bookmarks_path
        Paths of metadata, sprite sheet and bookmark file; empty if there is none.
    cell
        Width and height of one image in the sprite sheet; (0, 0) where the config does not say.
    """

    name: str
    tensor_path: str
    shape: tuple[int, ...] = ()
    metadata_path: str = ""
    sprite_path: str = ""
    cell: tuple[int, int] = (0, 0)
    bookmarks_path: str = ""


def embedding_infos(path: Path) -> list[EmbeddingInfo]:
    """The tensors that a config names.

    Raises
    ------
    DatasetError
        If the file cannot be read, is not a config, or names no tensor's file: the tensors may be in a checkpoint.
    """
    message = _config_message(path)
    infos = [_info(path, each) for each in message.get("embeddings", [])]
    if not any(info.tensor_path for info in infos):
        checkpoint = "".join(f" ({value})" for value in message.get("model_checkpoint_path", [])[:1])
        if infos or checkpoint:
            raise DatasetError(
                f"{path} has its vectors in a TensorFlow checkpoint{checkpoint:.80}, which only TensorFlow reads; save "
                "them as numbers with tabs between, one line per item, and name that file in the config as tensor_path"
            )
        raise DatasetError(f"{path} names no tensor; expected `embeddings` with a `tensor_path`")
    return infos


def is_config(path: Path) -> bool:
    """Whether a file is a projector config, by its name or, for a JSON file, by its beginning."""
    if path.name == CONFIG_FILE:
        return True
    if path.suffix.lower() != ".json":
        return False
    try:
        with opened_file(path) as file:
            return re.match(rb'\s*\{\s*"(embeddings"\s*:\s*\[|modelCheckpointPath")', file.read(4096)) is not None
    except OSError:  # reported when the file is opened
        return False


def _config_message(path: Path) -> Message:
    with opened(path) as file:
        data = file.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise DatasetError(f"{path} has more than {_MOST_BYTES:,} bytes, too many for a config; give another file")
    try:
        text = data.decode("utf-8-sig")
        return _of_json(text) if text.lstrip()[:1] in ("{", "[") else text_message(text)
    except (ValueError, RecursionError) as error:
        raise DatasetError(f"{path} is not a projector config: {error!s:.200}; write it again") from error


def _of_json(text: str) -> Message:
    """Fields of a config in JSON, under their names in `projector_config.pbtxt`."""
    config = json.loads(text)
    embeddings = config.get("embeddings") if isinstance(config, dict) else None
    if not isinstance(embeddings, list):
        raise ValueError("it has no list `embeddings`")
    return {"embeddings": [_snake_case(each) for each in embeddings]}


def _snake_case(described: Any) -> Any:
    if not isinstance(described, dict):
        return described
    return {
        re.sub("[A-Z]", lambda letter: f"_{letter.group().lower()}", name): list(map(_snake_case, _listed(value)))
        for name, value in described.items()
        if value is not None
    }


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _info(path: Path, message: Any) -> EmbeddingInfo:
    name = _text(path, message, "tensor_name").removesuffix(":0")
    sprite = _last(path, message, "sprite", {})
    width, height = ([*_numbers(path, sprite, "single_image_dim", 2), 0, 0])[:2]
    return EmbeddingInfo(
        name=name,
        tensor_path=_text(path, message, "tensor_path"),
        shape=_numbers(path, message, "tensor_shape", 2),
        metadata_path=_text(path, message, "metadata_path"),
        sprite_path=_text(path, sprite, "image_path"),
        cell=(width, height or width),
        bookmarks_path=_text(path, message, "bookmarks_path"),
    )


def _last(path: Path, message: Any, field: str, default: Any) -> Any:
    """Last value of a field, which is the one that protobuf takes."""
    if not isinstance(message, dict):
        raise DatasetError(f"{path}: expected a message, found {message!r:.40}; write the config again")
    return (message.get(field) or [default])[-1]


def _text(path: Path, message: Any, field: str) -> str:
    value = _last(path, message, field, "")
    if not isinstance(value, str):
        raise DatasetError(f"{path}: {field} is {value!r:.40}; expected a text")
    return value


def _numbers(path: Path, message: Any, field: str, most: int) -> tuple[int, ...]:
    _last(path, message, field, 0)
    values = message.get(field, [])
    is_whole = all(
        isinstance(value, int) and not isinstance(value, bool) and 0 < value < _MOST_ITEMS for value in values
    )
    if len(values) > most or not is_whole:
        raise DatasetError(f"{path}: {field} is {values!r:.60}; expected {most} whole numbers, each at least 1")
    return tuple(values)
