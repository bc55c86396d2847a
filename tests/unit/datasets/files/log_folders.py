"""Log folders as the programs write them that TensorBoard's users use; each is written as its source has it."""

import json
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from google.protobuf import text_format
from PIL import Image
from tensorboard.plugins.projector.projector_config_pb2 import ProjectorConfig

from embviz.arrays import Float32Array, UInt8Array


class SummaryWriter:
    """What `torch.utils.tensorboard.SummaryWriter` does when it is told `add_embedding`: a folder per step and tag."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._config = ProjectorConfig()

    def add_embedding(
        self,
        mat: Float32Array,
        metadata: Sequence[object] | None = None,
        label_img: Float32Array | None = None,
        global_step: int = 0,
        tag: str = "default",
        metadata_header: Sequence[str] | None = None,
    ) -> None:
        """`label_img` has shape (n, c, h, w), values in 0..1."""
        encoded = tag.replace("%", "%25").replace("/", "%2f").replace("\\", "%5c")
        part = f"{global_step:05d}/{encoded}"
        folder = self._folder / part
        folder.mkdir(parents=True, exist_ok=True)
        info = self._config.embeddings.add(tensor_name=f"{tag}:{global_step:05d}", tensor_path=f"{part}/tensors.tsv")
        if metadata is not None:
            lines = [*map(str, metadata)]
            if metadata_header:
                lines = ["\t".join(map(str, row)) for row in [metadata_header, *metadata]]  # type: ignore[list-item]
            (folder / "metadata.tsv").write_bytes(("\n".join(lines) + "\n").encode())
            info.metadata_path = f"{part}/metadata.tsv"
        if label_img is not None:
            Image.fromarray(_torch_sprite(label_img)).save(folder / "sprite.png")
            info.sprite.image_path = f"{part}/sprite.png"
            info.sprite.single_image_dim.extend([label_img.shape[3], label_img.shape[2]])
        rows = ["\t".join(str(value.item()) for value in row) + "\n" for row in mat]
        (folder / "tensors.tsv").write_text("".join(rows))
        (self._folder / "projector_config.pbtxt").write_text(text_format.MessageToString(self._config))


def _torch_sprite(images: Float32Array) -> UInt8Array:
    """A grid on a black square, which is as high as the grid is wide."""
    n, channels, height, width = images.shape
    columns = min(n, math.ceil(n**0.5))
    rows = math.ceil(n / columns)
    colors = np.repeat(images, 3, axis=1) if channels == 1 else images
    square = np.zeros((columns * width, columns * width, 3))
    for row in range(rows):
        for column, image in enumerate(colors[row * columns : (row + 1) * columns]):
            left = column * width
            square[row * height : (row + 1) * height, left : left + width] = image.transpose(1, 2, 0)
    return np.asarray((square * 255).clip(0, 255), np.uint8)


def standalone_folder(folder: Path, tensors: dict[str, Float32Array], **beside: dict[str, str]) -> Path:
    """A config of the standalone projector with paths from the root of a site, and binary tensors beside it."""
    embeddings = []
    for name, vectors in tensors.items():
        (folder / f"{name}_tensors.bytes").write_bytes(vectors.astype("<f4").tobytes())
        described = {
            "tensorName": name,
            "tensorShape": list(vectors.shape),
            "tensorPath": f"oss_data/{name}_tensors.bytes",
        }
        embeddings.append(described | beside.get(name, {}))
    config = folder / "oss_demo_projector_config.json"
    config.write_text(json.dumps({"embeddings": embeddings, "modelCheckpointPath": "Demo datasets"}, indent=2))
    return config
