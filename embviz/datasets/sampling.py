"""Seeded samples of a dataset that keep the share of each class and group."""

import numpy as np

from embviz.arrays import Int64Array
from embviz.checks.arguments import checked
from embviz.dataset import Dataset, subset
from embviz.errors import DatasetError


@checked(DatasetError)
def stratified_sample(dataset: Dataset, limit: int, seed: int = 0) -> Dataset:
    """A seeded sample of `limit` items that keeps the share of each class and group, in the dataset's order.

    Not the first `limit` items, and not a plain random draw: every class gets its share rounded down, and the items
    left over go to the largest remainders. Within a class every group gets its share, rounded up or down by chance.
    Without classes and groups it is a plain draw. A dataset of at most `limit` items is returned as it is.

    Parameters
    ----------
    dataset
        The items to sample from.
    limit
        Most items, >= 1.
    seed
        Random seed, >= 0; the same seed gives the same items.

    Raises
    ------
    DatasetError
        If `limit` is below 1 or `seed` below 0.

    Examples
    --------
    >>> toy = Dataset(name="toy", split="", ids=np.arange(8), n_source=8, n_split=8,
    ...               labels=np.array([0, 0, 0, 0, 0, 0, 1, 1]), class_names=("a", "b"))
    >>> stratified_sample(toy, 4).labels.tolist()
    [0, 0, 0, 1]
    """
    if limit < 1:
        raise DatasetError(f"limit must be at least 1, got {limit}; leave it out for all items")
    if seed < 0:
        raise DatasetError(f"seed must be at least 0, got {seed}")
    n = len(dataset)
    if limit >= n:
        return dataset
    rng = np.random.default_rng(seed)
    groups = np.unique(dataset.metadata[dataset.group], return_inverse=True)[1] if dataset.group else None
    labels = dataset.labels
    if labels is None:
        return subset(dataset, np.sort(_picked(np.arange(n), limit, groups, rng)))
    wanted = class_shares(np.bincount(labels), limit)
    rows = [_picked(np.flatnonzero(labels == code), size, groups, rng) for code, size in enumerate(wanted)]
    return subset(dataset, np.sort(np.concatenate(rows)))


def class_shares(counts: Int64Array, limit: int) -> Int64Array:
    """Number of items of each class in a sample of `limit`: its share; the rest goes to the largest remainders.

    Parameters
    ----------
    counts
        int64, shape (c,): number of items of each class.
    limit
        Number of items of the sample, at most as many as there are.

    Examples
    --------
    >>> class_shares(np.array([6, 2]), 4).tolist()
    [3, 1]
    """
    wanted, remainders = np.divmod(counts * limit, counts.sum())
    largest = np.argsort(-remainders, kind="stable")[: limit - wanted.sum()]
    wanted[largest] += 1
    return wanted


def _picked(rows: Int64Array, size: int, groups: Int64Array | None, rng: np.random.Generator) -> Int64Array:
    """`size` of the rows, all equally likely; every group gets its share, rounded up or down by chance."""
    if groups is None or size == 0:
        return rng.choice(rows, size, replace=False)
    shuffled = rng.permutation(rows)
    in_order = shuffled[np.argsort(rng.permutation(groups.max() + 1)[groups[shuffled]], kind="stable")]
    evenly_spaced = ((np.arange(size) + rng.random()) * (len(rows) / size)).astype(np.int64)
    return in_order[evenly_spaced]
