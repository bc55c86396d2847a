"""The order in which items are shown where there is no room for all: items of the rarest label first."""

import numpy as np

from embviz.arrays import Int64Array
from embviz.dataset import Dataset


def rarest_first(dataset: Dataset, rows: Int64Array) -> Int64Array:
    """Rows ordered by how many of them share their label, the rarest label first; as given without labels.

    Rows of the same label are in ascending order.

    Examples
    --------
    >>> toy = Dataset(name="toy", split="", ids=np.arange(4), n_source=4, n_split=4,
    ...               labels=np.array([0, 0, 1, 0]), class_names=("a", "b"))
    >>> rarest_first(toy, np.arange(4)).tolist()
    [2, 0, 1, 3]
    """
    if dataset.labels is None:
        return rows
    codes = dataset.labels[rows]
    counts = np.bincount(codes)
    return rows[np.lexsort((rows, codes, counts[codes]))]
