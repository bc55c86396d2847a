"""The `SparseGraph` value: weighted edges between items, as the layout kernels read them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embviz.arrays import Float32Array, Int64Array, frozen_array, summary


@dataclass(frozen=True, eq=False, slots=True, repr=False)
class SparseGraph:
    """A symmetric n x n matrix of positive weights, stored by rows without its zeros.

    Attributes
    ----------
    starts
        int64, shape (n + 1,): row i has the entries starts[i] .. starts[i + 1] - 1.
    columns
        uint32: the other item of each entry; unsigned, because with a signed index compiled code would check
        whether it counts from the end.
    weights
        float32, > 0: the weight of each entry.
    """

    starts: Int64Array
    columns: NDArray[np.uint32]
    weights: Float32Array

    __repr__ = summary

    def __post_init__(self) -> None:
        object.__setattr__(self, "starts", frozen_array("starts", self.starts, np.int64, (None,)))
        object.__setattr__(self, "columns", frozen_array("columns", self.columns, np.uint32, (self.starts[-1],)))
        object.__setattr__(self, "weights", frozen_array("weights", self.weights, np.float32, self.columns.shape))

    def __len__(self) -> int:
        return len(self.starts) - 1


def sparse_graph(starts: Int64Array, columns: NDArray[np.uint32], weights: Float32Array) -> SparseGraph:
    """The graph with the given entries, without those of weight zero.

    Raises
    ------
    InputError
        If a weight is NaN or infinite.

    Examples
    --------
    >>> graph = sparse_graph(np.array([0, 2, 3]), np.array([0, 1, 0], np.uint32), np.array([0, 5, 5], np.float32))
    >>> graph.starts.tolist(), graph.columns.tolist(), graph.weights.tolist()
    ([0, 1, 2], [1, 0], [5.0, 5.0])
    """
    kept = ~(weights <= 0)  # NaN is kept, and refused below
    if not kept.all():
        starts = np.concatenate([[0], np.cumsum(kept)])[starts]
        columns, weights = columns[kept], weights[kept]
    return SparseGraph(starts, columns, weights)
