"""A dataset of a source that comes in a train and a test split."""

from collections.abc import Callable, Mapping
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from embviz.arrays import Int64Array, UInt8Array
from embviz.dataset import Dataset, Source
from embviz.errors import DatasetError

_Scalar = TypeVar("_Scalar", bound=np.generic)

SPLITS = ("train", "test", "all")


def parts_of(split: str) -> tuple[str, ...]:
    """The parts of the source a split is made of, in order.

    Raises
    ------
    DatasetError
        If there is no such split.

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
    """Dataset of one split, or of all, in which an item has the same id whichever way it was loaded.

    Ids count the train items first and the test items after them; column ``split`` says which is which.

    Parameters
    ----------
    name, split, class_names, source
        As in `Dataset`.
    lengths
        Items of each part of the source, ``train`` and ``test``, read or not.
    read
        Images and labels of a part; only called for the parts `split` is made of.

    Raises
    ------
    DatasetError
        If the images of both parts differ in size, or whatever `read` raises.
    """
    first_id = {"train": 0, "test": lengths.get("train", 0)}
    parts = {part: read(part) for part in parts_of(split)}
    sizes = {images.shape[1:] for images, _ in parts.values()}
    if len(sizes) > 1:
        raise DatasetError(f"dataset {name!r} has images of different sizes: {sizes}; load one split at a time")
    ids = [np.arange(first_id[part], first_id[part] + len(labels)) for part, (_, labels) in parts.items()]
    columns = [np.full(len(labels), part) for part, (_, labels) in parts.items()]
    return Dataset(
        name=name,
        split=split,
        ids=_joined(ids),
        n_source=sum(lengths.values()),
        n_split=sum(len(labels) for _, labels in parts.values()),
        images=_joined([images for images, _ in parts.values()]),
        labels=_joined([labels for _, labels in parts.values()]),
        class_names=class_names,
        metadata={"split": _joined(columns)},
        splits=tuple((part, first_id[part]) for part in ("train", "test") if lengths.get(part)),
        source=source,
    )


def _joined(arrays: list[npt.NDArray[_Scalar]]) -> npt.NDArray[_Scalar]:
    return arrays[0] if len(arrays) == 1 else np.concatenate(arrays)
