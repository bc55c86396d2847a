"""However IDX files are damaged, they are read as what they still are, or a DatasetError names one."""

import gzip
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from embviz.datasets.files.idx.names import idx_name
from embviz.datasets.files.idx_files import idx_contents
from embviz.errors import DatasetError
from embviz.progress import no_progress

CODES = {"u1": 0x08, "i1": 0x09, "i2": 0x0B, "i4": 0x0C, "f4": 0x0D, "f8": 0x0E}
several_times = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # each example writes its files anew


def idx(array: np.ndarray) -> bytes:
    header = bytes([0, 0, CODES[array.dtype.str[1:]], array.ndim]) + np.array(array.shape, ">u4").tobytes()
    return header + array.astype(array.dtype.newbyteorder(">")).tobytes()


RNG = np.random.default_rng(0)
SETS = {
    "mnist": {
        "t10k-images-idx3-ubyte": idx(RNG.integers(0, 256, (3, 4, 5), dtype=np.uint8)),
        "t10k-labels-idx1-ubyte": idx(np.array([7, 2, 1], np.uint8)),
    },
    "emnist": {
        "emnist-letters-test-images-idx3-ubyte": idx(RNG.integers(0, 256, (3, 4, 5), dtype=np.uint8)),
        "emnist-letters-test-labels-idx1-ubyte": idx(np.array([1, 26, 2], np.uint8)),
        "emnist-letters-mapping.txt": "".join(f"{code} {64 + code} {96 + code}\n" for code in range(1, 27)).encode(),
    },
    "qmnist": {
        "qmnist-test-images-idx3-ubyte": idx(RNG.integers(0, 256, (3, 4, 5), dtype=np.uint8)),
        "qmnist-test-labels-idx2-int": idx(RNG.integers(0, 9, (3, 8)).astype("i4")),
    },
}


@pytest.mark.parametrize("which", SETS)
@given(data=st.data(), packed=st.booleans(), outside=st.booleans())
@several_times
def test_a_damaged_set_is_read_or_refused(
    which: str, tmp_path: Path, data: st.DataObject, packed: bool, outside: bool
) -> None:
    for path in tmp_path.iterdir():
        path.unlink()
    damaged = data.draw(st.sampled_from(sorted(SETS[which])), "file")
    for name, content in SETS[which].items():
        is_packed = packed and not name.endswith(".txt")
        inside = content if name != damaged or (outside and is_packed) else _damaged(data, content)
        stored = gzip.compress(inside, mtime=0) if is_packed else inside
        (tmp_path / name).write_bytes(_damaged(data, stored) if name == damaged and outside and is_packed else stored)
    try:
        contents = idx_contents([tmp_path])
        values = {field.name: field.read(slice(None), no_progress) for field in contents.fields}
    except DatasetError as error:
        assert str(tmp_path) in str(error) or "labels would take" in str(error)
        return
    for field in contents.fields:
        assert values[field.name].shape == (contents.n, *field.shape) and values[field.name].dtype == field.dtype
        if field.class_names:
            assert set(values[field.name].tolist()) <= set(range(len(field.class_names)))


def _damaged(data: st.DataObject, content: bytes) -> bytes:
    position = data.draw(st.integers(0, len(content) - 1), "position")
    new = data.draw(st.binary(max_size=9), "new")
    return content[:position] + new + content[position + data.draw(st.integers(0, 9), "old bytes") :]


@given(st.text(max_size=40))
def test_any_name_says_something_and_the_set_is_in_lower_case(name: str) -> None:
    said = idx_name(name)
    assert said.split in ("", "train", "val", "test") and said.kind in ("", "images", "labels")
    assert said.set_name == said.set_name.lower()


@given(
    st.sampled_from(["", "emnist-letters", "my-set"]),
    st.sampled_from(["train", "t10k"]),
    st.sampled_from(["-", ".", "_"]),
)
def test_separators_do_not_matter(prefix: str, split: str, separator: str) -> None:
    words = [*prefix.split("-")] if prefix else []
    name = separator.join([*words, split, "images", "idx3", "ubyte"])
    assert idx_name(name) == idx_name(name.upper() + ".gz")
    assert idx_name(name).set_name == prefix
