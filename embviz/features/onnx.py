"""Activations of a user's own model, an ONNX file: its layers are listed, and one is run over the images.

A model can do as much harm as a program, so it runs in a process of its own, with limits on memory and time.
"""

import importlib.util
import json
import math
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from embviz.arrays import Float32Array, UInt8Array, memory_bytes
from embviz.checks.arguments import checked, path_of
from embviz.errors import DatasetError, MissingDependencyError, SpecError
from embviz.features.onnx_file import node_outputs
from embviz.processes.child import POLL_SECONDS, Talk, child_process, unpacked
from embviz.progress import Progress, no_progress
from embviz.storage.files import opened_file

MOST_BYTES = 2**31 - 1
"""Most bytes of a model: a message of Protocol Buffers cannot be larger."""


_AT_ONCE = 1024
"""Images that are sent at a time."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Most time and memory that a model may take.

    Attributes
    ----------
    seconds
        Most seconds that it may run, >= 1.
    memory_bytes
        Most bytes of memory, its results included; 0 for half of what the machine has. Not enforced on Windows.
    """

    seconds: int = 600
    memory_bytes: int = 0

    def __post_init__(self) -> None:
        if self.seconds < 1 or self.memory_bytes < 0:
            given = f"{self.seconds} seconds and {self.memory_bytes} bytes"
            raise SpecError(f"a model may take at least 1 second and 0 bytes, got {given}")

    @property
    def memory(self) -> int:
        """Most bytes of memory, also where `memory_bytes` is 0."""
        return self.memory_bytes or memory_bytes() // 2


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class OnnxLayer:
    """Layer of a model: an output of one of its operations that has numbers for each image.

    Attributes
    ----------
    name
        Name of the output in the file.
    operation
        Operation that computes it: ``Relu``, ``Gemm``, …
    shape
        Shape of the numbers for one image.
    """

    name: str
    operation: str
    shape: tuple[int, ...]

    @property
    def n_features(self) -> int:
        """Number of values for one image."""
        return math.prod(self.shape)


@dataclass(frozen=True, eq=False, slots=True)
class OnnxActivations:
    """Activations of one layer of a model for each image.

    Attributes
    ----------
    vectors
        float32, shape (n, d), finite: the layer's numbers for an image in one row.
    notes
        How the images were changed to fit the model, one sentence each.
    """

    vectors: Float32Array
    notes: tuple[str, ...]


@checked(SpecError)
def onnx_layers(
    path: str | os.PathLike[str],
    image_shape: tuple[int, ...],
    *,
    limits: Limits = DEFAULT_LIMITS,
    progress: Progress = no_progress,
) -> tuple[OnnxLayer, ...]:
    """The layers of a model that have numbers for each image, in the order in which they are computed.

    Black images are given to the model to see how large each layer is.

    Parameters
    ----------
    path
        Path of an ONNX file with all its weights.
    image_shape
        Shape of one image: (h, w) or (h, w, 3).
    limits
        Most time and memory that the model may take.
    progress
        Called ten times a second; the model stops when it raises.

    Raises
    ------
    MissingDependencyError
        If onnxruntime is not installed.
    DatasetError
        If the file is not such a model, does not take images of this shape, or takes more than the limits allow.
    SpecError
        If `image_shape` is not such a shape.
    """
    if len(image_shape) not in (2, 3) or min(image_shape) < 1 or image_shape[2:] not in ((), (3,)):
        raise SpecError(f"image_shape must be (h, w) or (h, w, 3), got {image_shape}")
    path = path_of("path", path, DatasetError)
    model = _model(path)
    operations = {output.name: output.operation for output in node_outputs(model, str(path))}
    request = {"layer": None, "image_shape": list(image_shape), "mean": [0.0], "std": [1.0]}
    said, _ = _asked(path, model, request, [], limits, progress)
    return tuple(OnnxLayer(name, operations[name], tuple(shape)) for name, shape in said["sizes"].items())


