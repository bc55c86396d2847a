"""Where t-SNE and UMAP start: the first principal components."""

import numpy as np

from embviz.arrays import Float32Array
from embviz.progress import Progress, no_progress
from embviz.projection.pca import principal_components

JITTER = 0.01
"""Noise, as a share of the width: duplicates come apart, and every seed has its own layout."""


def starting_layout(
    vectors: Float32Array, n_components: int, seed: int, *, progress: Progress = no_progress
) -> Float32Array:
    """First principal components plus a little noise, scaled to standard deviation 1 along the first.

    Starting from them keeps the large-scale arrangement of the data, which neither method would find
    from noise alone (Kobak and Linderman, 2021). Dimensions that the data lacks hold noise only.

    Parameters
    ----------
    vectors
        float32, shape (n, d), n >= 2.
    n_components
        2 or 3.
    seed
        Of the noise.
    progress
        Called with the stages of `principal_components`.

    Returns
    -------
    Float32Array
        Shape (n, n_components).
    """
    axes = tuple(range(1, min(n_components, *vectors.shape) + 1))
    scores = principal_components(vectors, axes, progress=progress).scores
    layout = JITTER * np.random.default_rng(seed).standard_normal((len(vectors), n_components))
    layout[:, : len(axes)] += scores / (scores[:, 0].std(dtype=np.float64) or 1.0)
    scaled: Float32Array = (layout / layout[:, 0].std()).astype(np.float32)
    return scaled
