"""Vectors and their true neighbors, for tests of the neighbor search."""

import numpy as np


def brute_force(vectors, k):
    """Indices and distances of neighbors, from all float64 differences, ordered by (float32 distance, row)."""
    exact = vectors.astype(np.float64)
    distances = np.sqrt(((exact[:, None] - exact) ** 2).sum(axis=2)).astype(np.float32)
    np.fill_diagonal(distances, np.inf)
    rows = np.broadcast_to(np.arange(len(vectors)), distances.shape)
    indices = np.lexsort((rows, distances))[:, :k]
    return indices, np.take_along_axis(distances, indices, axis=1)


def gaussian(n, d, seed=0):
    return np.random.default_rng(seed).normal(size=(n, d)).astype(np.float32)
