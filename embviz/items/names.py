"""Names of items on the page and in files, such as ``train 717``: by them one finds an item in the dataset."""

from collections.abc import Sequence

import numpy as np

from embviz.arrays import AnyArray, Int64Array
from embviz.dataset import Dataset


def item_name(item: int, splits: Sequence[tuple[str, int]]) -> str:
    """Name of an item: its split and its position in the split, or ``#`` and its id if there are no splits.

    Parameters
    ----------
    item
        Id of the item.
    splits
        Name and first id of each split, as in `Dataset`.

    Examples
    --------
    >>> mnist = (("train", 0), ("test", 60000))
    >>> item_name(717, mnist), item_name(60717, mnist), item_name(717, ())
    ('train 717', 'test 717', '#717')
    """
    for name, first in reversed(splits):
        if first <= item:
            return f"{name} {item - first}"
    return f"#{item}"


def item_names(dataset: Dataset) -> AnyArray:
    """Name of each item of a dataset, as `item_name` gives it; computed by numpy, so that 70,000 are quick.

    Examples
    --------
    >>> toy = Dataset(name="toy", split="all", ids=np.array([1, 3, 4]), n_source=5, n_split=5,
    ...               splits=(("train", 0), ("test", 3)))
    >>> item_names(toy).tolist()
    ['train 1', 'test 0', 'test 1']
    """
    positions = split_positions(dataset)
    if positions is None:
        return np.strings.add("#", dataset.ids.astype(np.str_))
    first_ids = [first for _, first in dataset.splits]
    starts = np.array([f"{name} " for name, _ in dataset.splits])
    places = np.searchsorted(first_ids, dataset.ids, side="right") - 1
    return np.strings.add(starts[places], positions.astype(np.str_))


def split_positions(dataset: Dataset) -> Int64Array | None:
    """Position of each item in its split, from 0; None if `Dataset.splits` is empty.

    Examples
    --------
    >>> toy = Dataset(name="toy", split="all", ids=np.array([1, 3, 4]), n_source=5, n_split=5,
    ...               splits=(("train", 0), ("test", 3)))
    >>> split_positions(toy).tolist()
    [1, 0, 1]
    """
    if not dataset.splits:
        return None
    first_ids = np.array([first for _, first in dataset.splits], np.int64)
    positions: Int64Array = dataset.ids - first_ids[np.searchsorted(first_ids, dataset.ids, side="right") - 1]
    return positions
