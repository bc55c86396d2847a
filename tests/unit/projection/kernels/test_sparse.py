"""Sparse graphs as the kernels read them: entries of weight zero are dropped, and no others."""

import numpy as np
import pytest
from scipy.sparse import csr_array, random_array

from embviz.errors import InputError
from embviz.projection.kernels.sparse import sparse_graph


def graph_of(matrix):
    """The sparse graph of a matrix, made from all entries that the matrix stores, zeros included."""
    starts, columns = matrix.indptr.astype(np.int64), matrix.indices.astype(np.uint32)
    return sparse_graph(starts, columns, matrix.data.astype(np.float32))


def dense(graph):
    matrix = np.zeros((len(graph), len(graph)), np.float32)
    rows = np.repeat(np.arange(len(graph)), np.diff(graph.starts))
    matrix[rows, graph.columns] = graph.weights
    return matrix


@pytest.mark.parametrize("zeros", [0.0, 0.5, 1.0])
def test_a_graph_holds_the_matrix_row_by_row_without_its_zeros(zeros):
    random = np.random.default_rng(0)
    matrix = random_array((30, 30), density=0.2, rng=random, dtype=np.float32).tocsr()
    matrix.data[random.random(len(matrix.data)) < zeros] = 0
    graph = graph_of(matrix)
    np.testing.assert_array_equal(dense(graph), matrix.toarray())
    assert len(graph) == 30 and graph.starts[-1] == len(graph.columns) == len(graph.weights) == (matrix.data > 0).sum()
    assert (graph.weights > 0).all()


def test_rows_without_entries_are_kept():
    graph = graph_of(csr_array((np.float32([0, 5, 0]), [1, 2, 0], [0, 2, 2, 3]), shape=(3, 3)))
    assert graph.starts.tolist() == [0, 1, 1, 1] and graph.columns.tolist() == [2] and graph.weights.tolist() == [5]


@pytest.mark.parametrize("weights", [[1, 1, 1], [1, 0, 1]])
def test_a_graph_cannot_be_changed_and_kernels_get_the_types_they_were_compiled_for(weights):
    graph = sparse_graph(np.arange(4), np.arange(3, dtype=np.uint32), np.array(weights, np.float32))
    for array, kind in ((graph.starts, np.int64), (graph.columns, np.uint32), (graph.weights, np.float32)):
        assert array.dtype == kind
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


@pytest.mark.parametrize("weight", [np.nan, np.inf])
def test_what_is_no_weight_is_refused_and_not_dropped(weight):
    with pytest.raises(InputError, match="weights must be finite"):
        sparse_graph(np.array([0, 2]), np.array([0, 1], np.uint32), np.array([weight, 0], np.float32))
