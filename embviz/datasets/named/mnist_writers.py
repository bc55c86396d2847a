"""Writer of each digit of MNIST, and NIST's series that it is from, as QMNIST has them (Yadav and Bottou, 2019)."""

import hashlib
import lzma
from pathlib import Path

import numpy as np

from embviz.arrays import AnyArray, Int64Array

TABLE = Path(__file__).with_name("mnist_writers.xz")
"""uint16, lower byte first, packed by LZMA: the writer of each of 60,000 train items, then of 10,000 test items.

Made by ``tests/mnist_writers.py``; QMNIST's license is in the file beside it.
"""
ROWS = {"train": slice(0, 60_000), "test": slice(60_000, 70_000)}
"""Rows of the table with the items of each split."""
LABELS = {
    "train": "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13",
    "test": "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5",
}
"""SHA-256 of the labels of each split, one byte per item; other labels, or another order, have another one."""
FIRST_STUDENT = 2100
"""Writers from this number on are high-school students (series 4), those below are employees of a bureau (series 0)."""


def writer_columns(split: str, labels: Int64Array) -> dict[str, AnyArray]:
    """Columns ``writer`` and ``series`` of a split of MNIST; empty if `labels` are not exactly the split's, in order.

    Digits of one writer look alike, so they are not independent of each other.

    Parameters
    ----------
    split
        ``train`` or ``test``.
    labels
        int64, shape (n,).

    Examples
    --------
    >>> writer_columns("test", np.array([7, 2, 1, 0]))
    {}
    """
    is_digit = labels.min(initial=0) >= 0 and labels.max(initial=0) <= 9
    if not is_digit or hashlib.sha256(labels.astype(np.uint8).tobytes()).hexdigest() != LABELS.get(split):
        return {}
    writers = np.frombuffer(lzma.decompress(TABLE.read_bytes()), "<u2")[ROWS[split]].astype(np.int64)
    return {"writer": writers, "series": series_of(writers)}


def series_of(writers: Int64Array) -> Int64Array:
    """The series of NIST's Special Database that each writer took part in: 0 or 4.

    Examples
    --------
    >>> series_of(np.array([373, 2100])).tolist()
    [0, 4]
    """
    return np.where(writers < FIRST_STUDENT, 0, 4)
