"""Kernels loaded from disk, or compiled once, before a layout needs them."""

import os
import subprocess
import sys
import threading
import time
from functools import cache

import numpy as np

from embviz.neighbors import NeighborGraph
from embviz.progress import Progress, no_progress
from embviz.projection.compiled import one_at_a_time
from embviz.projection.grid import GridRepulsion
from embviz.projection.process import environment_of_children
from embviz.projection.specs import Tsne, Umap
from embviz.projection.tree import TreeRepulsion
from embviz.projection.tsne import kl_divergence, start_tsne, step_tsne
from embviz.projection.umap import start_umap, step_umap
from embviz.projection.z_order import z_order

LOADING_SECONDS = 1.0
"""Kernels that are on disk are loaded by then."""

TINY = 128
"""Items of the layout that is made to load everything."""


def make_ready(method: str, dims: int, progress: Progress = no_progress) -> None:
    """Load the kernels of a method, or compile them; instant from the second time on.

    Compiling cannot be interrupted, so it goes on by itself if `progress` raises.

    Parameters
    ----------
    method
        ``tsne`` or ``umap``.
    dims
        2 or 3.
    progress
        Called ten times a second with stage ``loading kernels``, or, when that takes long,
        ``compiling kernels (first run only)``.
    """
    began = time.monotonic()
    loading = _loading(method, dims)
    while loading.is_alive():
        late = time.monotonic() - began > LOADING_SECONDS
        progress("compiling kernels (first run only)" if late else "loading kernels", 0, 0)
        loading.join(0.1)


def compile_kernels() -> None:
    """Bring all kernels onto the disk, in a process of its own: compiling would hold up the threads of this one."""
    subprocess.run(  # our own interpreter and module
        [sys.executable, "-P", "-m", "embviz.projection.ready"],
        env=environment_of_children(),
        stdin=subprocess.DEVNULL,
        check=False,
    )


@cache
def _loading(method: str, dims: int) -> threading.Thread:
    thread = threading.Thread(target=_tiny_layout, args=(method, dims), name="embviz-kernels", daemon=True)
    thread.start()
    return thread


def _tiny_layout(method: str, dims: int) -> None:
    """Call every kernel of a method once, as a layout would."""
    next_ones = np.add.outer(np.arange(TINY), np.arange(1, 13)) % TINY
    graph = NeighborGraph(next_ones.astype(np.int32), np.ones(next_ones.shape, np.float32), "euclidean")
    start = np.random.default_rng(0).standard_normal((TINY, dims), np.float32)
    with one_at_a_time:
        z_order(start)
    if method == "umap":
        step_umap(start_umap(graph, Umap(n_components=dims, n_neighbors=13), start), 1)
        return
    state = start_tsne(graph, Tsne(n_components=dims, perplexity=4), start)
    step_tsne(state, 1)
    kl_divergence(state)
    approximate = GridRepulsion(TINY) if dims == 2 else TreeRepulsion(TINY)
    with one_at_a_time:
        for width in (1, 50):  # unlike the state wide enough for a grid, and for one that near items need not
            approximate.push(start * np.float32(width), np.empty_like(start))


if __name__ == "__main__":
    if hasattr(os, "nice"):
        os.nice(10)
    for kind in ("tsne", "umap"):
        for n_components in (2, 3):
            make_ready(kind, n_components)
