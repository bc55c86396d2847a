"""The 1,797 handwritten digits that come with scikit-learn, and so need no download."""

import gzip
import importlib.util
from dataclasses import replace
from pathlib import Path

import numpy as np

from embviz.arrays import Int64Array
from embviz.dataset import Dataset, stratified_sample, subset
from embviz.datasets.source import Named
from embviz.datasets.splits import parts_of
from embviz.errors import DatasetError, MissingDependencyError

LENGTHS = {"train": 1258, "test": 539}
IMAGE_SHAPE = (8, 8)
CLASS_NAMES = tuple("0123456789")


def digits_dataset(split: str = "test") -> Dataset:
    """The digits of Alpaydin and Kaynak (1998) as in scikit-learn: images of 8 x 8 pixels.

    Not MNIST: images have a twelfth of the pixels, and the source has no splits. The train split is a stratified
    sample of 70 %, always the same. Ids are positions in scikit-learn's order. Pixels are scaled from 0..16 to 0..255.

    Parameters
    ----------
    split
        ``train`` (1,258 items), ``test`` (539) or ``all``.

    Raises
    ------
    DatasetError
        If there is no such split.

    Examples
    --------
    >>> digits = digits_dataset("all")
    >>> digits.images.shape, digits.images.max(), digits.labels[:3].tolist()
    ((1797, 8, 8), np.uint8(255), [0, 1, 2])
    """
    parts = parts_of(split)
    table = _digits_table()
    n = len(table)
    digits = Dataset(
        name="digits",
        split=split,
        ids=np.arange(n),
        n_source=n,
        n_split=n,
        images=np.round(table[:, :-1].reshape(n, *IMAGE_SHAPE) * 255 / 16).astype(np.uint8),
        labels=table[:, -1],
        class_names=CLASS_NAMES,
        source=Named("digits"),
    )
    part_of = np.full(n, "test", dtype="<U5")
    part_of[stratified_sample(digits, LENGTHS["train"]).ids] = "train"
    rows = np.flatnonzero(np.isin(part_of, parts))
    return replace(subset(digits, rows), n_split=len(rows), metadata={"split": part_of[rows]})


def _digits_table() -> Int64Array:
    """One row per digit: 64 pixels and the label.

    Read from the file in scikit-learn, because importing ``sklearn.datasets`` would delay the first page by 2 seconds.
    """
    found = importlib.util.find_spec("sklearn")
    if found is None or found.origin is None:
        raise MissingDependencyError("digits needs scikit-learn, which is not installed: pip install scikit-learn")
    path = Path(found.origin).parent / "datasets" / "data" / "digits.csv.gz"
    if not path.is_file():
        raise DatasetError(f"scikit-learn has no digits at {path}; pip install the version in requirements.txt")
    with gzip.open(path, "rt") as file:  # given a path, numpy asks for the working directory, which may be gone
        return np.loadtxt(file, np.int64, delimiter=",")
