"""Layouts formed step by step by embviz's own optimizers, and steered meanwhile."""

import time
from dataclasses import replace

import numpy as np

from embviz.arrays import Float32Array, Int64Array, fingerprint
from embviz.checks.arguments import checked
from embviz.neighbors import NeighborGraph
from embviz.progress import Progress, no_progress
from embviz.projection.admission import admission
from embviz.projection.kernels.compiled import one_at_a_time
from embviz.projection.kernels.z_order import z_order
from embviz.projection.layout import Layout, Optimizer
from embviz.projection.ready import make_ready
from embviz.projection.run.steering import Steering
from embviz.projection.run.wishes import PLANNED, Wishes
from embviz.projection.specs import Tsne, Umap
from embviz.projection.start import checked_start
from embviz.projection.tsne.tsne import start_tsne
from embviz.projection.umap.umap import start_umap

FRAME_SECONDS = 0.04
"""About how long the optimizer works between two frames, and so the delay until it stops when asked to."""

FRAME_SHARE = 0.04
"""Share of the time between two frames that making a frame may take; beyond it, the optimizer works longer."""

MOST_SECONDS = 0.1
"""Longest time that the optimizer is to work between two frames, even if making a frame takes long."""

MOST_STEPS = 50
"""Largest number of iterations between two frames, for layouts so small that an iteration takes almost no time."""


@checked()
def start_layout(
    graph: NeighborGraph,
    spec: Tsne | Umap,
    start: Float32Array,
    *,
    labels: Int64Array | None = None,
    progress: Progress = no_progress,
) -> Layout:
    """A layout before its first step, to be advanced by `step_layout`.

    Parameters
    ----------
    graph
        The neighbor graph, with at least as many neighbors as `neighbors_needed` says.
    spec
        The layout asked for. Its `preprocess` concerns the neighbor search and has no effect here.
    start
        float32, shape (n, 2 or 3), of any scale: principal components, say, or another layout. Items that start at
        equal coordinates and have the same neighbors stay together.
    labels
        Labels that shape a supervised layout: int64, shape (n,), class codes, -1 for an item that has no label or the
        one that the spec ignores. Other layouts ignore labels.
    progress
        Called with the stages of `make_ready`, and with ``affinities``.

    Raises
    ------
    SpecError
        If the spec does not fit the graph or its metric, labels are missing, or the start has no extent along its first
        axis.
    InputError
        If start or labels have another type or shape.

    Examples
    --------
    >>> from embviz import Tsne, dataset_from_arrays, neighbor_graph, vector_features
    >>> corners = np.eye(40, dtype=np.float32)
    >>> graph = neighbor_graph(vector_features(dataset_from_arrays(vectors=corners)), 15)
    >>> layout = start_layout(graph, Tsne(perplexity=5), corners[:, :2])
    >>> step_layout(layout, 10)
    >>> layout.state.done, layout.coords.shape
    (10, (40, 2))
    """
    nameless = replace(spec, ignored_label=None)  # labels are codes here, and -1 where the spec ignores them
    admitted = admission(nameless, len(graph), labels=labels, graph=graph)
    labels = admitted.labels
    start = checked_start(start, len(graph), spec.n_components)
    graph = graph.first(admitted.n_neighbors)
    make_ready(spec.method, spec.n_components, progress)
    progress("affinities", 0, 0)
    with one_at_a_time:
        order = z_order(start)
    rows = np.empty_like(order)
    rows[order] = np.arange(len(order))
    ordered = NeighborGraph(rows.astype(np.int32)[graph.indices[order]], graph.distances[order], graph.metric)
    start = start[order]
    shaping = None if labels is None else labels[order]
    state: Optimizer
    if isinstance(spec, Tsne):
        state = start_tsne(ordered, spec, start, shaping, progress=progress)
    else:
        state = start_umap(ordered, spec, start, shaping, progress=progress)
    return Layout(state, rows, graph.source, "" if labels is None else fingerprint(labels))


@checked()
def step_layout(layout: Layout, n: int) -> None:
    """Advance by n iterations or epochs."""
    layout.state.step(n)


def form_layout(layout: Layout, steering: Steering | None = None, *, progress: Progress = no_progress) -> None:
    """Advance a layout until the planned iterations are done, or until `steering` says to stop.

    Parameters
    ----------
    layout
        The layout, whose state is changed in place.
    steering
        Gets a frame about 25 times a second, and is asked for changes as often.
    progress
        Called about 25 times a second with stage ``t-SNE`` or ``UMAP``, also while paused.

    Raises
    ------
    SpecError
        If the layout diverges, or another exaggeration is asked for and the method has none.
    """
    state = layout.state
    steps = 1
    if steering is not None:
        steering.begin(layout)
    while True:
        progress(state.name, state.done, state.total)
        if steering is not None:
            wishes = steering.wishes(lambda: progress(f"{state.name} paused", state.done, state.total))
            if wishes is None:
                return
            _grant(state, wishes)
            if steering.state == "paused":  # a wish is granted while paused, but no iterations are done
                _show(layout, steering)
                continue
        steps = min(steps, state.total - state.done)
        if steps <= 0:
            if steering is None or steering.finish():
                return
            steps = 1
            continue
        began = time.perf_counter()
        step_layout(layout, steps)
        stepped = time.perf_counter()
        if steering is not None:
            _show(layout, steering)
        wanted = max(FRAME_SECONDS, min((time.perf_counter() - stepped) / FRAME_SHARE, MOST_SECONDS))
        each = (stepped - began) / steps
        steps = min(max(int(wanted / max(each, 1e-9)), 1), MOST_STEPS)


def _show(layout: Layout, steering: Steering) -> None:
    state = layout.state
    steering.show(layout.coords, state.done, state.total, state.last_divergence)


def _grant(state: Optimizer, wishes: Wishes) -> None:
    state.total += wishes.more
    if (rate := wishes.learning_rate) is not None:
        state.learning_rate = state.planned_learning_rate if rate == PLANNED else rate
    for _ in range(wishes.perturbations):
        state.shake()
    if wishes.exaggeration is not None:
        state.exaggerate(None if wishes.exaggeration == PLANNED else wishes.exaggeration)
