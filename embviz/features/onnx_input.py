"""Images in the form that a model takes: order of axes, size, colors, range and type of number."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from embviz.arrays import AnyArray, UInt8Array
from embviz.errors import DatasetError

Axes = Literal["channels first", "channels last", "no channels", "flat"]

_TYPES = {
    "tensor(float)": np.float32,
    "tensor(float16)": np.float16,
    "tensor(double)": np.float64,
    "tensor(uint8)": np.uint8,
}
"""Types of input that images can be converted to, as onnxruntime calls them."""


@dataclass(frozen=True, slots=True)
class ModelInput:
    """Form of the images that a model takes.

    Attributes
    ----------
    axes
        Order of the axes of one image.
    height, width, channels
        Size of one image in pixels, and its channels; 1 channel is gray.
    dtype
        Type of a value.
    batch
        Number of images at a time; 0 if any.
    """

    axes: Axes
    height: int
    width: int
    channels: int
    dtype: np.dtype[Any]
    batch: int


def model_input(shape: Sequence[int | str | None], type_name: str, image_shape: tuple[int, ...]) -> ModelInput:
    """Form of the images that a model takes, by the shape of its input; the images give sizes that it leaves open.

    Parameters
    ----------
    shape, type_name
        Shape and type of the model's input, as onnxruntime gives them: sizes that may vary are texts or None.
    image_shape
        Shape of one image: (h, w) or (h, w, 3).

    Raises
    ------
    DatasetError
        If the input does not take such images.

    Examples
    --------
    >>> model_input(["batch", 1, 32, 32], "tensor(float)", (28, 28))
    ModelInput(axes='channels first', height=32, width=32, channels=1, dtype=dtype('float32'), batch=0)
    """
    if type_name not in _TYPES:
        raise DatasetError(f"the model takes {type_name}, not images; give one that takes {', '.join(_TYPES)}")
    sizes = [size if isinstance(size, int) and size > 0 else 0 for size in shape]
    height, width = image_shape[:2]
    colors = 3 if len(image_shape) == 3 else 1
    dtype = np.dtype(_TYPES[type_name])
    match sizes:
        case [batch, 1 | 3 as channels, h, w]:
            return ModelInput("channels first", h or height, w or width, channels, dtype, batch)
        case [batch, h, w, 1 | 3 as channels]:
            return ModelInput("channels last", h or height, w or width, channels, dtype, batch)
        case [batch, 0, h, w]:
            return ModelInput("channels first", h or height, w or width, colors, dtype, batch)
        case [batch, h, w]:
            return ModelInput("no channels", h or height, w or width, 1, dtype, batch)
        case [batch, values] if values in (0, height * width * colors):
            return ModelInput("flat", height, width, colors, dtype, batch)
        case [batch, values] if values == height * width:
            return ModelInput("flat", height, width, 1, dtype, batch)
    said = " × ".join(str(size or "any") for size in sizes)
    raise DatasetError(
        f"the model takes {said} values, and images of {width} × {height} with {colors} channel(s) do not fit; "
        "give a model that takes one image per row, with 1 or 3 channels"
    )


def changes(wanted: ModelInput, image_shape: tuple[int, ...]) -> tuple[str, ...]:
    """Changes of images to fit a model, one sentence each.

    Examples
    --------
    >>> changes(model_input([1, 3, 28, 28], "tensor(float)", (28, 28)), (28, 28))
    ('Gray images were given to the model in color.',)
    """
    said = []
    if (wanted.height, wanted.width) != tuple(image_shape[:2]):
        said.append(
            f"Images of {image_shape[1]} × {image_shape[0]} were made {wanted.width} × {wanted.height} for the model."
        )
    if wanted.channels == 3 and len(image_shape) == 2:
        said.append("Gray images were given to the model in color.")
    if wanted.channels == 1 and len(image_shape) == 3:
        said.append("Color images were given to the model in gray.")
    return tuple(said)


def batch_of(images: UInt8Array, wanted: ModelInput, mean: Sequence[float], std: Sequence[float]) -> AnyArray:
    """Some images as the model takes them: divided by 255, less `mean`, divided by `std`; unchanged if it takes bytes.

    Parameters
    ----------
    images
        Shape (b, h, w) or (b, h, w, 3).
    wanted
        Form of the images that the model takes.
    mean, std
        Mean and standard deviation of pixels in 0..1: one for each channel, or one for all.
    """
    if (wanted.height, wanted.width) != images.shape[1:3] or (wanted.channels == 1 and images.ndim == 4):
        images = np.stack([_resized(image, wanted) for image in images])
    pixels = images[..., None] if images.ndim == 3 else images
    if pixels.shape[3] < wanted.channels:
        pixels = np.repeat(pixels, wanted.channels, axis=3)
    if wanted.dtype != np.uint8:
        scaled = (pixels.astype(np.float32) / 255 - np.array(mean, np.float32)) / np.array(std, np.float32)
        pixels = scaled.astype(wanted.dtype)
    match wanted.axes:
        case "channels first":
            return np.ascontiguousarray(pixels.transpose(0, 3, 1, 2))
        case "no channels":
            return np.ascontiguousarray(pixels[..., 0])
        case "flat":
            return pixels.reshape(len(pixels), -1)
        case "channels last":
            return np.ascontiguousarray(pixels)


def _resized(image: UInt8Array, wanted: ModelInput) -> UInt8Array:
    from PIL import Image

    picture = Image.fromarray(image)
    if wanted.channels == 1:
        picture = picture.convert("L")
    if picture.size != (wanted.width, wanted.height):
        picture = picture.resize((wanted.width, wanted.height), Image.Resampling.BILINEAR)
    return np.asarray(picture)
