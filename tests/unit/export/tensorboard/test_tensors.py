"""Tensor files are read by TensorBoard's own functions, bit for bit, whatever the numbers."""

from pathlib import Path

import numpy as np
import pytest
from tensorboard.plugins.projector import projector_plugin

from embviz.export.tensorboard.tensors import same_tensor, starts_as_text, write_tensor

RNG = np.random.default_rng(0)

TAKEN_FOR_TEXT = {
    "zeros": np.zeros((4, 3)),
    "0 and 255": RNG.choice([0.0, 255.0], (6, 5)),
    "0 and a half": RNG.choice([0.0, 0.5], (6, 5)),
    "whole numbers 128..255": RNG.integers(128, 256, (8, 4)),
    "a newline before the first byte that is not text": np.array([[138.0, 0.1], [0.2, 0.3]]),
}
SEEN_AS_BINARY = {
    "noise": RNG.normal(size=(50, 7)),
    "bytes / 255": RNG.integers(0, 256, (50, 7)) / 255,
    "0 and 1": RNG.choice([0.0, 1.0], (50, 7)),
}


def read_by_tensorboard(path: Path, shape: tuple[int, ...]) -> np.ndarray:
    try:
        return projector_plugin._read_tensor_tsv_file(str(path))
    except UnicodeDecodeError:
        return projector_plugin._read_tensor_binary_file(str(path), shape)


@pytest.mark.parametrize("values", TAKEN_FOR_TEXT.values(), ids=TAKEN_FOR_TEXT.keys())
def test_vectors_whose_bytes_are_text_are_written_as_text(values: np.ndarray, tmp_path: Path) -> None:
    vectors = values.astype(np.float32)
    name = write_tensor(tmp_path, "tensor", vectors)
    assert name == "tensor.tsv"
    assert read_by_tensorboard(tmp_path / name, vectors.shape).tobytes() == vectors.tobytes()
    assert same_tensor(tmp_path / name, vectors)


@pytest.mark.parametrize("values", SEEN_AS_BINARY.values(), ids=SEEN_AS_BINARY.keys())
def test_other_vectors_are_written_as_raw_floats(values: np.ndarray, tmp_path: Path) -> None:
    vectors = values.astype(np.float32)
    name = write_tensor(tmp_path, "tensor", vectors)
    assert name == "tensor.bytes"
    assert (tmp_path / name).read_bytes() == vectors.astype("<f4").tobytes()
    assert read_by_tensorboard(tmp_path / name, vectors.shape).tobytes() == vectors.tobytes()
    assert same_tensor(tmp_path / name, vectors)


def test_bytes_are_judged_up_to_the_first_newline_across_chunks() -> None:
    assert starts_as_text([b"\xe2\x82", b"\xac\n\xff"])
    assert not starts_as_text([b"\xe2\x82", b"\n"])
    assert not starts_as_text([b"ok\xe2\x82"])


def test_text_holds_every_bit_of_extreme_numbers(tmp_path: Path) -> None:
    limits = np.finfo(np.float32)
    vectors = np.array([[0, -0.0, limits.smallest_subnormal], [limits.max, limits.min, limits.tiny]], np.float32)
    zeros = np.zeros((1, 3), np.float32)
    name = write_tensor(tmp_path, "tensor", np.concatenate([zeros, zeros + 138, vectors]))
    assert name == "tensor.tsv"
    assert read_by_tensorboard(tmp_path / name, (4, 3))[2:].tobytes() == vectors.tobytes()


@pytest.mark.parametrize("values", [np.zeros((5, 3)), RNG.normal(size=(5, 3))], ids=["text", "binary"])
def test_a_damaged_file_is_noticed(values: np.ndarray, tmp_path: Path) -> None:
    vectors = values.astype(np.float32)
    path = tmp_path / write_tensor(tmp_path, "tensor", vectors)
    whole = path.read_bytes()
    changed = vectors.copy()
    changed[4, 2] = 1
    assert not same_tensor(path, changed)
    assert not same_tensor(path, vectors[:4])
    row = len(whole) // 5
    path.write_bytes(whole[:-row])
    assert not same_tensor(path, vectors)
