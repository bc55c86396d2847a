"""A layout formed step by step by our own optimizers, watched and steered meanwhile."""

import time

from embviz.arrays import Float32Array, Int64Array
from embviz.neighbors import NeighborGraph
from embviz.progress import Progress, no_progress
from embviz.projection.specs import Tsne, Umap
from embviz.projection.steering import Steering, Wishes
from embviz.projection.tsne import TsneState, shake_tsne, start_tsne, step_tsne
from embviz.projection.umap import UmapState, shake_umap, start_umap, step_umap

State = TsneState | UmapState

FRAME_SECONDS = 0.04
"""About how long the optimizer works between two frames, and so how soon it stops when asked to."""

MOST_STEPS = 50
"""Iterations between two frames of a layout so small that they take no time."""


def start_layout(
    graph: NeighborGraph,
    spec: Tsne | Umap,
    start: Float32Array,
    *,
    labels: Int64Array | None = None,
    progress: Progress = no_progress,
) -> State:
    """The state of the optimizer before the first step.

    Parameters
    ----------
    graph
        As many neighbors as `neighbors_needed` says.
    spec
        What is wanted.
    start
        float32, shape (n, 2 or 3): see `starting_layout`.
    labels
        int64, shape (n,): for a supervised UMAP.
    progress
        Called with stage ``affinities``.
    """
    progress("affinities", 0, 0)
    if isinstance(spec, Tsne):
        return start_tsne(graph, spec, start)
    return start_umap(graph, spec, start, labels)


def step_layout(state: State, n: int) -> None:
    """Advance by n iterations or epochs."""
    if isinstance(state, TsneState):
        step_tsne(state, n)
    else:
        step_umap(state, n)


def form_layout(state: State, steering: Steering | None = None, *, progress: Progress = no_progress) -> None:
    """Advance to the end of what is planned, or until `steering` says to stop.

    Parameters
    ----------
    state
        Changed in place.
    steering
        Gets a frame about 25 times a second, and is asked for wishes as often.
    progress
        Called as often with stage ``t-SNE`` or ``UMAP``, also while paused.
    """
    stage = "t-SNE" if isinstance(state, TsneState) else "UMAP"
    steps = 1
    while True:
        progress(stage, state.done, state.total)
        if steering is not None:
            wishes = steering.wishes(lambda: progress(f"{stage} paused", state.done, state.total))
            if wishes is None:
                return
            _grant(state, wishes)
        steps = min(steps, state.total - state.done)
        if steps <= 0:
            return
        began = time.perf_counter()
        step_layout(state, steps)
        if steering is not None:
            steering.show(state.coords.copy(), state.done, state.total)
        each = (time.perf_counter() - began) / steps
        steps = min(max(int(FRAME_SECONDS / max(each, 1e-9)), 1), MOST_STEPS)


def _grant(state: State, wishes: Wishes) -> None:
    state.total += wishes.more
    if wishes.learning_rate is not None:
        state.learning_rate = wishes.learning_rate
    for _ in range(wishes.perturbations):
        if isinstance(state, TsneState):
            shake_tsne(state)
        else:
            shake_umap(state)
    if isinstance(state, TsneState) and wishes.exaggeration is not None:
        state.exaggeration = wishes.exaggeration
