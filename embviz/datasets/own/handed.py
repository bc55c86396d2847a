"""A dataset handed to another process: a folder with one file for each array, which is mapped there and not copied."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from embviz.arrays import AnyArray
from embviz.dataset import Dataset
from embviz.datasets.info import DatasetInfo
from embviz.datasets.source import Given
from embviz.errors import DatasetError

FACTS = "dataset.json"
"""Name of the file with all that is not an array; written last, so that a folder with it is complete."""
_PLAIN = ("name", "split", "n_source", "n_split", "class_names", "group", "splits")
_ARRAYS = ("ids", "images", "vectors", "labels")
_NAMED = ("more_vectors", "metadata")


def handed_bytes(dataset: Dataset) -> int:
    """Number of bytes that `hand_over` writes, without the file `FACTS` and the files' headers."""
    return sum(array.nbytes for _, array in _files(dataset))


def hand_over(dataset: Dataset, folder: Path) -> None:
    """Write a dataset, without its source, into an empty folder: a ``.npy`` file per array, and JSON; no pickle.

    Raises
    ------
    OSError
        If the disk is full, or the folder is gone.

    Examples
    --------
    >>> import tempfile
    >>> toy = Dataset(name="toy", split="", ids=np.arange(3), n_source=3, n_split=3)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     hand_over(toy, Path(folder))
    ...     handed_dataset(Path(folder)).fingerprint == toy.fingerprint
    True
    """
    for file, array in _files(dataset):
        np.save(folder / file, array, allow_pickle=False)
    facts: dict[str, object] = {name: getattr(dataset, name) for name in _PLAIN}
    facts["arrays"] = [name for name in _ARRAYS if getattr(dataset, name) is not None]
    facts |= {name: list(getattr(dataset, name)) for name in _NAMED}
    (folder / FACTS).write_text(json.dumps(facts), encoding="utf-8")


def _files(dataset: Dataset) -> Iterator[tuple[str, AnyArray]]:
    """File name and content of each array; names from users do not become file names."""
    for name in _ARRAYS:
        if (array := getattr(dataset, name)) is not None:
            yield f"{name}.npy", array
    for name in _NAMED:
        for place, array in enumerate(getattr(dataset, name).values()):
            yield f"{name}-{place}.npy", array


def handed_dataset(folder: Path) -> Dataset:
    """The dataset that `hand_over` wrote; its arrays are read from the files when they are looked at.

    Raises
    ------
    DatasetError
        If the folder is gone, or holds anything else.
    """
    try:
        facts: dict[str, Any] = json.loads((folder / FACTS).read_text(encoding="utf-8"))
        fields: dict[str, Any] = {name: facts[name] for name in _PLAIN}
        fields["splits"] = [tuple(split) for split in facts["splits"]]
        fields |= {name: _mapped(folder / f"{name}.npy") for name in facts["arrays"]}
        for name in _NAMED:
            fields[name] = {each: _mapped(folder / f"{name}-{place}.npy") for place, each in enumerate(facts[name])}
        return Dataset(**fields)
    except (OSError, EOFError, ValueError, TypeError, KeyError) as error:
        raise DatasetError(f"{folder} holds no data that embviz.show has written ({error}); call it again") from error


def _mapped(path: Path) -> AnyArray:
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))


def given_info(source: Given) -> DatasetInfo:
    """`DatasetInfo` of a dataset that was made in Python.

    Examples
    --------
    >>> toy = Dataset("toy", "", np.arange(3), n_source=3, n_split=3, vectors=np.ones((3, 2), np.float32))
    >>> given_info(Given(toy)).vectors
    (('', 2),)
    """
    dataset = source.dataset
    first = {} if dataset.vectors is None else {"": dataset.vectors}
    return DatasetInfo(
        name=f"given-{source.key}",
        title=source.title,
        class_names=() if dataset.labels is None else dataset.class_names,
        counts={"all": len(dataset)},
        image_shape=None if dataset.images is None else dataset.images.shape[1:],
        download_bytes=0,
        on_machine=True,
        source=source,
        vectors=tuple((name, each.shape[1]) for name, each in {**first, **dataset.more_vectors}.items()),
    )
