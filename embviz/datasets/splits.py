"""Dataset made of a train and a test split, or of one of them."""

from collections.abc import Callable, Mapping
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from embviz.arrays import Int64Array, UInt8Array
from embviz.dataset import Dataset, Source
from embviz.datasets.named.mnist_writers import writer_columns
from embviz.errors import DatasetError

_Scalar = TypeVar("_Scalar", bound=np.generic)

SPLITS = ("train", "test", "all")


def parts_of(split: str) -> tuple[str, ...]:
    """Parts of the source that a split consists of, in order: ``train``, ``test`` or both.

    Raises
    ------
    DatasetError
        If `split` is not one of `SPLITS`.

    Examples
    --------
    >>> parts_of("test"), parts_of("all")
    (('test',), ('train', 'test'))
    """
    if split not in SPLITS:
        raise DatasetError(f"split must be one of {', '.join(SPLITS)}, got {split!r}")
    return ("train", "test") if split == "all" else (split,)


def split_dataset(
    name: str,
    split: str,
    *,
    lengths: Mapping[str, int],
    read: Callable[[str], tuple[UInt8Array, Int64Array]],
    class_names: tuple[str, ...],
    source: Source | None,
) -> Dataset:
    """Dataset of one split or of all; an item has the same id whichever split is loaded.

    Ids count the train items first, then the test items. Metadata column ``split`` has the split of each item. MNIST,
    which is recognized by its labels, also has the columns of `writer_columns`.

    Parameters
    ----------
    name, split, class_names, source
        As in `Dataset`.
    lengths
        Number of items of each part of the source, ``train`` and ``test``, even if it is not read.
    read
        Function that returns images and labels of a part; called only for the parts that `split` consists of.

    Raises
    ------
    DatasetError
        If the images of the two parts differ in size, or `read` raises it.
    """
    first_id = {"train": 0, "test": lengths.get("train", 0)}
    parts = {part: read(part) for part in parts_of(split)}
    sizes = {images.shape[1:] for images, _ in parts.values()}
    if len(sizes) > 1:
        raise DatasetError(f"dataset {name!r} has images of different sizes: {sizes}; load one split at a time")
    ids = [np.arange(first_id[part], first_id[part] + len(labels)) for part, (_, labels) in parts.items()]
    columns = [
        {"split": np.full(len(labels), part)} | writer_columns(part, labels) for part, (_, labels) in parts.items()
    ]
    shared = [column for column in columns[0] if all(column in others for others in columns)]
    return Dataset(
        name=name,
        split=split,
        ids=_joined(ids),
        n_source=sum(lengths.values()),
        n_split=sum(len(labels) for _, labels in parts.values()),
        images=_joined([images for images, _ in parts.values()]),
        labels=_joined([labels for _, labels in parts.values()]),
        class_names=class_names,
        metadata={name: _joined([column[name] for column in columns]) for name in shared},
        splits=tuple((part, first_id[part]) for part in ("train", "test") if lengths.get(part)),
        group="writer" if "writer" in shared else "",
        source=source,
    )


def _joined(arrays: list[npt.NDArray[_Scalar]]) -> npt.NDArray[_Scalar]:
    return arrays[0] if len(arrays) == 1 else np.concatenate(arrays)
