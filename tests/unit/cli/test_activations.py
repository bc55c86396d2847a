"""`activations` lists the layers of a model, and writes what one makes of each image into a file that numpy reads."""

import importlib.util
import json

import numpy as np
import pytest

import embviz
from embviz.cli.activations import activations_text
from tests.unit.onnx_files import chosen_pixels

needs_runtime = pytest.mark.skipif(
    importlib.util.find_spec("onnxruntime") is None, reason="needs onnxruntime: pip install onnxruntime"
)
PIXELS = [10, 11, 63]


@pytest.fixture
def model(tmp_path):
    path = tmp_path / "net.onnx"
    path.write_bytes(chosen_pixels(("batch", 1, 8, 8), PIXELS, 64))
    return path


@needs_runtime
def test_layers_are_listed(cli, model):
    code, printed, _ = cli("activations", "digits", "--model", model, "--json")
    assert code == 0
    assert json.loads(printed)["layers"][1] == {"name": "chosen", "operation": "MatMul", "shape": [3]}
    code, printed, _ = cli("activations", "digits", "--model", model)
    assert [line.split() for line in printed.splitlines()][:2] == [["flat", "Flatten", "64"], ["chosen", "MatMul", "3"]]


@needs_runtime
def test_activations_are_written_with_images_and_labels(cli, model, tmp_path):
    out = tmp_path / "acts.npz"
    arguments = ("--model", model, "--layer", "chosen", "--out", out, "--mean", 0.5, "--std", 0.25)
    code, printed, _ = cli("activations", "digits", "--limit", 50, *arguments)
    assert code == 0 and printed.splitlines() == [f"50 items, 3 values each: {out}", f"python -m embviz app {out}"]
    digits = embviz.load_dataset("digits", limit=50)
    with np.load(out, allow_pickle=False) as stored:
        expected = (digits.images.reshape(50, -1)[:, PIXELS] / np.float32(255) - 0.5) / 0.25
        assert np.allclose(stored["vectors"], expected, atol=1e-5)
        assert np.array_equal(stored["images"], digits.images)
        assert stored["labels"].tolist() == [digits.class_names[code] for code in digits.labels]
        assert stored["split"].tolist() == ["test"] * 50


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--layer", "chosen"], "--layer and --out belong together"),
        (["--out", "a.npz"], "--layer and --out belong together"),
        (["--seconds", "0"], "at least 1 second and 0 bytes, got 0 seconds and"),
        (["--seconds", "-5"], "at least 1 second and 0 bytes, got -5 seconds and"),
        (["--layer", "chosen", "--out", "a.npy"], "activations go into an .npz file, got 'a.npy'"),
    ],
)
def test_options_that_do_not_fit_are_refused(arguments, sentence, cli, model):
    code, printed, said = cli("activations", "digits", "--model", model, *arguments)
    assert (code, printed) == (2, "") and sentence in said


def test_without_onnxruntime_one_line_says_how_to_get_it(cli, model, monkeypatch):
    real = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *more: None if name == "onnxruntime" else real(name, *more)
    )
    code, _, said = cli("activations", "digits", "--model", model)
    assert code == 2 and "pip install onnxruntime" in said


def test_what_was_done_to_images_is_said():
    answer = {"n": 2, "d": 3, "out": "a.npz", "notes": ["Gray images were given to the model in color."]}
    assert activations_text(answer).splitlines()[1] == "Gray images were given to the model in color."
