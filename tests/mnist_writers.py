"""Makes ``embviz/datasets/named/mnist_writers.xz`` from QMNIST: ``python -m tests.mnist_writers FOLDER``."""

import gzip
import hashlib
import lzma
import sys
from pathlib import Path

import numpy as np

from embviz.datasets.named.mnist_writers import LABELS, TABLE, series_of

PARTS = {"train": "qmnist-train-labels-idx2-int.gz", "test": "qmnist-test-labels-idx2-int.gz"}
"""QMNIST's labels (Yadav and Bottou, 2019): class, NIST series, writer and five more numbers for each item."""
LENGTHS = {"train": 60_000, "test": 10_000}
"""Items of MNIST, with which QMNIST's begin in the same order."""


def packed_writers(folder: Path) -> bytes:
    """The writer of each item of MNIST, train items first: uint16 with the lower byte first, by LZMA."""
    rows = {part: _rows(folder / name)[: LENGTHS[part]] for part, name in PARTS.items()}
    for part, columns in rows.items():
        assert hashlib.sha256(columns[:, 0].astype(np.uint8).tobytes()).hexdigest() == LABELS[part]
        assert np.array_equal(series_of(columns[:, 2]), columns[:, 1])
    return lzma.compress(np.concatenate([columns[:, 2] for columns in rows.values()]).astype("<u2").tobytes(), preset=9)


def _rows(path: Path) -> np.ndarray:
    return np.frombuffer(gzip.decompress(path.read_bytes()), ">i4", offset=12).reshape(-1, 8).astype(np.int64)


if __name__ == "__main__":
    TABLE.write_bytes(packed_writers(Path(sys.argv[1])))
