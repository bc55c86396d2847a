"""The minimum spanning tree of vectors, exact, and the number of its edges that join two classes."""

import numpy as np

from embviz.arrays import BoolArray, Float32Array, Float64Array, Int64Array
from embviz.bounds.order import OrderedPair
from embviz.neighbors import nearest_rows
from embviz.progress import Progress

LISTED = 20
"""Number of nearest neighbors of each vector among which edges are searched first; most edges are found there."""

BLOCK = 2**22
"""Number of entries of a table of distances that are computed at once."""


def spanning_tree(pair: OrderedPair, progress: Progress) -> Int64Array:
    """The edges of the minimum spanning tree of the different vectors of two classes: rows, int64, shape (u - 1, 2).

    Each tree is joined to another by the shortest edge that leaves it (Borůvka, 1926). This edge is searched among
    nearest neighbors and, if all of these belong to the same tree already, among all vectors. Of equally long edges,
    those of the first vectors are taken.

    Unlike scipy's `minimum_spanning_tree` it needs no table of all distances, and a distance of 0 counts as an edge.

    Parameters
    ----------
    pair
        The items.
    progress
        Called with the stages of `nearest_rows`, and with ``spanning tree``.
    """
    n = len(pair.vectors)
    edges: list[tuple[int, int]] = []
    if n < 2:
        return np.empty((0, 2), np.int64)
    every = np.arange(n)
    near = nearest_rows(pair.vectors, min(LISTED, n - 1), among=every, of=every, progress=progress)
    tree = every
    while len(edges) < n - 1:
        progress("spanning tree", len(edges), n - 1)
        leaves = tree[near.indices] != tree[:, None]
        first, has = leaves.argmax(axis=1), leaves.any(axis=1)
        partner = np.where(has, near.indices[every, first], -1).astype(np.int64)
        far = np.where(has, near.distances[every, first], np.inf).astype(np.float32)
        nearest = np.full(n, np.inf, np.float32)
        np.minimum.at(nearest, tree, far)
        largest = int(np.bincount(tree).argmax())  # the other trees are joined to it
        unsure = np.flatnonzero(~has & (near.distances[:, -1] <= nearest[tree]) & (tree != largest))
        for block in np.array_split(unsure, -(-len(unsure) * n // BLOCK) or 1):
            progress("spanning tree", len(edges), n - 1)
            partner[block], far[block] = _nearest_outside(pair.points, tree, block)
        candidates = np.flatnonzero((partner >= 0) & (tree != largest))
        ends = np.sort(np.column_stack([candidates, partner[candidates]]), axis=1)
        order = np.lexsort((ends[:, 1], ends[:, 0], far[candidates], tree[candidates]))
        _, begins = np.unique(tree[candidates][order], return_index=True)
        chosen = ends[order[begins]]
        shortest_first = np.lexsort((chosen[:, 1], chosen[:, 0], far[candidates][order[begins]]))
        tree = _joined(tree, chosen[shortest_first].tolist(), edges)
    return np.array(edges, np.int64)


def _nearest_outside(points: Float64Array, tree: Int64Array, rows: Int64Array) -> tuple[Int64Array, Float32Array]:
    """The nearest vector of another tree for each of `rows`, and the distance to it."""
    squares = np.einsum("ij,ij->i", points, points)
    table = squares - 2 * points[rows] @ points.T
    table[tree[rows, None] == tree] = np.inf
    nearest = table.argmin(axis=1)
    differences = points[rows] - points[nearest]
    return nearest, np.sqrt(np.einsum("ij,ij->i", differences, differences)).astype(np.float32)


def _joined(tree: Int64Array, chosen: list[list[int]], edges: list[tuple[int, int]]) -> Int64Array:
    """The tree of each vector after these edges, which are added to `edges` unless they would close a cycle."""
    parent = np.arange(int(tree.max()) + 1)

    def root(of: int) -> int:
        while parent[of] != of:
            parent[of] = parent[parent[of]]
            of = int(parent[of])
        return of

    for one, other in chosen:
        a, b = root(int(tree[one])), root(int(tree[other]))
        if a != b:
            parent[max(a, b)] = min(a, b)
            edges.append((one, other))
    return np.array([root(of) for of in range(len(parent))])[tree]


def cross_edges(edges: Int64Array, vector_of: Int64Array, is_second: BoolArray) -> Float64Array:
    """Number of edges of a tree of the items that join the two classes, for each labeling; float64, shape (b,).

    Equal items are joined with each other by edges of length 0, and by one edge with the rest of the tree. Which of
    them have these edges does not change the tree's length, so the result is the mean over all choices.

    Parameters
    ----------
    edges
        The tree of the different vectors.
    vector_of
        int64, shape (n,): the vector of each item, ascending.
    is_second
        bool, shape (b, n): the class of each item, for each labeling.

    Examples
    --------
    Three equal items, of which one is of the second class, and one other item: of the two edges among the equal ones
    4 / 3 join the classes on average, and the third edge does in a third of all cases.

    >>> tree = np.array([[0, 1]])
    >>> cross_edges(tree, np.array([0, 0, 0, 1]), np.array([[True, False, False, False]])).round(3).tolist()
    [1.667]
    """
    starts = np.flatnonzero(np.diff(vector_of, prepend=-1))
    sizes = np.diff(starts, append=len(vector_of))
    seconds = np.add.reduceat(is_second, starts, axis=1, dtype=np.float64) / sizes
    among_equal = 2 * sizes * seconds * (1 - seconds)
    one, other = seconds[:, edges[:, 0]], seconds[:, edges[:, 1]]
    return np.asarray(among_equal.sum(axis=1) + (one * (1 - other) + other * (1 - one)).sum(axis=1), np.float64)
