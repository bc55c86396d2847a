"""A damaged IDX file either loads as the values it still holds, or raises a DatasetError that names the file."""

import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from embviz.datasets import load_dataset
from embviz.errors import DatasetError
from tests.unit.idx_files import idx_bytes

N_TRAIN, N_TEST, SIDE = 6, 3, 4
NAMES = [f"{prefix}-{kind}" for prefix in ("train", "t10k") for kind in ("images-idx3-ubyte", "labels-idx1-ubyte")]
several_times = settings(
    max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # the fixture may be shared: each example writes the folder anew


def originals() -> dict[str, bytes]:
    rng = np.random.default_rng(0)
    return {
        name: idx_bytes(
            rng.integers(0, 256, (n, SIDE, SIDE), dtype=np.uint8)
            if "images" in name
            else rng.integers(0, 10, n, dtype=np.uint8)
        )
        for name, n in zip(NAMES, (N_TRAIN, N_TRAIN, N_TEST, N_TEST), strict=True)
    }


ORIGINALS = originals()


def flipped(data: st.DataObject, content: bytes) -> bytes:
    position = data.draw(st.integers(0, len(content) - 1), "position")
    mask = data.draw(st.integers(1, 255), "mask")
    return content[:position] + bytes([content[position] ^ mask]) + content[position + 1 :]


def truncated(data: st.DataObject, content: bytes) -> bytes:
    return content[: data.draw(st.integers(0, len(content) - 1), "length")]


def extended(data: st.DataObject, content: bytes) -> bytes:
    return content + data.draw(st.binary(min_size=1, max_size=40), "tail")


def replaced(data: st.DataObject, content: bytes) -> bytes:
    return data.draw(st.binary(max_size=200), "content")


@pytest.mark.parametrize("damage", [flipped, truncated, extended, replaced])
@given(data=st.data(), name=st.sampled_from(NAMES), packed=st.booleans(), damage_inside=st.booleans())
@several_times
def test_damaged_folder_loads_as_the_same_shape_or_is_refused(
    damage: Callable[[st.DataObject, bytes], bytes],
    tmp_path: Path,
    data: st.DataObject,
    name: str,
    packed: bool,
    damage_inside: bool,
) -> None:
    for path in tmp_path.iterdir():
        path.unlink()
    for other, content in ORIGINALS.items():
        (tmp_path / other).write_bytes(content)
    damaged = tmp_path / name
    if packed:
        damaged.unlink()
        damaged = tmp_path / f"{name}.gz"
        inside = damage(data, ORIGINALS[name]) if damage_inside else ORIGINALS[name]
        outside = gzip.compress(inside, mtime=0)
        damaged.write_bytes(outside if damage_inside else damage(data, outside))
    else:
        damaged.write_bytes(damage(data, ORIGINALS[name]))
    try:
        dataset = load_dataset(tmp_path, "all")
    except DatasetError as error:
        assert str(damaged) in str(error) or "images of different sizes" in str(error)
        return
    n = N_TRAIN + N_TEST
    assert dataset.ids.tolist() == list(range(n))
    assert dataset.images.shape == (n, SIDE, SIDE)
    assert dataset.labels.shape == (n,)
    assert 0 <= dataset.labels.min() <= dataset.labels.max() <= 9
