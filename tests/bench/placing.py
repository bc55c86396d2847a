"""Place items into a finished layout, by embviz and the libraries that can: ``python -m tests.bench.placing '{…}'``."""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from embviz.arrays import Float32Array, Int64Array
from embviz.neighbors.among import nearest_among, searched_rows
from embviz.neighbors.graph import neighbor_graph
from embviz.projection import project
from embviz.projection.placing.place import place
from tests.bench.engines import Answer, features_of, spec_of
from tests.bench.host import stolen_share, ticks
from tests.bench.quality import NEAREST, label_agreement

Placing = Callable[[Float32Array], Any]
"""From new items to their places in a layout that is there."""

WARM = 300
"""New items that are placed before the clock starts, so that everything is loaded and compiled."""


@dataclass(frozen=True, slots=True)
class PlaceRequest:
    """What to measure.

    Attributes
    ----------
    engine
        One of `PLACERS`, or ``all laid out``: everything by embviz, for comparison.
    method
        ``tsne`` or ``umap``.
    laid_out
        Number of items that are laid out, the first ones; all others are placed.
    vectors, labels
        Paths of the files of all items.
    """

    engine: str
    method: str
    laid_out: int
    vectors: str
    labels: str

    def as_json(self) -> str:
        """The request as JSON, as `main` reads it."""
        return json.dumps(asdict(self))


def _embviz(old: Float32Array, method: str) -> tuple[Any, Placing]:
    features = features_of(old)
    layout = project(features, spec_of(method, 2, None))
    return layout.coords, lambda new: place(features_of(new), layout, laid_out=features).coords


def _open_tsne(old: Float32Array, method: str) -> tuple[Any, Placing]:
    from openTSNE import TSNE

    assert method == "tsne", "there is no other"
    layout = TSNE(perplexity=30, n_jobs=-1, random_state=0).fit(old)
    return np.asarray(layout), lambda new: np.asarray(layout.transform(new))


def _umap_learn(old: Float32Array, method: str) -> tuple[Any, Placing]:
    from umap import UMAP

    assert method == "umap", "there is no other"
    layout = UMAP(random_state=0, n_jobs=1).fit(old)
    return layout.embedding_, layout.transform


PLACERS: dict[str, Callable[[Float32Array, str], tuple[Any, Placing]]] = {
    "embviz": _embviz,
    "openTSNE": _open_tsne,
    "umap-learn": _umap_learn,
}
"""By package: a function from items to their layout, and to what places others in it."""


def placed_agreement(old: Float32Array, new: Float32Array, labels: Int64Array) -> float:
    """Share of the nearest laid-out items of each placed one, in the layout, that have its label, 0..1.

    Examples
    --------
    >>> old, new = np.array([[0, 0]] * 10 + [[9, 9]] * 10, np.float32), np.array([[1, 0], [8, 9]], np.float32)
    >>> placed_agreement(old, new, np.array([0] * 10 + [1] * 10 + [0, 0]))
    0.5
    """
    near = nearest_among(searched_rows(old, NEAREST), new, NEAREST).indices
    return float(np.mean(labels[near] == labels[len(old) :, None]))


def measured(request: PlaceRequest) -> Answer:
    """Seconds of placing, and shares of equal labels: of the placed items, and of the laid-out ones themselves."""
    vectors, labels = np.load(request.vectors), np.load(request.labels)
    old, new = vectors[: request.laid_out], vectors[request.laid_out :]
    if request.engine == "all laid out":
        began = time.perf_counter()
        coords = project(features_of(vectors), spec_of(request.method, 2, None)).coords
        seconds = time.perf_counter() - began
        return {
            "seconds": [seconds],
            "label": [placed_agreement(coords[: len(old)].copy(), coords[len(old) :], labels)],
        }
    layout, placing = PLACERS[request.engine](old, request.method)
    placing(new[:WARM])
    before, began, ran = ticks(), time.perf_counter(), time.process_time()
    places = np.ascontiguousarray(placing(new), np.float32)
    seconds, processor = time.perf_counter() - began, time.process_time() - ran
    stolen = stolen_share(before, ticks())
    own = np.ascontiguousarray(layout, np.float32)
    return {
        "seconds": [seconds],
        "processor": [processor],
        "stolen": [stolen],
        "label": [placed_agreement(own, places, labels)],
        "own label": [label_agreement(neighbor_graph(own, NEAREST), labels[: len(old)])],
    }


def main() -> None:
    """Measure what the command's argument asks for, and print the result as the last line."""
    print(json.dumps(measured(PlaceRequest(**json.loads(sys.argv[1])))))


if __name__ == "__main__":
    main()
