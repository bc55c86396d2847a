"""The `SparseGraph` value: weighted edges between items, as the layout kernels read them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embviz.arrays import Float32Array, Int64Array, frozen_array


@dataclass(frozen=True, eq=False, slots=True)
class SparseGraph:
    """A symmetric matrix of positive weights by rows, most of it zero.

    Attributes
    ----------
    starts
        int64, shape (n + 1,): row i has the entries starts[i] .. starts[i + 1] - 1.
    columns
        uint32: the other item of each entry; unsigned, because compiled code would otherwise look
        whether an index counts from the end.
    weights
        float32, > 0.
    """

    starts: Int64Array
    columns: NDArray[np.uint32]
    weights: Float32Array

    def __post_init__(self) -> None:
        object.__setattr__(self, "starts", frozen_array("starts", self.starts, np.int64, (None,)))
        object.__setattr__(self, "columns", frozen_array("columns", self.columns, np.uint32, (self.starts[-1],)))
        object.__setattr__(self, "weights", frozen_array("weights", self.weights, np.float32, self.columns.shape))

    def __len__(self) -> int:
        return len(self.starts) - 1


def sparse_graph(matrix: Any) -> SparseGraph:
    """The graph of a scipy sparse matrix; zeros stored in it are dropped.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> graph = sparse_graph(csr_array([[0, 0.5], [0.5, 0]]))
    >>> graph.starts.tolist(), graph.columns.tolist(), graph.weights.tolist()
    ([0, 1, 2], [1, 0], [0.5, 0.5])
    """
    matrix = matrix.tocsr()
    matrix.eliminate_zeros()
    matrix.sort_indices()
    return SparseGraph(matrix.indptr.astype(np.int64), matrix.indices.astype(np.uint32), matrix.data.astype(np.float32))


def directed_matrix(indices: NDArray[np.int32], weights: Float32Array) -> Any:
    """The scipy matrix with `weights` (n, k) in the columns `indices` (n, k) of each row."""
    from scipy.sparse import csr_array

    n, k = indices.shape
    return csr_array((weights.ravel(), indices.ravel(), np.arange(0, n * k + 1, k)), shape=(n, n))
