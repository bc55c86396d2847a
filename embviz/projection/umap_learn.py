"""UMAP by umap-learn, given neighbors and a start; runs in a child process."""

import re
import warnings

import numpy as np

from embviz.arrays import Float32Array, Int32Array
from embviz.progress import Progress
from embviz.projection.lines import Lines
from embviz.projection.specs import Umap

_EPOCH = re.compile(r"(\d+)/(\d+)")


def umap_layout(
    start: Float32Array, indices: Int32Array, distances: Float32Array, spec: Umap, progress: Progress
) -> Float32Array:
    """Coordinates after UMAP.

    Parameters
    ----------
    start
        float32, shape (n, 2 or 3).
    indices, distances
        Shape (n, k): the nearest neighbors of each item, as in `NeighborGraph`, k = n_neighbors - 1.
    spec
        What is wanted; neighbors were looked up by its metric already.
    progress
        Called with stages ``loading umap-learn``, ``UMAP graph`` and ``UMAP``.
    """
    progress("loading umap-learn", 0, 0)
    from umap import UMAP

    def report(line: str) -> None:
        if found := _EPOCH.search(line):
            progress("UMAP", int(found[1]), int(found[2]))

    itself = np.arange(len(indices), dtype=np.int32)[:, None]
    model = UMAP(
        n_components=spec.n_components,
        n_neighbors=spec.n_neighbors,
        min_dist=spec.min_dist,
        spread=spec.spread,
        n_epochs=spec.n_epochs,
        init=start,
        random_state=spec.seed,
        n_jobs=1,  # all it can do with a seed
        precomputed_knn=(  # it wants each item in its own list
            np.hstack([itself, indices]),
            np.hstack([np.zeros_like(distances[:, :1]), distances]),
        ),
        force_approximation_algorithm=True,  # or it would compute all distances of small data again
        tqdm_kwds={"file": Lines(report), "bar_format": "{n_fmt}/{total_fmt}", "disable": False},
    )
    progress("UMAP graph", 0, 0)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"precomputed_knn\[2\]")  # only needed to transform new items
        coords: Float32Array = model.fit_transform(start)  # the data are only counted: neighbors and start are given
    return coords
