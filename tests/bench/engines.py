"""Measure layouts in a process of their own: ``python -m tests.bench.engines '{"kind": …}'`` prints JSON."""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from embviz.arrays import Float32Array
from embviz.datasets.arrays import dataset_from_arrays
from embviz.features import Features
from embviz.features.vectors import vector_features
from embviz.projection import Tsne, Umap, project
from tests.bench.host import stolen_share, ticks

ITERATIONS = 750
"""Iterations of t-SNE, for every engine; the first 250 are with early exaggeration."""

WARM_ITEMS = {"tsne": 1_200, "umap": 5_000}
"""Items of a first layout that loads and compiles everything: enough to use the same code as large sets."""

WARM_STEPS = {"tsne": 251, "umap": 11}

TURN = 50
"""Iterations that one of two layouts advances before it is the other's turn, where the two are compared."""

Spec = Tsne | Umap
Answer = dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class Request:
    """What to measure.

    Attributes
    ----------
    kind
        Name of the measurement, one of `KINDS`: ``layout``, ``first``, ``frames`` or ``silence``.
    engine
        One of `ENGINES`, which computes the layout for ``layout``; the other kinds measure embviz.
    method, dims
        ``tsne`` or ``umap``, in 2 or 3 dimensions.
    vectors
        Path of the file with the vectors of the items.
    coords
        Path of the file for the layout, for ``layout``.
    """

    kind: str
    engine: str
    method: str
    dims: int
    vectors: str
    coords: str

    def as_json(self) -> str:
        """The request as JSON, as `main` reads it."""
        return json.dumps(asdict(self))


def features_of(vectors: Float32Array) -> Features:
    """The vectors as a `Features` value of embviz."""
    return vector_features(dataset_from_arrays(vectors=vectors))


def spec_of(method: str, dims: int, steps: int | None) -> Spec:
    """Spec with these dimensions and, if given, iterations or epochs; the rest are defaults."""
    if method == "umap":
        return Umap(n_components=dims, n_epochs=steps)
    return Tsne(n_components=dims, max_iter=steps or ITERATIONS)


def _embviz(vectors: Float32Array, spec: Spec) -> Float32Array:
    return project(features_of(vectors), spec).coords


def _sklearn(vectors: Float32Array, spec: Spec) -> Any:
    from sklearn.manifold import TSNE

    return _like_sklearn(TSNE, vectors, spec)


def _sklearnex(vectors: Float32Array, spec: Spec) -> Any:
    from sklearnex.manifold import TSNE

    return _like_sklearn(TSNE, vectors, spec)


def _like_sklearn(estimator: Any, vectors: Float32Array, spec: Spec) -> Any:
    assert isinstance(spec, Tsne), "its TSNE is measured"
    tsne = estimator(
        n_components=spec.n_components, perplexity=spec.perplexity, max_iter=spec.max_iter, random_state=0, n_jobs=-1
    )
    coords = tsne.fit_transform(vectors)
    if tsne.n_iter_ + 1 < spec.max_iter:  # n_iter_ counts from 0
        raise RuntimeError(f"{estimator} stopped after {tsne.n_iter_ + 1} of {spec.max_iter} iterations")
    return coords


def _open_tsne(vectors: Float32Array, spec: Spec) -> Any:
    from openTSNE import TSNE

    assert isinstance(spec, Tsne), "there is no other"
    tsne = TSNE(
        n_components=spec.n_components,
        perplexity=spec.perplexity,
        n_iter=spec.max_iter - 250,  # in addition to 250 with early exaggeration
        n_jobs=-1,
        random_state=0,
    )
    return tsne.fit(vectors)


def _umap_learn(vectors: Float32Array, spec: Spec) -> Any:
    from numba.core.dispatcher import Dispatcher
    from umap import UMAP

    for name, module in list(sys.modules.items()):
        if name.startswith(("umap.", "pynndescent.")):
            for value in vars(module).values():
                if isinstance(value, Dispatcher):
                    value.enable_caching()  # warming up takes a minute less from the second process on
    assert isinstance(spec, Umap), "there is no other"
    return UMAP(n_components=spec.n_components, n_epochs=spec.n_epochs, random_state=0, n_jobs=1).fit_transform(vectors)


ENGINES: dict[str, Callable[[Float32Array, Spec], Any]] = {
    "embviz": _embviz,
    "scikit-learn-intelex": _sklearnex,
    "scikit-learn": _sklearn,
    "openTSNE": _open_tsne,
    "umap-learn": _umap_learn,
}
"""By package: a function from vectors to a layout, search for neighbors included."""


