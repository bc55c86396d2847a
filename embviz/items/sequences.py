"""Which item comes after which, where a column says so as TensorBoard's projector reads it: what lines are drawn by."""

import math

import numpy as np

from embviz.arrays import AnyArray, Int64Array
from embviz.dataset import Dataset

NEXT_COLUMNS = ("__next__", "__seq_next__")
"""Columns of the position of the next item among all items of the source; TensorBoard takes the old name first."""


def next_column(dataset: Dataset) -> str | None:
    """The first of `NEXT_COLUMNS` that the dataset has; None if it has neither, and so no sequences."""
    return next((name for name in NEXT_COLUMNS if name in dataset.metadata), None)


def next_rows(dataset: Dataset, column: str) -> Int64Array:
    """Row of the item after each one, -1 where there is none here.

    A value counts the items of the source from 0, as ids do: the splits of several files one after the other. So lines
    stay right in every sample and order. No value, or one that is no whole number, no item of the source, or the item
    itself, ends a sequence; so does an item that is not in the dataset. Several items may have the same next one.

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
    """Position of the next item among the items at `rows`, -1 where it is not among them: what a file of these needs.

    Whoever opens the file counts its own items, and not those of the source that the column counts.

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
    """The rows of `next_rows`, and -1 at the item that comes before one from which it was reached.

    Whoever goes from each item to the next one then comes to an end; TensorBoard's page, which does so, would not.

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
