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
        What is wanted; neighbors were looked up by its metric already.
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
        kernel.enable_caching()  # 10 seconds of compilation, else spent in every new process
    numba.set_num_threads(1)  # how a sum is rounded depends on the number of threads

    progress(f"{METHODS['umap']} graph", 0, 0)
    random = check_random_state(spec.seed)
    itself = np.arange(len(indices), dtype=np.int32)[:, None]
    graph, _, _ = umap_.fuzzy_simplicial_set(
        start,  # only counted: neighbors are given
        spec.n_neighbors,
        random,
        spec.metric,
        knn_indices=np.hstack([itself, indices]),  # it wants each item in its own list
        knn_dists=np.hstack([np.zeros_like(distances[:, :1]), distances]),
    )

    def report(line: str) -> None:
        if found := _EPOCH.search(line):
            progress(METHODS["umap"], int(found[1]), int(found[2]))

    a, b = umap_.find_ab_params(1.0, spec.min_dist / spec.spread)  # its fit fails far from 1, but the curve scales
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
