"""The config of an export: projector_config.pbtxt for TensorBoard, and JSON for the standalone projector."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from embviz.datasets.files.projector.text_proto import Message, text_message

CONFIG_FILE = "projector_config.pbtxt"
STANDALONE_FILE = "standalone_config.json"


@dataclass(frozen=True, slots=True)
class TensorEntry:
    """One tensor of the config; every path is a bare file name in the same folder.

    Attributes
    ----------
    name
        Unique name, of letters, digits, ``_``, ``.`` and ``-``.
    path
        Name of the tensor file.
    shape
        Number of items, and of dimensions; TensorBoard needs them to read a binary file.
    metadata_path
        Name of the metadata file.
    sprite_path
        Name of the file with the sprite sheet; empty without images.
    sprite_cell
        Width and height of one image in the sheet, in pixels; 0 without images.
    bookmarks_path
        Name of the file with the layouts; empty without layouts.
    """

    name: str
    path: str
    shape: tuple[int, int]
    metadata_path: str
    sprite_path: str = ""
    sprite_cell: int = 0
    bookmarks_path: str = ""


def config_text(entries: Sequence[TensorEntry]) -> str:
    r"""The text of the config: a ``tensorboard.projector.ProjectorConfig`` message in protobuf's text format.

    Examples
    --------
    >>> print(config_text([TensorEntry("pixels", "tensor-pixels.bytes", (9, 4), "metadata.tsv")]), end="")
    embeddings {
      tensor_name: "pixels"
      metadata_path: "metadata.tsv"
      tensor_shape: 9
      tensor_shape: 4
      tensor_path: "tensor-pixels.bytes"
    }
    """
    return "".join(_entry_text(entry) for entry in entries)


def _entry_text(entry: TensorEntry) -> str:
    lines = [f'tensor_name: "{entry.name}"', f'metadata_path: "{entry.metadata_path}"']
    if entry.bookmarks_path:
        lines.append(f'bookmarks_path: "{entry.bookmarks_path}"')
    lines += [f"tensor_shape: {length}" for length in entry.shape]
    if entry.sprite_path:
        size = f"    single_image_dim: {entry.sprite_cell}\n"
        lines.append(f'sprite {{\n    image_path: "{entry.sprite_path}"\n{size}{size}  }}')
    lines.append(f'tensor_path: "{entry.path}"')
    return "embeddings {\n" + "".join(f"  {line}\n" for line in lines) + "}\n"


def parse_config(text: str) -> list[TensorEntry]:
    """The entries of a config written by `config_text`; configs of other programs may lack fields that it needs.

    Raises
    ------
    ValueError
        If a field is missing or the text ends early.
    """
    return [_entry(message) for message in text_message(text).get("embeddings", [])]


def _entry(message: Message) -> TensorEntry:
    try:
        (name,), (path,), (metadata_path,) = (message[key] for key in ("tensor_name", "tensor_path", "metadata_path"))
        items, dimensions = message["tensor_shape"]
        (sprite,) = message.get("sprite", [{}])
        (sprite_path,) = sprite.get("image_path", [""])
        (sprite_cell,) = set(sprite.get("single_image_dim", [0]))
        (bookmarks_path,) = message.get("bookmarks_path", [""])
    except KeyError as error:
        raise ValueError(f"{error} is missing") from error
    return TensorEntry(name, path, (items, dimensions), metadata_path, sprite_path, sprite_cell, bookmarks_path)


def standalone_json(entries: Sequence[TensorEntry], base_url: str = "") -> str:
    """The text of the JSON config that ``https://projector.tensorflow.org/?config=<URL>`` loads.

    Parameters
    ----------
    entries
        The tensors.
    base_url
        URL at which the folder is served, with cross-origin access allowed. If empty, paths are bare file names, for a
        projector page that lies in the folder itself.
    """
    base = base_url and base_url.rstrip("/") + "/"
    return json.dumps({"embeddings": [_standalone_entry(entry, base) for entry in entries]}, indent=2) + "\n"


def _standalone_entry(entry: TensorEntry, base: str) -> dict[str, Any]:
    described: dict[str, Any] = {
        "tensorName": entry.name,
        "tensorShape": list(entry.shape),
        "tensorPath": base + entry.path,
        "metadataPath": base + entry.metadata_path,
    }
    if entry.sprite_path:
        size = [entry.sprite_cell, entry.sprite_cell]
        described["sprite"] = {"imagePath": base + entry.sprite_path, "singleImageDim": size}
    if entry.bookmarks_path:
        described["bookmarksPath"] = base + entry.bookmarks_path
    return described
