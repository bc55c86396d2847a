"""Write files in MNIST's format, for tests that read them."""

from pathlib import Path

import numpy as np

IMAGES, LABELS = "images-idx3-ubyte", "labels-idx1-ubyte"


def idx_bytes(array: np.ndarray) -> bytes:
    """The array as an IDX file of unsigned bytes."""
    return np.array([0x0800 + array.ndim, *array.shape], dtype=">u4").tobytes() + array.astype(np.uint8).tobytes()


def write_split(folder: Path, prefix: str, images: np.ndarray, labels: np.ndarray) -> None:
    """Write the two files of one split; `prefix` is ``train`` or ``t10k``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, array in ((IMAGES, images), (LABELS, labels)):
        (folder / f"{prefix}-{name}").write_bytes(idx_bytes(array))


def write_random_split(folder: Path, prefix: str, n: int, side: int = 4) -> None:
    """Write the two files of one split of n random images with random labels 0..9."""
    rng = np.random.default_rng(n)
    write_split(folder, prefix, rng.integers(0, 256, (n, side, side)), rng.integers(0, 10, n))
