"""Neighbors or a layout of very many items, in a process of its own: ``python -m tests.bench.million '{…}'``."""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from embviz.arrays import Float32Array
from embviz.datasets import load_dataset
from embviz.features.vectors import vector_features
from embviz.neighbors.graph import neighbor_graph
from embviz.pipeline import projection_of
from embviz.projection import project
from embviz.storage.store import Store
from tests.bench.engines import ENGINES, WARM_ITEMS, WARM_STEPS, Answer, features_of, peak, spec_of
from tests.bench.host import stolen_share, ticks
from tests.bench.quality import NEAREST, PERPLEXITY, divergence, label_agreement

SAMPLE = 500
"""Items whose neighbors are compared with the true ones."""

MOST_COMPARED = 250_000
"""Most items for which the divergence of t-SNE is computed, over all pairs: a minute."""

Found = tuple[Any, Any]
"""Rows of the neighbors, the item itself perhaps among them, and the recall that the engine says it has, or None."""


@dataclass(frozen=True, slots=True)
class MillionRequest:
    """What to measure.

    Attributes
    ----------
    kind
        ``neighbors``, ``tsne`` or ``umap``.
    engine
        ``embviz``, or the library: of `FINDERS`, or of `ENGINES` of tests/bench/engines.py.
    vectors, labels
        Paths of the files of all items.
    n
        Number of items, the first ones.
    k
        Number of neighbors; of no meaning for layouts.
    """

    kind: str
    engine: str
    vectors: str
    labels: str
    n: int
    k: int = 0

    def as_json(self) -> str:
        """The request as JSON, as `main` reads it."""
        return json.dumps(asdict(self))


class Stages:
    """Progress that adds up seconds and processor seconds by stage, and keeps the longest silence."""

    def __init__(self) -> None:
        self.silence = 0.0
        self.wall: dict[str, float] = {}
        self.processor: dict[str, float] = {}
        self._last = ("reading", time.perf_counter(), time.process_time())

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Count the time since the last call for the stage that was said then."""
        before, wall, processor = self._last
        self._last = (stage.split(" ")[0] if stage.startswith("reading") else stage, *_clocks())
        self.silence = max(self.silence, self._last[1] - wall)
        self.wall[before] = self.wall.get(before, 0.0) + self._last[1] - wall
        self.processor[before] = self.processor.get(before, 0.0) + self._last[2] - processor


def _clocks() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def _embviz_neighbors(vectors: Float32Array, k: int) -> Found:
    graph = neighbor_graph(vectors, k, ties="even")
    return graph.indices, graph.recall


def _faiss_hnsw(vectors: Float32Array, k: int) -> Found:
    from embviz.neighbors.faiss_library import faiss

    index: Any = faiss.IndexHNSWFlat(vectors.shape[1], 16)
    index.add(vectors)
    index.hnsw.efSearch = max(2 * k, 64)
    return index.search(vectors, k + 1)[1], None


def _pynndescent(vectors: Float32Array, k: int) -> Found:
    from pynndescent import NNDescent

    return NNDescent(vectors, n_neighbors=k + 1, random_state=0, n_jobs=-1).neighbor_graph[0], None


FINDERS: dict[str, Callable[[Float32Array, int], Found]] = {
    "embviz": _embviz_neighbors,
    "faiss HNSW": _faiss_hnsw,
    "pynndescent": _pynndescent,
}
"""By library: a function from vectors and k to neighbors."""


def neighbors(request: MillionRequest) -> Answer:
    """Seconds, processor seconds and peak memory of a search for the neighbors of all items, and its recall."""
    find, vectors = FINDERS[request.engine], np.load(request.vectors, mmap_mode="r")[: request.n].copy()
    find(vectors[: WARM_ITEMS["umap"]].copy(), request.k)
    answer, (found, said) = _timed(lambda: find(vectors, request.k))
    from embviz.neighbors.faiss_library import faiss

    rows = np.random.default_rng(1).choice(len(vectors), SAMPLE, replace=False)  # not those by which embviz measures
    true = faiss.knn(vectors[rows], vectors, request.k + 1)[1]
    hits = [
        len(np.intersect1d(found[row][found[row] != row][: request.k], near[near != row][: request.k]))
        for row, near in zip(rows, true, strict=True)
    ]
    answer["recall"] = [float(np.sum(hits)) / (SAMPLE * request.k)]
    return answer | ({} if said is None else {"said": [float(said)]})


def layout(request: MillionRequest) -> Answer:
    """Seconds, processor seconds and peak memory of a layout, by embviz from the file on, and its kNN-label."""
    spec, method = spec_of(request.kind, 2, None), request.kind
    vectors, labels = (np.load(path, mmap_mode="r")[: request.n] for path in (request.vectors, request.labels))
    few, short = vectors[: WARM_ITEMS[method]].copy(), spec_of(method, 2, WARM_STEPS[method])
    if request.engine == "embviz":
        project(features_of(few), short)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "vectors.npy"
            np.save(file, vectors)
            stages = Stages()

            def lay_out() -> Any:
                features = vector_features(load_dataset(file, progress=stages))
                return projection_of(features, spec, store=Store(Path(folder) / "store"), progress=stages).coords

            answer, coords = _timed(lay_out)
            stages("end", 0, 0)
        answer["silence"] = [stages.silence]
        answer |= {f"stage {name}": [stages.wall[name], stages.processor[name]] for name in stages.wall}
    else:
        engine = ENGINES[request.engine]
        engine(few, short)
        whole = vectors.copy()
        answer, coords = _timed(lambda: engine(whole, spec))
    coords = np.ascontiguousarray(coords, np.float32)
    answer["label"] = [label_agreement(neighbor_graph(coords, NEAREST), np.asarray(labels))]
    if method == "tsne" and request.n <= MOST_COMPARED:
        from embviz.projection.tsne.affinities import affinities

        near = neighbor_graph(vectors.copy(), 3 * PERPLEXITY, ties="even")
        answer["kl"] = [divergence(coords, affinities(near, PERPLEXITY))]
    return answer


def _timed(work: Callable[[], Any]) -> tuple[Answer, Any]:
    before, (wall, processor) = ticks(), _clocks()
    result = work()
    after = _clocks()
    took = {"seconds": [after[0] - wall], "processor": [after[1] - processor]}
    return took | {"stolen": [stolen_share(before, ticks())]} | peak(), result


def main() -> None:
    """Measure what the command's argument asks for, and print the result as the last line."""
    request = MillionRequest(**json.loads(sys.argv[1]))
    print(json.dumps((neighbors if request.kind == "neighbors" else layout)(request)))


if __name__ == "__main__":
    main()
