"""Singularity scores of the items of a t-SNE layout: how weakly its loss determines each item's position."""

import numpy as np

from embviz.arrays import Float32Array, Float64Array
from embviz.errors import SpecError
from embviz.progress import ROWS, Progress, blocks_of, no_progress
from embviz.projection.kernels.sparse import SparseGraph
from embviz.projection.ready import make_ready

STAGE = "singularity"
PAIRS_AT_ONCE = 2**26
"""Number of pairs of items between two calls of progress: a tenth of a second."""

HIGHEST = 6.0
"""Largest score; an item whose position is not a minimum of the loss gets it, too."""


def singularity_scores(coords: Float32Array, edges: SparseGraph, *, progress: Progress = no_progress) -> Float64Array:
    """The singularity score of each item of a t-SNE layout (Liu, Ma and Zhong, 2025), as a logarithm; shape (n,).

    In a settled layout each item lies where t-SNE's loss is least, given the others' positions. With H the matrix of
    second derivatives of the loss by the item's coordinates, the score is log10(1 / (n * least eigenvalue of H)): high
    if the loss hardly changes in some direction, so that the item's position is weakly determined by its vector, and
    items with nearly equal vectors can be far apart. Such items form gaps and small clusters that the data do not have.

    The score does not say whether neighbors are right, and is not comparable between layouts, because it depends on
    the scale of the layout.

    Parameters
    ----------
    coords
        float32, shape (n, 2 or 3): the layout.
    edges
        Joint probabilities P of the layout, which sum to 1.
    progress
        Called with the stages of `make_ready`, and with ``singularity``.

    Returns
    -------
    float64 array of shape (n,)
        At most `HIGHEST`, also for an item that is not in a minimum, as before a layout has settled.

    Raises
    ------
    SpecError
        If the edges belong to another number of items.
    """
    n, dims = coords.shape
    if len(edges) != n:
        raise SpecError(f"edges must be those of the {n} items of the layout, got those of {len(edges)}")
    freedom = dims - 1
    kernel, once, step, twice = _repulsion(coords, freedom, progress)
    z = kernel.sum()
    attracted, spread = _attraction(coords, edges, freedom, progress)
    identity = np.eye(dims)
    # Second derivatives of -2 sum_j p_ij log kernel_ij, and of the logarithm of Z, the sum of all kernels.
    pull = (freedom + 1) * (2 / freedom * attracted[:, None, None] * identity - 4 / freedom**2 * spread)
    slope = -2 * (freedom + 1) / freedom * step
    bend = -(freedom + 1) / freedom * once[:, None, None] * identity
    bend += (freedom + 1) * (freedom + 3) / freedom**2 * twice
    push = 2 * bend / z - slope[:, :, None] * slope[:, None, :] / z**2
    least = np.linalg.eigvalsh(pull + push)[:, 0]
    score: Float64Array = -np.log10(np.maximum(n * least, 10.0**-HIGHEST))
    return score


def _repulsion(
    coords: Float32Array, freedom: int, progress: Progress
) -> tuple[Float64Array, Float64Array, Float64Array, Float64Array]:
    """Sums per item over others: kernel, kernel / w, that times differences, and kernel / w^2 times their products."""
    n, dims = coords.shape
    make_ready("tsne", dims, progress)
    from embviz.projection.kernels.compiled import one_at_a_time
    from embviz.projection.tsne.curvature import SUMS, repulsion_sums

    places = np.zeros((3, n), np.float32)
    places[:dims] = (coords - coords.mean(axis=0, dtype=np.float64)).T
    sums = np.empty((n, SUMS), np.float32)
    for rows in blocks_of(STAGE, n, max(1, PAIRS_AT_ONCE // n), progress):
        with one_at_a_time:
            repulsion_sums(places, rows.start, rows.stop, np.float32(1 / freedom), np.float32(freedom == 1), sums[rows])
    wide = sums.astype(np.float64)
    products = np.empty((n, 3, 3))
    above = np.triu_indices(3)
    products[:, above[0], above[1]] = products[:, above[1], above[0]] = wide[:, 5:]
    return wide[:, 0] - 1, wide[:, 1] - 1, wide[:, 2 : 2 + dims], products[:, :dims, :dims]


def _attraction(
    coords: Float32Array, edges: SparseGraph, freedom: int, progress: Progress
) -> tuple[Float64Array, Float64Array]:
    """Sums per item over its edges: p / w, (n,), and p / w^2 times products of differences, (n, dims, dims)."""
    n, dims = coords.shape
    wide = coords.astype(np.float64)
    attracted, spread = np.empty(n), np.empty((n, dims, dims))
    for block in blocks_of(STAGE, n, ROWS, progress):
        some = slice(edges.starts[block.start], edges.starts[block.stop])
        n_rows = block.stop - block.start
        rows = np.repeat(np.arange(n_rows), np.diff(edges.starts[block.start : block.stop + 1]))
        steps = wide[block][rows] - wide[edges.columns[some]]
        near = 1 / (1 + np.einsum("ij,ij->i", steps, steps) / freedom)
        pulled = edges.weights[some] * near
        attracted[block] = np.bincount(rows, pulled, n_rows)
        for a in range(dims):
            for b in range(dims):
                spread[block, a, b] = np.bincount(rows, pulled * near * steps[:, a] * steps[:, b], n_rows)
    return attracted, spread
