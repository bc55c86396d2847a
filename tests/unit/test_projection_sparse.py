"""Weighted edges as the kernels read them: nothing lost on the way from scipy, nothing stored that is zero."""

import numpy as np
import pytest
from scipy.sparse import csr_array, random_array

from embviz.projection.sparse import directed_matrix, sparse_graph


def dense(graph):
    matrix = np.zeros((len(graph), len(graph)), np.float32)
    rows = np.repeat(np.arange(len(graph)), np.diff(graph.starts))
    matrix[rows, graph.columns] = graph.weights
    return matrix


def test_a_graph_holds_the_matrix_row_by_row():
    matrix = random_array((30, 30), density=0.2, rng=np.random.default_rng(0), dtype=np.float32).tocsr()
    graph = sparse_graph(matrix)
    np.testing.assert_array_equal(dense(graph), matrix.toarray())
    assert len(graph) == 30 and graph.starts[-1] == len(graph.columns) == len(graph.weights)
    for row in range(30):
        assert (np.diff(graph.columns[graph.starts[row] : graph.starts[row + 1]].astype(int)) > 0).all()


def test_columns_given_in_any_order_are_sorted_with_their_weights():
    graph = sparse_graph(csr_array((np.float32([3, 1, 2]), [2, 0, 1], [0, 3, 3, 3]), shape=(3, 3)))
    assert graph.columns.tolist() == [0, 1, 2] and graph.weights.tolist() == [1, 2, 3]


def test_stored_zeros_are_dropped_and_rows_without_entries_are_kept():
    graph = sparse_graph(csr_array((np.float32([0, 5, 0]), [1, 2, 0], [0, 2, 2, 3]), shape=(3, 3)))
    assert graph.starts.tolist() == [0, 1, 1, 1] and graph.columns.tolist() == [2] and graph.weights.tolist() == [5]


def test_a_graph_cannot_be_changed_and_kernels_get_the_types_they_were_compiled_for():
    graph = sparse_graph(csr_array(np.eye(3)))
    for array, kind in ((graph.starts, np.int64), (graph.columns, np.uint32), (graph.weights, np.float32)):
        assert array.dtype == kind
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_a_directed_matrix_has_each_weight_where_its_index_says():
    indices = np.array([[1, 2], [2, 0], [0, 1]], np.int32)
    weights = np.arange(1, 7, dtype=np.float32).reshape(3, 2)
    assert directed_matrix(indices, weights).toarray().tolist() == [[0, 1, 2], [4, 0, 3], [5, 6, 0]]
