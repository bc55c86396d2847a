"""t-SNE by scikit-learn, given neighbors and a start; runs in a child process."""

import contextlib
import re

import numpy as np

from embviz.arrays import Float32Array, Int32Array
from embviz.progress import Progress
from embviz.projection.reference.lines import Lines
from embviz.projection.specs import TSNE_START_WIDTH, Tsne
from embviz.projection.titles import METHODS

_AFFINITIES = re.compile(r"conditional probabilities for sample (\d+) / (\d+)")
_ITERATION = re.compile(r"Iteration (\d+):")


def tsne_layout(
    start: Float32Array, indices: Int32Array, distances: Float32Array, spec: Tsne, progress: Progress
) -> tuple[Float32Array, float]:
    """Coordinates and Kullback-Leibler divergence after Barnes-Hut t-SNE.

    Parameters
    ----------
    start
        float32, shape (n, 2 or 3), standard deviation 1.
    indices, distances
        Shape (n, k): the nearest neighbors of each item, as in `NeighborGraph`, k = ceil(3 perplexity).
    spec
        The parameters; the neighbors were already searched by its metric.
    progress
        Called with stages ``t-SNE affinities`` and ``t-SNE``.

    References
    ----------
    van der Maaten, 2014 (Barnes-Hut).
    """
    from scipy.sparse import csr_array
    from sklearn.manifold import TSNE

    n, k = indices.shape
    # Joint probabilities do not depend on the scale of a row of distances; up to 1, their squares fit into float32.
    scale = np.where(distances[:, -1:] > 0, distances[:, -1:], 1)
    itself = np.arange(n, dtype=np.int32)[:, None]
    graph = csr_array(  # scikit-learn wants each item among its own neighbors
        (
            np.hstack([np.zeros_like(scale), distances / scale]).ravel(),
            np.hstack([itself, indices]).ravel(),
            np.arange(0, n * (k + 1) + 1, k + 1),
        ),
        shape=(n, n),
    )
    model = TSNE(
        n_components=spec.n_components,
        # scikit-learn uses floor(3 perplexity) + 1 neighbors: ceil(3 perplexity) if told slightly less perplexity.
        perplexity=spec.perplexity * (1 - 1e-9),
        early_exaggeration=spec.early_exaggeration,
        learning_rate="auto" if spec.learning_rate is None else spec.learning_rate,
        max_iter=spec.max_iter,
        metric="precomputed",
        init=start * np.float32(TSNE_START_WIDTH),
        random_state=spec.seed,
        verbose=2,
    )

    def report(line: str) -> None:
        if found := _ITERATION.search(line):
            progress(METHODS["tsne"], int(found[1]), spec.max_iter)
        elif found := _AFFINITIES.search(line):
            progress(f"{METHODS['tsne']} affinities", int(found[1]), int(found[2]))

    with contextlib.redirect_stdout(Lines(report)):
        coords = model.fit_transform(graph)
    return coords, float(model.kl_divergence_)
