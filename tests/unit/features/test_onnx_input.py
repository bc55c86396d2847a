"""Images are given to a model as its input asks."""

import numpy as np
import pytest

from embviz.errors import DatasetError
from embviz.features.onnx_input import batch_of, changes, model_input
from tests.unit.picture_files import GLYPH

GRAY, COLOR = GLYPH.shape, (*GLYPH.shape, 3)
PAINTED = np.stack([GLYPH, GLYPH // 2, GLYPH // 3], axis=2)
FLOAT = "tensor(float)"


@pytest.mark.parametrize(
    ("shape", "image_shape", "expected"),
    [
        (["n", 1, 12, 8], GRAY, ("channels first", 12, 8, 1, 0)),
        ([None, 12, 8, 1], GRAY, ("channels last", 12, 8, 1, 0)),
        ([16, 12, 8], GRAY, ("no channels", 12, 8, 1, 16)),
        (["n", 96], GRAY, ("flat", 12, 8, 1, 0)),
        (["n", "d"], COLOR, ("flat", 12, 8, 3, 0)),
        (["n", 96], COLOR, ("flat", 12, 8, 1, 0)),
        (["n", 288], COLOR, ("flat", 12, 8, 3, 0)),
        ([1, 3, 224, 224], GRAY, ("channels first", 224, 224, 3, 1)),
        (["n", 3, "h", "w"], COLOR, ("channels first", 12, 8, 3, 0)),
        (["n", "c", "h", "w"], COLOR, ("channels first", 12, 8, 3, 0)),
        (["n", "h", "w", 3], COLOR, ("channels last", 12, 8, 3, 0)),
    ],
)
def test_what_a_model_takes(shape: list, image_shape: tuple[int, ...], expected: tuple) -> None:
    found = model_input(shape, FLOAT, image_shape)
    assert (found.axes, found.height, found.width, found.channels, found.batch) == expected


@pytest.mark.parametrize(
    ("shape", "kind"),
    [
        (["n", 10], FLOAT),
        (["n", 2, 12, 8], FLOAT),
        (["n"], FLOAT),
        ([], FLOAT),
        (["n", 1, 1, 12, 8], FLOAT),
        (["n", 128], "tensor(int64)"),
        (["n", 1], "tensor(string)"),
    ],
)
def test_a_model_that_takes_no_images_is_refused(shape: list, kind: str) -> None:
    with pytest.raises(DatasetError, match="the model takes"):
        model_input(shape, kind, GRAY)


def given(shape: list, images: np.ndarray, kind: str = FLOAT, mean=(0.0,), std=(1.0,)) -> np.ndarray:
    return batch_of(images, model_input(shape, kind, images.shape[1:]), mean, std)


def test_axes_are_in_the_order_of_the_model() -> None:
    colors = PAINTED[None] / np.float32(255)
    assert np.allclose(given([1, 3, 12, 8], PAINTED[None]), colors.transpose(0, 3, 1, 2))
    assert np.allclose(given([1, 12, 8, 3], PAINTED[None]), colors)
    assert np.allclose(given([1, 288], PAINTED[None]), colors.reshape(1, -1))
    assert np.allclose(given([1, 12, 8], GLYPH[None]), GLYPH[None] / 255)
    assert np.allclose(given([1, 1, 12, 8], GLYPH[None]), GLYPH[None, None] / 255)


def test_gray_becomes_color_and_color_gray() -> None:
    assert np.allclose(given([1, 3, 12, 8], GLYPH[None]), np.stack([GLYPH] * 3)[None] / 255)
    gray = given([1, 1, 12, 8], np.stack([GLYPH] * 3, axis=2)[None])
    assert np.allclose(gray, GLYPH[None, None] / 255)


def test_values_are_those_the_model_was_trained_with() -> None:
    values = given([1, 3, 12, 8], PAINTED[None], mean=(0.5, 0.25, 0.0), std=(0.5, 1.0, 2.0))
    for channel, (mean, std) in enumerate(zip((0.5, 0.25, 0.0), (0.5, 1.0, 2.0), strict=True)):
        assert np.allclose(values[0, channel], (PAINTED[..., channel] / 255 - mean) / std, atol=1e-6)
    assert given([1, 12, 8], GLYPH[None], "tensor(uint8)").tolist() == GLYPH[None].tolist()
    assert given([1, 12, 8], GLYPH[None], "tensor(float16)").dtype == np.float16
    assert given([1, 12, 8], GLYPH[None], "tensor(double)").dtype == np.float64


def test_images_are_made_as_large_as_the_model_takes_them_and_that_is_said() -> None:
    wanted = model_input([1, 1, 24, 16], FLOAT, GRAY)
    larger = batch_of(GLYPH[None], wanted, (0.0,), (1.0,))
    assert larger.shape == (1, 1, 24, 16)
    assert np.abs(larger[0, 0].reshape(12, 2, 8, 2).mean(axis=(1, 3)) - GLYPH / 255).max() < 0.4
    assert changes(wanted, GRAY) == ("Images of 8 × 12 were made 16 × 24 for the model.",)
    assert changes(model_input([1, 1, 12, 8], FLOAT, COLOR), COLOR) == (
        "Color images were given to the model in gray.",
    )
