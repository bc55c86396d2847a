"""A layout of a few items that calls every kernel of a method once, so that numba loads or compiles it.

``python -m embviz.projection.tiny_layout`` compiles all kernels and keeps them on disk. With a method and a number of
dimensions (``… tsne 2``) it compiles only their kernels.
"""

import os
import sys

import numpy as np

from embviz.arrays import Float32Array
from embviz.neighbors import NeighborGraph
from embviz.projection.admission import neighbors_needed
from embviz.projection.kernels.compiled import one_at_a_time
from embviz.projection.kernels.ranks import Counts, Ranked, count, measure
from embviz.projection.kernels.z_order import z_order
from embviz.projection.placing.tsne import placed_by_tsne, tsne_ground
from embviz.projection.placing.umap import placed_by_umap, umap_ground
from embviz.projection.specs import Tsne, Umap
from embviz.projection.tsne.curvature import SUMS, repulsion_sums
from embviz.projection.tsne.tsne import grid_or_tree, kl_divergence, start_tsne
from embviz.projection.umap.umap import start_umap

METHODS = ("tsne", "umap", "place-tsne", "place-umap")
"""Methods with kernels: t-SNE and UMAP, and the placing of items into a finished layout of each."""

TINY = 128
"""Number of items in the tiny layout."""


def tiny_layout(method: str, dims: int) -> None:
    """Lay out `TINY` items, calling the kernels that a layout of many items would call; see `make_ready`."""
    next_ones = np.add.outer(np.arange(TINY), np.arange(1, 13)) % TINY
    graph = NeighborGraph(next_ones.astype(np.int32), np.ones(next_ones.shape, np.float32), "euclidean")
    start = np.random.default_rng(0).standard_normal((TINY, dims), np.float32)
    if method == "ranks":
        _tiny_ranks(start, graph)
        return
    with one_at_a_time:
        z_order(start)
    if method.startswith("place-"):
        spec = Tsne(dims, perplexity=4) if method == "place-tsne" else Umap(dims, n_neighbors=13)
        near = graph.first(neighbors_needed(spec, TINY))
        if isinstance(spec, Tsne):
            placed_by_tsne(tsne_ground(start), spec, near.indices, near.distances)
        else:
            keys = np.zeros(TINY, np.uint64)
            placed_by_umap(umap_ground(start, spec), spec, near.indices, near.distances, keys)
        return
    if method == "umap":
        start_umap(graph, Umap(n_components=dims, n_neighbors=13), start).step(1)
        return
    state = start_tsne(graph, Tsne(n_components=dims, perplexity=4), start)
    state.step(1)
    kl_divergence(state)
    approximate = grid_or_tree(TINY, dims)
    with one_at_a_time:
        for width in (1, 50):  # 1 for a fine grid, 50 for a coarse one with near pairs; `state` is too narrow for both
            approximate.push(start * np.float32(width), np.empty_like(start))
        sums = np.empty((TINY, SUMS), np.float32)
        repulsion_sums(np.zeros((3, TINY), np.float32), 0, TINY, np.float32(1), np.float32(1), sums)


def _tiny_ranks(vectors: Float32Array, graph: NeighborGraph) -> None:
    vectors.flags.writeable = False
    limits, rows = np.empty(graph.indices.shape), np.arange(len(graph))
    squares = np.square(vectors).sum(axis=1)
    counts = Counts(np.zeros(limits.shape, np.int64), np.zeros(limits.shape, np.int64))
    with one_at_a_time:
        measure(vectors, graph.indices, 0, len(graph), limits)
        ranked = Ranked(vectors, rows, squares, np.sqrt(squares), np.float32(1e-6), graph.indices, limits)
        count(ranked, vectors @ vectors.T, rows, rows, rows, counts)


if __name__ == "__main__":
    asked = sys.argv[1:]
    if not asked and hasattr(os, "nice"):  # somebody waits for kernels that are asked for by name
        os.nice(10)
    every_kind = [*((method, dims) for method in METHODS for dims in ("2", "3")), ("ranks", "2")]
    for method, dims in [tuple(asked)] if asked else every_kind:
        tiny_layout(method, int(dims))
