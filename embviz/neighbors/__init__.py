"""Neighbor graphs: the k nearest neighbors of items, with rules for ties and duplicates. No other folder uses faiss."""

from embviz.neighbors.distances import METRICS, checked_vectors
from embviz.neighbors.graph import NeighborGraph, neighbor_graph, with_even_ties
from embviz.neighbors.rows import NearestRows, nearest_rows

__all__ = [
    "METRICS",
    "NearestRows",
    "NeighborGraph",
    "checked_vectors",
    "nearest_rows",
    "neighbor_graph",
    "with_even_ties",
]
