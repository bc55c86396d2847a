"""A user's model runs in a process of its own, and can do no more there than it may."""

import importlib.util
import subprocess
from pathlib import Path

import numpy as np
import pytest

from embviz.errors import Cancelled, DatasetError, MissingDependencyError, SpecError
from embviz.features import onnx
from embviz.features.onnx import Limits, OnnxLayer, onnx_activations, onnx_layers
from tests.unit.onnx_files import UINT8, chosen_pixels, endless, greedy, model, node, value
from tests.unit.picture_files import GLYPH

HAS_RUNTIME = importlib.util.find_spec("onnxruntime") is not None
needs_runtime = pytest.mark.skipif(not HAS_RUNTIME, reason="needs onnxruntime: pip install onnxruntime")

PIXELS = [18, 19, 43, 95]
"""Of the letter F: three that are white, and the last one."""
IMAGES = np.random.default_rng(0).integers(0, 256, (40, *GLYPH.shape), dtype=np.uint8)
FIRST = ("batch", 1, 12, 8)


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen]:
    """Every process that is started, to see what became of it."""
    started = []

    class Watched(subprocess.Popen):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            started.append(self)

    monkeypatch.setattr(subprocess, "Popen", Watched)
    return started


def written(folder: Path, content: bytes) -> Path:
    path = folder / "my model.onnx"
    path.write_bytes(content)
    return path


@needs_runtime
def test_layers_are_listed_with_their_sizes(tmp_path: Path) -> None:
    layers = onnx_layers(written(tmp_path, chosen_pixels(FIRST, PIXELS, 96)), GLYPH.shape)
    assert layers == (
        OnnxLayer("flat", "Flatten", (96,)),
        OnnxLayer("chosen", "MatMul", (4,)),
        OnnxLayer("positive", "Relu", (4,)),
        OnnxLayer("out", "Add", (4,)),
    )
    assert [layer.n_features for layer in layers] == [96, 4, 4, 4]


@needs_runtime
@pytest.mark.parametrize(
    ("layer", "expected"), [("flat", slice(None)), ("chosen", PIXELS), ("positive", PIXELS), ("out", PIXELS)]
)
def test_a_layer_gives_one_row_per_image_in_their_order(layer: str, expected, tmp_path: Path) -> None:
    found = onnx_activations(written(tmp_path, chosen_pixels(FIRST, PIXELS, 96)), IMAGES, layer)
    values = IMAGES.reshape(40, -1)[:, expected] / np.float32(255) * (2 if layer == "out" else 1)
    assert found.vectors.dtype == np.float32 and np.allclose(found.vectors, values) and found.notes == ()


@needs_runtime
@pytest.mark.parametrize("batch", [1, 7, 40, 64])
def test_a_model_that_takes_so_many_images_at_a_time(batch: int, tmp_path: Path) -> None:
    path = written(tmp_path, chosen_pixels((batch, 12, 8), PIXELS, 96))
    found = onnx_activations(path, IMAGES, "chosen")
    assert np.allclose(found.vectors, IMAGES.reshape(40, -1)[:, PIXELS] / np.float32(255))
    assert [layer.name for layer in onnx_layers(path, GLYPH.shape)] == ["flat", "chosen", "positive", "out"]


@needs_runtime
def test_a_model_of_bytes_gets_bytes_and_mean_and_std_are_used_for_others(tmp_path: Path) -> None:
    expected = IMAGES.reshape(40, -1)[:, PIXELS].astype(np.float32)
    path = written(tmp_path, chosen_pixels(("n", 12, 8), PIXELS, 96, UINT8))
    assert np.array_equal(onnx_activations(path, IMAGES, "chosen").vectors, expected)
    path = written(tmp_path, chosen_pixels(FIRST, PIXELS, 96))
    found = onnx_activations(path, IMAGES, "chosen", mean=[0.1307], std=[0.3081])
    assert np.allclose(found.vectors, (expected / 255 - 0.1307) / 0.3081, atol=1e-5)


@needs_runtime
def test_many_images_go_through_and_progress_says_how_far(tmp_path: Path) -> None:
    images = np.repeat(IMAGES, 600, axis=0)  # three times what is run at once
    states = []
    path = written(tmp_path, chosen_pixels(FIRST, PIXELS, 96))
    found = onnx_activations(path, images, "chosen", progress=lambda *state: states.append(state))
    assert np.allclose(found.vectors, images.reshape(len(images), -1)[:, PIXELS] / np.float32(255))
    assert states[-1] == ("running the model", 24_000, 24_000)


@needs_runtime
def test_images_that_are_part_of_others_are_read_as_they_are(tmp_path: Path) -> None:
    strided = np.repeat(IMAGES, 2, axis=2)[::2, :, ::2]
    found = onnx_activations(written(tmp_path, chosen_pixels(FIRST, PIXELS, 96)), strided, "flat")
    assert np.allclose(found.vectors, IMAGES[::2].reshape(20, -1) / np.float32(255))


