"""How long the statistics of 10,000 items take, in wall time and processor time, and how soon they can be stopped."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from embviz import Tsne, load_dataset, pixel_features
from embviz.pipeline import (
    faithfulness_of,
    label_check_of,
    overlap_matrix_of,
    projection_of,
    stability_of,
)
from embviz.pipeline.neighbors import SHARED_NEIGHBORS, graph_of
from embviz.progress import Progress
from embviz.storage.store import Store
from tests.bench.report import machine_lines

LONGEST_WAIT = 0.3
"""Seconds within which whatever is computed must look whether somebody cancelled it."""


@dataclass(frozen=True, slots=True)
class Measured:
    """How long one statistic took: one number per repeat, in seconds.

    Attributes
    ----------
    name, target
        What was computed, and the most seconds of wall time that it may take.
    wall, processor
        Seconds on the clock, and of all processors together.
    waits
        The longest time between two calls of progress, which is how long a cancel may take.
    busy
        The longest processor time between two calls: what a wait would be on a machine with nothing else to do.
    """

    name: str
    target: float
    wall: list[float]
    processor: list[float]
    waits: list[float]
    busy: list[float]


class _Watch:
    """A callback of progress that remembers the longest times between two calls, on the clock and of processors."""

    def __init__(self) -> None:
        self.longest, self.busiest, self._last = 0.0, 0.0, (time.perf_counter(), _processor_seconds())

    def __call__(self, _stage: str, _done: int, _total: int) -> None:
        now = time.perf_counter(), _processor_seconds()
        self.longest = max(self.longest, now[0] - self._last[0])
        self.busiest = max(self.busiest, now[1] - self._last[1])
        self._last = now


def measured_statistics(repeats: int, say: Callable[[str], None]) -> list[Measured]:
    """Each statistic of MNIST's test items, of pixels and of t-SNE; neighbors and the layout are there already."""
    dataset = load_dataset("mnist", "test")
    features = pixel_features(dataset)
    statistics: dict[str, tuple[float, Callable[[Store, Progress], object]]] = {
        "faithfulness": (2, lambda s, p: faithfulness_of(features, layout, dataset, 10, store=s, progress=p)),
        "stability, five seeds": (15, lambda s, p: stability_of(features, Tsne(), dataset, 10, store=s, progress=p)),
        "label check": (60, lambda s, p: label_check_of(features, dataset, store=s, progress=p)),
        "all pairs, by item": (
            5,
            lambda s, p: overlap_matrix_of(features, dataset, 10, group=None, store=s, progress=p),
        ),
        "all pairs, by writer": (15, lambda s, p: overlap_matrix_of(features, dataset, 10, store=s, progress=p)),
        "all pairs, other writers only": (
            15,
            lambda s, p: overlap_matrix_of(features, dataset, 10, others_only=True, store=s, progress=p),
        ),
    }
    found = [Measured(name, target, [], [], [], []) for name, (target, _) in statistics.items()]
    with tempfile.TemporaryDirectory() as folder:
        ready = Path(folder) / "ready"
        graph_of(features, SHARED_NEIGHBORS, store=Store(ready))
        layout = projection_of(features, Tsne(), store=Store(ready))
        for repeat in range(repeats + 1):
            for each, (_, compute) in zip(found, statistics.values(), strict=True):
                say(f"{each.name}, {repeat} of {repeats}")
                copy = Path(folder) / f"{each.name} {repeat}"
                shutil.copytree(ready, copy)
                watch, begun, used = _Watch(), time.perf_counter(), _processor_seconds()
                compute(Store(copy), watch)
                watch("", 0, 0)
                if repeat:  # the first one loads or compiles kernels
                    each.wall.append(time.perf_counter() - begun)
                    each.processor.append(_processor_seconds() - used)
                    each.waits.append(watch.longest)
                    each.busy.append(watch.busiest)
    return found


def _processor_seconds() -> float:
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def markdown(found: list[Measured], before: float) -> str:
    """The table, and whether every target is reached."""
    lines = [
        machine_lines("", (before, os.getloadavg()[0])),
        "",
        f"Statistics of MNIST's 10,000 test items, pixels and t-SNE, medians of {len(found[0].wall)}, in seconds:",
        "",
        "| statistic | on the clock | of processors | at most | longest wait for Cancel | of processors |",
        "|:--|--:|--:|--:|--:|--:|",
    ]
    for each in found:
        numbers = [float(np.median(part)) for part in (each.wall, each.processor, each.waits, each.busy)]
        wall, used, waits, busy = numbers
        lines.append(f"| {each.name} | {wall:.1f} | {used:.1f} | {each.target:g} | {waits:.2f} | {busy:.2f} |")
    late = [each.name for each in found if np.median(each.wall) > each.target]
    slow = [each.name for each in found if np.median(each.waits) > LONGEST_WAIT]
    said = f"Too slow: {', '.join(late) or 'none'}; cancel later than {LONGEST_WAIT} s: {', '.join(slow) or 'none'}."
    return "\n".join([*lines, "", said])