def layout(request: Request, vectors: Float32Array) -> Answer:
    """Seconds of one layout by an engine that has made another before, and peak memory; the layout is saved."""
    lay_out = ENGINES[request.engine]
    lay_out(vectors[: WARM_ITEMS[request.method]], spec_of(request.method, request.dims, WARM_STEPS[request.method]))
    before, began = ticks(), time.perf_counter()
    coords = lay_out(vectors, spec_of(request.method, request.dims, None))
    seconds, stolen = time.perf_counter() - began, stolen_share(before, ticks())
    np.save(request.coords, np.asarray(coords, np.float32))
    return {"seconds": [seconds], "stolen": [stolen]} | peak()


def peak() -> Answer:
    """Largest resident set of this process in bytes, on Linux only; `getrusage` would include the parent's."""
    status = Path("/proc/self/status")
    if not status.exists():
        return {}
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
    return {"peak": [int(line.split()[1]) * 1024]}


def first(request: Request, vectors: Float32Array) -> Answer:
    """Seconds by which the first layout of a process takes longer than the second, for imports and loading kernels."""
    features, spec = features_of(vectors), spec_of(request.method, request.dims, WARM_STEPS[request.method])
    took, before = [], ticks()
    for _ in range(2):
        began = time.perf_counter()
        project(features, spec)
        took.append(time.perf_counter() - began)
    return {"on_top": [took[0] - took[1]], "second": [took[1]], "stolen": [stolen_share(before, ticks())]}


def frames(request: Request, vectors: Float32Array) -> Answer:
    """Frames per second of a t-SNE that is watched, and how much longer it takes than one unwatched, as a share.

    Two layouts, one watched, advance `TURN` iterations each in turn; which of them is first changes every time, so that
    other load favors neither. Processor time is measured too, because other processes disturb it less.
    """
    from embviz.neighbors import neighbor_graph
    from embviz.projection.admission import neighbors_needed
    from embviz.projection.ready import make_ready
    from embviz.projection.run.forming import form_layout, start_layout
    from embviz.projection.run.steering import Steering
    from embviz.projection.start import compass_layout

    spec = spec_of(request.method, request.dims, None)
    make_ready(request.method, request.dims)
    graph, start = neighbor_graph(vectors, neighbors_needed(spec, len(vectors))), compass_layout(vectors, request.dims)
    form_layout(start_layout(graph, spec_of(request.method, request.dims, WARM_STEPS[request.method]), start))
    layouts = [start_layout(graph, spec, start) for _ in range(2)]
    steering = Steering()

    def advanced(is_watched: bool) -> tuple[float, float]:
        state = layouts[is_watched].state
        state.total = state.done + TURN
        if is_watched and steering.state == "ended":
            steering.go_on(0)
        wall, processor = time.perf_counter(), time.process_time()
        form_layout(layouts[is_watched], steering if is_watched else None)
        return time.perf_counter() - wall, time.process_time() - processor

    answer: Answer = {"cost": [], "processor_cost": []}
    before, watching = ticks(), 0.0
    for turn in range(ITERATIONS // TURN):
        first = advanced(turn % 2 == 0)
        second = advanced(turn % 2 == 1)
        watched, unwatched = (first, second) if turn % 2 == 0 else (second, first)
        watching += watched[0]
        answer["cost"].append(watched[0] / unwatched[0] - 1)
        answer["processor_cost"].append(watched[1] / unwatched[1] - 1)
    assert steering.newest is not None, "every layout shows frames"
    answer["frames_per_second"] = [steering.newest.serial / watching]
    return answer | {"stolen": [stolen_share(before, ticks())]}


def silence(request: Request, vectors: Float32Array) -> Answer:
    """Longest time between two progress calls in a new process, in seconds: a cancelled layout stops no later."""
    features, spec = features_of(vectors), spec_of(request.method, request.dims, None)
    before, called = ticks(), [time.perf_counter()]
    project(features, spec, progress=lambda *_: called.append(time.perf_counter()))
    called.append(time.perf_counter())
    return {"silence": [float(np.diff(called).max())], "stolen": [stolen_share(before, ticks())]}


KINDS = {"layout": layout, "first": first, "frames": frames, "silence": silence}


def main() -> None:
    """Measure what the command's argument asks for, and print the result as the last line."""
    request = Request(**json.loads(sys.argv[1]))
    print(json.dumps(KINDS[request.kind](request, np.load(request.vectors))))


if __name__ == "__main__":
    main()