@checked(SpecError)
def onnx_activations(
    path: str | os.PathLike[str],
    images: UInt8Array,
    layer: str,
    *,
    mean: Sequence[float] = (0.0,),
    std: Sequence[float] = (1.0,),
    limits: Limits = DEFAULT_LIMITS,
    progress: Progress = no_progress,
) -> OnnxActivations:
    """Activations of a layer of a model for each image.

    Images are given to the model as its input asks: channels first or last, in color or gray, and in its size. Values
    are 0..1, less `mean`, divided by `std`; a model that takes bytes gets 0..255.

    Parameters
    ----------
    path
        Path of an ONNX file with all its weights.
    images
        uint8, shape (n, h, w) or (n, h, w, 3).
    layer
        Name of one of `onnx_layers`.
    mean, std
        Mean and standard deviation by which images were scaled when the model was trained, for pixels in 0..1: one
        number, or one for each channel. For MNIST they are often 0.1307 and 0.3081 (PyTorch's example).
    limits
        Most time and memory that the model may take.
    progress
        Called ten times a second, with images done; the model stops when it raises.

    Raises
    ------
    MissingDependencyError
        If onnxruntime is not installed.
    DatasetError
        As `onnx_layers`, and if the layer's values are not finite.
    SpecError
        If there is no such layer, or `mean` or `std` is out of range.
    """
    if images.dtype.name != "uint8" or images.ndim not in (3, 4) or (images.ndim == 4 and images.shape[3] != 3):
        raise SpecError(f"images must be uint8 of shape (n, h, w) or (n, h, w, 3), got {images.dtype} {images.shape}")
    for name, values in (("mean", mean), ("std", std)):
        if len(values) not in (1, 3) or not all(map(math.isfinite, values)) or (name == "std" and min(values) <= 0):
            raise SpecError(f"{name} must be 1 or 3 numbers{', above 0' * (name == 'std')}, got {list(values)}")
    path = path_of("path", path, DatasetError)
    model = _model(path)
    if layer not in (names := [output.name for output in node_outputs(model, str(path))]):
        raise SpecError(f"{path} has no layer {layer!r}; it has {', '.join(names[-20:])}")
    request = {"layer": layer, "image_shape": list(images.shape[1:]), "n": len(images)}
    request |= {"mean": list(mean), "std": list(std)}
    parts = [images[start : start + _AT_ONCE].reshape(-1).data for start in range(0, len(images), _AT_ONCE)]
    said, (vectors,) = _asked(path, model, request, parts, limits, progress)
    return OnnxActivations(vectors, tuple(said["notes"]))


def _model(path: Path) -> bytes:
    if importlib.util.find_spec("onnxruntime") is None:
        raise MissingDependencyError("models need onnxruntime, which is not installed: pip install onnxruntime")
    try:
        with opened_file(path) as file:
            model = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise DatasetError(f"cannot read {path}: {error.strerror or error}; give an ONNX file") from error
    if len(model) > MOST_BYTES:
        raise DatasetError(f"{path} has more than {MOST_BYTES >> 20:,} MB; no ONNX file is so large")
    return model


def _asked(
    path: Path,
    model: bytes,
    request: dict[str, Any],
    images: Sequence[memoryview],
    limits: Limits,
    progress: Progress,
) -> tuple[dict[str, Any], list[Any]]:
    """The child process's answer to a request, and the arrays that it gives."""
    request |= {"model_bytes": len(model), "memory_bytes": limits.memory, "seconds": limits.seconds}
    end = time.monotonic() + limits.seconds
    with child_process("embviz.features.onnx_child", {"OMP_WAIT_POLICY": "PASSIVE"}) as child:
        talk = Talk(child, [json.dumps(request).encode() + b"\n", model, *images])
        while talk.goes_on(POLL_SECONDS):
            progress(*talk.state)
            if time.monotonic() > end:
                raise DatasetError(
                    f"{path} took more than the {limits.seconds:,} seconds that it may; "
                    "choose an earlier layer or fewer images, or allow more"
                )
        progress(*talk.state)
        code = child.wait()
    if code < 0:
        raise DatasetError(
            f"the process in which {path} ran was ended by signal {-code}; the model may be damaged, or need more than "
            f"the {limits.memory >> 20:,} MB that it may take"
        )
    if code or not talk.result:
        raise RuntimeError(f"the process of the model ended with code {code}:\n{talk.last_words}")
    line, _, arrays = talk.result.partition(b"\n")
    said = json.loads(line)
    if "error" in said:
        raise DatasetError(f"{path} cannot be used: {said['error']}")
    return said, unpacked(arrays)
