"""The classes that a table of every two classes shows where there are too many to be read."""

from collections.abc import Sequence

import numpy as np

from embviz.arrays import Float64Array, Int64Array

MOST_READABLE = 40
"""Most classes of a table whose cells can be told apart on the page."""


def readable_classes(values: Float64Array, always: Sequence[int] = (), most: int = MOST_READABLE) -> Int64Array:
    """Codes of the classes to show, ascending: all, or some given ones and those with the largest entries.

    Not a clustering of classes: whether a class is shown depends only on its own row and column.

    Parameters
    ----------
    values
        Shape (C, C): an entry for every two classes; NaN where there is none.
    always
        Codes of classes that are shown in any case.
    most
        Number of classes that can be read, at least as many as in `always`.

    Examples
    --------
    >>> values = np.array([[np.nan, 0.1, 0.0], [0.1, np.nan, 0.7], [0.0, 0.7, np.nan]])
    >>> readable_classes(values, most=2).tolist(), readable_classes(values, (0,), most=2).tolist()
    ([1, 2], [0, 1])
    """
    if len(values) <= most:
        return np.arange(len(values))
    known = np.nan_to_num(values, nan=-np.inf)
    largest = np.maximum(known.max(axis=0), known.max(axis=1))
    largest[list(always)] = np.inf
    return np.sort(np.argsort(-largest, kind="stable")[:most])
