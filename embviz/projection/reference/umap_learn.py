"""UMAP by umap-learn, given neighbors and a start; runs in a child process."""

import re

import numpy as np

from embviz.arrays import Float32Array, Int32Array
from embviz.progress import Progress
from embviz.projection.reference.lines import Lines
from embviz.projection.specs import Umap
from embviz.projection.titles import LIBRARIES, METHODS

_EPOCH = re.compile(r"(\d+)/(\d+)")


def umap_layout(
    start: Float32Array, indices: Int32Array, distances: Float32Array, spec: Umap, progress: Progress
) -> Float32Array:
    """Coordinates after UMAP.

    Parameters
    ----------
    start
        float32, shape (n, 2 or 3); umap-learn widens every axis to 0..10.
    indices, distances
        Shape (n, k): the nearest neighbors of each item, as in `NeighborGraph`, k = n_neighbors - 1.
    spec
        The parameters; the neighbors were already searched by its metric.
    progress
        Called with stages ``loading umap-learn``, ``UMAP graph`` and ``UMAP``.
    """
    progress(f"loading {LIBRARIES['umap']}", 0, 0)
    import numba
    from sklearn.utils import check_random_state
    from umap import layouts, umap_

    kernels = (
        umap_.smooth_knn_dist,
        umap_.compute_membership_strengths,
        layouts._nb_optimize_layout_euclidean_single_epoch,
    )
    for kernel in kernels:
        kernel.enable_caching()  # otherwise every new process spends 10 seconds on compiling
    numba.set_num_threads(1)  # because the rounding of a sum depends on the number of threads

    progress(f"{METHODS['umap']} graph", 0, 0)
    random = check_random_state(spec.seed)
    itself = np.arange(len(indices), dtype=np.int32)[:, None]
    graph, _, _ = umap_.fuzzy_simplicial_set(
        start,  # umap-learn only counts its rows, because neighbors are given
        spec.n_neighbors,
        random,
        spec.metric,
        knn_indices=np.hstack([itself, indices]),  # umap-learn wants each item among its own neighbors
        knn_dists=np.hstack([np.zeros_like(distances[:, :1]), distances]),
    )

    def report(line: str) -> None:
        if found := _EPOCH.search(line):
            progress(METHODS["umap"], int(found[1]), int(found[2]))

    # The fit of umap-learn fails at a spread far from 1, but the curve can be fitted at 1 and rescaled.
    a, b = umap_.find_ab_params(1.0, spec.min_dist / spec.spread)
    coords: Float32Array
    coords, _ = umap_.simplicial_set_embedding(
        data=start,
        graph=graph,
        n_components=spec.n_components,
        initial_alpha=1.0,
        a=a / spec.spread ** (2 * b),
        b=b,
        gamma=1.0,
        negative_sample_rate=5,
        n_epochs=spec.n_epochs,
        init=start,
        random_state=random,
        metric=spec.metric,
        metric_kwds={},
        densmap=False,
        densmap_kwds={},
        output_dens=False,
        tqdm_kwds={"file": Lines(report), "bar_format": "{n_fmt}/{total_fmt}", "disable": False},
    )
    return coords
