"""Changes of a selection: by the items that a search found, and by a step along the neighbor graph."""

from typing import Literal, get_args

import numpy as np

from embviz.arrays import Int64Array
from embviz.neighbors import NeighborGraph

Change = Literal["select", "add", "remove", "keep"]
CHANGES: tuple[Change, ...] = get_args(Change)


def changed_selection(selected: Int64Array, found: Int64Array, change: Change) -> Int64Array:
    """Ids that are selected after a change, ascending.

    Parameters
    ----------
    selected, found
        Ids selected before, and ids found.
    change
        ``select`` the found ids instead of the selected ones, ``add`` them to these, ``remove`` them from these, or
        ``keep`` only ids that are selected and found.

    Examples
    --------
    >>> before, found = np.array([1, 2, 3]), np.array([3, 4])
    >>> [changed_selection(before, found, change).tolist() for change in CHANGES]
    [[3, 4], [1, 2, 3, 4], [1, 2], [3]]
    """
    match change:
        case "select":
            return np.unique(found)
        case "add":
            return np.union1d(selected, found)
        case "remove":
            return np.setdiff1d(selected, found)
        case "keep":
            return np.intersect1d(selected, found)


def grown_selection(rows: Int64Array, graph: NeighborGraph, k: int) -> Int64Array:
    """The rows, and the k nearest neighbors of each of them: one step along the neighbor graph. Ascending.

    Examples
    --------
    >>> from embviz.datasets.arrays import dataset_from_arrays
    >>> from embviz.features.vectors import vector_features
    >>> from embviz.neighbors import neighbor_graph
    >>> line = vector_features(dataset_from_arrays(vectors=[[0], [1], [3], [9]]))
    >>> grown_selection(np.array([1]), neighbor_graph(line, 2), 1).tolist()
    [0, 1]
    """
    return np.union1d(rows, graph.first(k).indices[rows])
