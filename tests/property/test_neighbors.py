"""For any vectors: a neighbor graph is as documented, and equals a brute-force search."""

import numpy as np
from hypothesis import given, settings, strategies as st
from hypothesis.extra import numpy as hnp

from embviz.neighbors import nearest_rows, neighbor_graph
from embviz.neighbors.rows import twins_of


@st.composite
def lattices(draw):
    """Vectors of small whole numbers: distances are computed without error, and ties and duplicates are common."""
    shape = (draw(st.integers(2, 45)), draw(st.integers(1, 6)))
    largest = draw(st.integers(0, 3))
    return draw(hnp.arrays(np.int8, shape, elements=st.integers(-largest, largest))).astype(np.float32)


@st.composite
def clouds(draw):
    """Vectors of any numbers, with some rows repeated."""
    shape = (draw(st.integers(2, 45)), draw(st.integers(1, 6)))
    numbers = st.floats(-100, 100, width=32, allow_subnormal=False).filter(lambda x: x == 0 or abs(x) > 1e-6)
    vectors = draw(hnp.arrays(np.float32, shape, elements=numbers))
    rows = draw(st.lists(st.integers(0, shape[0] - 1), max_size=20))
    return np.concatenate([vectors, vectors[rows]]) if rows else vectors


def all_distances(vectors):
    exact = vectors.astype(np.float64)
    return np.sqrt(((exact[:, None] - exact) ** 2).sum(axis=2)).astype(np.float32)


def nearest_in(distances, row, among, k):
    """The k nearest by definition: the other rows of `among` with the lowest (distance, row)."""
    return sorted((distances[row, other], other) for other in among if other != row)[:k]


@settings(max_examples=80)
@given(vectors=lattices(), data=st.data())
def test_graph_equals_brute_force_with_ties_and_duplicates(vectors, data):
    k = data.draw(st.integers(1, len(vectors) - 1))
    graph = neighbor_graph(vectors, k)
    distances = all_distances(vectors)
    for row in range(len(vectors)):
        assert list(zip(graph.distances[row], graph.indices[row], strict=True)) == nearest_in(
            distances, row, range(len(vectors)), k
        )


@settings(max_examples=80)
@given(vectors=lattices(), data=st.data())
def test_nearest_rows_equal_brute_force_within_any_group(vectors, data):
    n = len(vectors)
    among = sorted(data.draw(st.sets(st.integers(0, n - 1), min_size=2)))
    of = data.draw(st.lists(st.integers(0, n - 1), min_size=1, max_size=10))
    k = data.draw(st.integers(1, len(among) - 1))
    nearest = nearest_rows(vectors, k, among=np.array(among), of=np.array(of))
    distances = all_distances(vectors)
    for row, indices, found, further in zip(of, *nearest, strict=True):
        every = nearest_in(distances, row, among, len(among))
        assert list(zip(found, indices, strict=True)) == every[:k]
        assert further == sum(distance == found[-1] for distance, _ in every[k:])


@settings(max_examples=60)
@given(vectors=clouds(), data=st.data(), exact_up_to=st.sampled_from([0, 20_000]))
def test_graph_invariants(vectors, data, exact_up_to):
    k = data.draw(st.integers(1, len(vectors) - 1))
    graph = neighbor_graph(vectors, k, exact_up_to=exact_up_to)
    rows = np.arange(len(vectors))[:, None]
    assert graph.indices.shape == graph.distances.shape == (len(vectors), k)
    assert (graph.indices != rows).all(), "an item is its own neighbor"
    assert all(len(set(line)) == k for line in graph.indices.tolist()), "a neighbor is listed twice"
    assert (np.diff(graph.distances, axis=1) >= 0).all(), "distances decrease"
    tied = graph.distances[:, 1:] == graph.distances[:, :-1]
    assert (graph.indices[:, 1:] > graph.indices[:, :-1])[tied].all(), "ties are not in row order"
    true = all_distances(vectors)
    np.testing.assert_allclose(graph.distances, true[rows, graph.indices], rtol=1e-6)
    assert graph.recall >= 0.99
    twins = (vectors[:, None] == vectors).all(axis=2)
    np.fill_diagonal(twins, False)
    n_twins = np.minimum(twins.sum(axis=1), k)
    assert ((graph.distances == 0).sum(axis=1) >= n_twins).all(), "an exact duplicate is missing"


@settings(max_examples=40)
@given(vectors=lattices(), data=st.data())
def test_first_equals_the_graph_of_fewer_neighbors(vectors, data):
    k = data.draw(st.integers(1, len(vectors) - 1))
    fewer = data.draw(st.integers(1, k))
    first, graph = neighbor_graph(vectors, k).first(fewer), neighbor_graph(vectors, fewer)
    np.testing.assert_array_equal(first.indices, graph.indices)
    np.testing.assert_array_equal(first.distances, graph.distances)


@settings(max_examples=40)
@given(vectors=lattices())
def test_twins_partition_the_rows(vectors):
    twins = twins_of(vectors)
    groups = [twins.members[start : start + size] for start, size in zip(twins.starts, twins.sizes, strict=True)]
    assert sorted(twins.members.tolist()) == list(range(len(vectors)))
    assert [group[0] for group in groups] == twins.first.tolist() == sorted(twins.first.tolist())
    for group in groups:
        assert (vectors[group] == vectors[group[0]]).all()
        assert group.tolist() == sorted(group.tolist())