@needs_runtime
def test_a_model_that_takes_too_long_is_ended(tmp_path: Path, children: list[subprocess.Popen]) -> None:
    path = written(tmp_path, endless())
    with pytest.raises(DatasetError, match=r"my model\.onnx took more than the 3 seconds that it may"):
        onnx_activations(path, IMAGES, "out", limits=Limits(seconds=3))
    assert children[0].returncode is not None


@needs_runtime
def test_a_model_can_be_stopped(tmp_path: Path, children: list[subprocess.Popen]) -> None:
    def stop(stage: str, done: int, total: int) -> None:
        if stage == "running the model":
            raise Cancelled

    with pytest.raises(Cancelled):
        onnx_activations(written(tmp_path, endless()), IMAGES, "out", progress=stop)
    assert children[0].returncode is not None


@needs_runtime
def test_a_model_that_takes_too_much_memory_is_refused(tmp_path: Path) -> None:
    path, limits = written(tmp_path, greedy()), Limits(memory_bytes=4 << 30)
    for ask in (
        lambda: onnx_activations(path, IMAGES, "out", limits=limits),
        lambda: onnx_layers(path, GLYPH.shape, limits=limits),
    ):
        with pytest.raises(DatasetError, match=r"my model\.onnx (cannot be used|ran was ended by signal)"):
            ask()


@needs_runtime
def test_a_layer_that_is_too_wide_for_all_images_is_refused(tmp_path: Path) -> None:
    limits = Limits(memory_bytes=1 << 30)
    images = np.zeros((3_000_000, 12, 8), np.uint8)
    with pytest.raises(DatasetError, match="layer 'flat' has 96 values per image, too many for 3,000,000 images"):
        onnx_activations(written(tmp_path, chosen_pixels(FIRST, PIXELS, 96)), images, "flat", limits=limits)


@needs_runtime
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "holds no model"),
        (b"<!DOCTYPE html>404", "is not an ONNX file"),
        (model(node("Relu", ["image"], ["out"])), "cannot be used: onnxruntime says"),
        (model(node("Nonsense", ["image"], ["out"]), value(11, "image", FIRST), value(12, "out", FIRST)), "Nonsense"),
        (model(node("Relu", ["a"], ["out"]), value(11, "a", FIRST), value(11, "b", FIRST)), "2 inputs"),
        (chosen_pixels(("batch", 10), [0], 10), "the model takes any × 10 values"),
        (chosen_pixels(FIRST, PIXELS, 96)[:-20], "is not an ONNX file"),
        (model(node("Log", ["image"], ["out"]), value(11, "image", FIRST), value(12, "out", FIRST)), "not finite"),
        (
            model(node("ReduceSum", ["image"], ["out"]), value(11, "image", FIRST), value(12, "out", (1, 1, 1, 1))),
            "has no row of numbers for each image",
        ),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_sentence(content: bytes, sentence: str, tmp_path: Path) -> None:
    images = np.concatenate([IMAGES, IMAGES[:1] * 0])
    with pytest.raises(DatasetError, match=sentence) as refusal:
        onnx_activations(written(tmp_path, content), images, "out")
    assert "my model.onnx" in str(refusal.value) and "\n" not in str(refusal.value)


@needs_runtime
def test_a_damaged_model_ends_no_more_than_its_own_process(tmp_path: Path) -> None:
    whole = bytearray(chosen_pixels(FIRST, PIXELS, 96))
    rng = np.random.default_rng(0)
    for _ in range(3):
        damaged = whole.copy()
        damaged[rng.integers(len(whole))] ^= 1 << rng.integers(8)
        try:
            vectors = onnx_activations(written(tmp_path, bytes(damaged)), IMAGES, "chosen").vectors
        except (DatasetError, SpecError):
            continue
        assert len(vectors) == len(IMAGES)


def test_what_is_asked_for_wrongly_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnx.importlib.util, "find_spec", lambda name: name)
    path = written(tmp_path, chosen_pixels(FIRST, PIXELS, 96))
    with pytest.raises(SpecError, match=r"has no layer 'conv1'; it has flat, chosen, positive, out"):
        onnx_activations(path, IMAGES, "conv1")
    for mean, std in (([0.1, 0.2], [1.0]), ([0.0], [0.0]), ([float("nan")], [1.0]), ([], [1.0])):
        with pytest.raises(SpecError, match="must be 1 or 3 numbers"):
            onnx_activations(path, IMAGES, "out", mean=mean, std=std)
    for images in (IMAGES / 255, IMAGES[0], IMAGES[..., None]):
        with pytest.raises(SpecError, match="images must be"):
            onnx_activations(path, images, "out")
    for shape in ((28,), (28, 28, 4), (28, 0), (1, 2, 3, 4)):
        with pytest.raises(SpecError, match=r"image_shape must be \(h, w\)"):
            onnx_layers(path, shape)
    with pytest.raises(SpecError, match="at least 1 second"):
        Limits(seconds=0)
    for missing in (tmp_path / "none.onnx", tmp_path, Path("/dev/zero")):
        with pytest.raises(DatasetError, match="cannot read"):
            onnx_layers(missing, GLYPH.shape)


def test_without_onnxruntime_it_is_said_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnx.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingDependencyError, match="pip install onnxruntime"):
        onnx_layers(tmp_path / "a.onnx", GLYPH.shape)
