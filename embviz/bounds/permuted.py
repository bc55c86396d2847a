"""Random labelings for a permutation test, in which the items of one group and class stay together."""

from collections.abc import Iterator

import numpy as np

from embviz.arrays import BoolArray, Int64Array


def permuted_labels(is_second: BoolArray, groups: Int64Array, count: int, batch: int) -> Iterator[BoolArray]:
    """Random labelings for a permutation test, `count` in all, in batches of at most `batch`; bool, shape (b, n).

    The items of one group and class get one label. A group with items of both classes keeps its labels or swaps them;
    groups with items of one class exchange theirs. If each item is a group of its own, that is any permutation.

    Parameters
    ----------
    is_second, groups
        bool and int64, shape (n,): class and group of each item.
    count
        Number of labelings.
    batch
        Largest number of labelings in an array.

    Examples
    --------
    Three items of one group keep their labels, or swap them:

    >>> next(permuted_labels(np.array([True, True, False]), np.array([0, 0, 0]), 4, 4)).tolist()
    [[True, True, False], [False, False, True], [False, False, True], [False, False, True]]
    """
    rng = np.random.default_rng(0)
    blocks, block_of = np.unique(2 * groups + is_second, return_inverse=True)
    of_group = blocks // 2
    is_both = np.bincount(of_group)[of_group] == 2
    labels = blocks % 2 == 1
    single = np.flatnonzero(~is_both)
    for start in range(0, count, batch):
        size = min(batch, count - start)
        swaps = rng.random((size, int(of_group.max()) + 1)) < 0.5
        drawn = labels ^ (swaps[:, of_group] & is_both)
        drawn[:, single] = rng.permuted(np.tile(labels[single], (size, 1)), axis=1)
        yield drawn[:, block_of]
