"""Sequences of items, for lines between them: a column tells each item's next one, as in TensorBoard's projector."""

import math

import numpy as np

from embviz.arrays import AnyArray, Int64Array
from embviz.dataset import Dataset

NEXT_COLUMNS = ("__next__", "__seq_next__")
"""Columns with the position of each item's next one among all items of the source; the first, older name wins."""


def next_column(dataset: Dataset) -> str | None:
    """The first of `NEXT_COLUMNS` that the dataset has; None if it has neither, and so no sequences."""
    return next((name for name in NEXT_COLUMNS if name in dataset.metadata), None)


def next_rows(dataset: Dataset, column: str) -> Int64Array:
    """Row of the next item in each item's sequence; -1 if it has no next item in the dataset.

    A value is a position among all items of the source, counted from 0 through all splits, as ids are. So lines stay
    right in every sample and order. A sequence ends at an item whose value is missing, is not a whole number, is its
    own position, or is that of no item in the dataset. Several items may have the same next item.

    Parameters
    ----------
    dataset
        The items.
    column
        One of its metadata columns.

    Returns
    -------
    int64, shape (n,).

    Examples
    --------
    >>> toy = Dataset(name="toy", split="", ids=np.array([5, 3, 8]), n_source=9, n_split=9,
    ...               metadata={"__seq_next__": np.array([8, 5, np.nan])})
    >>> next_rows(toy, "__seq_next__").tolist()
    [2, 0, -1]
    """
    wanted = _positions(dataset.metadata[column], dataset.n_source)
    order = np.argsort(dataset.ids)
    places = np.searchsorted(dataset.ids, wanted, sorter=order)
    rows = order[np.minimum(places, len(order) - 1)]
    is_one = (dataset.ids[rows] == wanted) & (wanted != dataset.ids)
    return np.where(is_one, rows, -1).astype(np.int64)


def written_positions(dataset: Dataset, column: str, rows: Int64Array) -> Int64Array:
    """Position of each item's next item in a file of the items at `rows`; -1 if the next item is not in the file.

    These are needed because a reader of the file counts its items, while the column counts those of the source.

    Parameters
    ----------
    dataset, column
        As in `next_rows`.
    rows
        int64, shape (m,): rows of the dataset, each at most once, in the order of the file.

    Returns
    -------
    int64, shape (m,).

    Examples
    --------
    >>> toy = Dataset(name="toy", split="", ids=np.array([5, 3, 8]), n_source=9, n_split=9,
    ...               metadata={"__seq_next__": np.array([8, 5, np.nan])})
    >>> written_positions(toy, "__seq_next__", np.array([2, 0])).tolist()
    [-1, 0]
    """
    places = np.full(len(dataset) + 1, -1)  # the last one, at -1, is for items without a next one
    places[rows] = np.arange(len(rows))
    written: Int64Array = places[next_rows(dataset, column)[rows]]
    return written


def without_rings(rows: Int64Array) -> Int64Array:
    """The rows of `next_rows` with every ring cut: the step that would return to an earlier item becomes -1.

    So going from each item to its next one always ends. TensorBoard's page does that, and would not stop in a ring.

    Examples
    --------
    >>> without_rings(np.array([1, 2, 0, 1])).tolist()
    [1, 2, -1, 1]
    """
    nexts, open_rows = rows.tolist(), rows.copy()
    reached_from = [-1] * len(nexts)
    for start in range(len(nexts)):
        last, row = -1, start
        while row >= 0 and reached_from[row] < 0:
            reached_from[row] = start
            last, row = row, nexts[row]
        if row >= 0 and reached_from[row] == start:
            open_rows[last] = -1
    return open_rows


def joined_rows(dataset: Dataset) -> Int64Array:
    """Rows of the items that a line joins, int64 of shape (m, 2): an item and the one after it, in the order of rows.

    Examples
    --------
    >>> toy = Dataset(name="toy", split="", ids=np.array([5, 3, 8]), n_source=9, n_split=9,
    ...               metadata={"__seq_next__": np.array(["8", "5", "end"])})
    >>> joined_rows(toy).tolist()
    [[0, 2], [1, 0]]
    """
    column = next_column(dataset)
    if column is None:
        return np.empty((0, 2), np.int64)
    rows = next_rows(dataset, column)
    has_next = np.flatnonzero(rows >= 0)
    return np.stack([has_next, rows[has_next]], axis=1)


def _positions(column: AnyArray, n_source: int) -> Int64Array:
    """The positions that a column of any type names; -1 where it names none."""
    if column.dtype.kind == "b":
        return np.full(len(column), -1, np.int64)
    cells = [_number(text) for text in column.tolist()] if column.dtype.kind == "U" else column
    numbers = np.asarray(cells, np.float64)
    is_one = (numbers >= 0) & (numbers < n_source) & (numbers == np.floor(numbers))
    return np.where(is_one, numbers, -1).astype(np.int64)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
