"""Starting coordinates of t-SNE and UMAP, turned so that layouts can be compared by eye."""

import numpy as np

from embviz.arrays import Float32Array, Float64Array, check_array
from embviz.errors import SpecError
from embviz.neighbors import NeighborGraph
from embviz.progress import Progress, no_progress

JITTER = 0.01
"""Noise in a start, as a share of its standard deviation: it separates duplicates and makes seeds differ."""

ACCURACY = 0.01
"""Tolerance of the eigenvalues, 0..2, of a spectral start: enough for it, and 70,000 items take 1 second, not 5."""

FLATTEST = 1e6
"""Limit on the largest extent of a given start, divided by the standard deviation along its first axis."""


def compass_layout(scores: Float32Array, n_components: int) -> Float32Array:
    """Coordinates along the first principal components, scaled to standard deviation 1 along the first.

    Where the data has fewer components than `n_components`, the other coordinates are 0.

    Parameters
    ----------
    scores
        float32, shape (n, 1 or more), n >= 2: coordinates along the first principal components.
    n_components
        2 or 3.
    """
    first = scores[:, :n_components]
    layout = np.zeros((len(scores), n_components), np.float32)
    layout[:, : first.shape[1]] = first / (first[:, 0].std(dtype=np.float64) or 1.0)
    return layout


def starting_layout(
    init: str, compass: Float32Array, graph: NeighborGraph, seed: int, *, progress: Progress = no_progress
) -> Float32Array:
    """Starting coordinates of a layout, scaled to standard deviation 1 along the first axis.

    Starting from principal components or eigenmaps keeps the large-scale arrangement of the data, which neither t-SNE
    nor UMAP would find from noise alone (Kobak and Linderman, 2021). Eigenmaps are turned to match the compass at the
    start, because a visitor who watches the layout form would see it jump if it were turned at the end.

    Parameters
    ----------
    init
        ``pca``, ``spectral`` or ``random``.
    compass
        Principal components from `compass_layout`: shape (n, 2 or 3).
    graph
        The neighbors, used by ``spectral`` only.
    seed
        Seed of the noise, which is added to every start.
    progress
        Called with stage ``spectral start``.
    """
    layout = JITTER * np.random.default_rng(seed).standard_normal(compass.shape)
    if init == "pca":
        layout += compass
    elif init == "spectral":
        layout += turned_layout(_eigenmaps(graph, compass + layout, progress), compass)
    scaled: Float32Array = (layout / layout[:, 0].std()).astype(np.float32)
    return scaled


def checked_start(start: Float32Array, n: int, n_components: int) -> Float32Array:
    """Starting coordinates given by the caller, scaled to standard deviation 1 along the first axis.

    Raises
    ------
    InputError
        If the start is not float32 of shape (n, n_components), or holds NaN or infinity.
    SpecError
        If all items have the same coordinate on the first axis, or nearly so.

    Examples
    --------
    >>> checked_start(np.array([[2, 5], [6, 5]], np.float32), 2, 2).tolist()
    [[1.0, 2.5], [3.0, 2.5]]
    """
    check_array("start", start, np.float32, (n, n_components))
    wide = start.astype(np.float64)  # squares and differences of large float32 are infinite
    width = float(wide[:, 0].std())
    if width * FLATTEST <= np.ptp(wide, axis=0).max():
        raise SpecError("start must not have all items in one place on its first axis; leave it out, or spread them")
    return np.ascontiguousarray(wide / width, np.float32)


def turned_layout(coords: Float32Array | Float64Array, compass: Float32Array) -> Float32Array:
    """The layout turned or mirrored to match the compass as well as it can (orthogonal Procrustes: Schönemann, 1966).

    The layout is not stretched. The axes of t-SNE and UMAP mean nothing, so layouts turned alike can be compared by
    eye.

    Examples
    --------
    >>> square = np.array([[0, 0], [2, 0], [2, 1], [0, 1]], np.float32)
    >>> quarter_turn = square @ np.array([[0, 1], [-1, 0]], np.float32)
    >>> turned_layout(quarter_turn, square).round(3).tolist()
    [[-1.0, -0.5], [1.0, -0.5], [1.0, 0.5], [-1.0, 0.5]]
    """
    centered = coords - coords.mean(axis=0, dtype=np.float64)
    left, _, right = np.linalg.svd(centered.T @ (compass - compass.mean(axis=0, dtype=np.float64)))
    turned: Float32Array = np.ascontiguousarray(centered @ (left @ right), np.float32)
    return turned


def _eigenmaps(graph: NeighborGraph, guess: Float64Array, progress: Progress) -> Float64Array:
    """Laplacian eigenmaps (Belkin and Niyogi, 2003) of the neighbor graph, which separate its unconnected parts.

    They are computed to `ACCURACY` only, beginning with a guess of shape (n, 2 or 3), so that all seeds give nearly the
    same.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.linalg import LinearOperator, eigsh

    from embviz.projection.kernels.symmetric import symmetric_pairs

    n, dims = guess.shape
    progress("spectral start", 0, 0)
    pairs = symmetric_pairs(graph.indices, np.ones(graph.indices.shape, np.float32), progress=progress)
    joined = csr_array((pairs.forward + pairs.backward, pairs.columns.view(np.int32), pairs.starts), shape=(n, n))
    root = 1 / np.sqrt(joined.sum(axis=1))

    def product(vector: Float64Array) -> Float64Array:
        progress("spectral start", 0, 0)  # a long search can be stopped only here
        result: Float64Array = root * (joined @ (root * vector.ravel())) + vector.ravel()
        return result

    if n <= 4 * dims:  # too few for the iterative search
        values = np.linalg.eigh(joined.toarray() * root * root[:, None])[1][:, ::-1][:, : dims + 1]
    else:
        operator = LinearOperator((n, n), matvec=product, dtype=np.float64)
        start = guess.sum(axis=1) / root
        values = eigsh(operator, dims + 1, which="LA", v0=start, tol=ACCURACY)[1][:, ::-1]
    maps = np.zeros((n, dims))  # three items have only two eigenmaps
    maps[:, : values.shape[1] - 1] = values[:, 1:] * root[:, None]
    scaled: Float64Array = maps / (maps.std(axis=0) + np.finfo(np.float64).tiny)
    return scaled
