"""What many items take, beside the libraries: ``python -m tests.bench scale``, one table per row asked for."""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from json import loads
from pathlib import Path

import numpy as np

from embviz.projection.pca import principal_components
from tests.bench.clusters import Size, bits_table, dask_table, faults_table
from tests.bench.crowd import page_table
from tests.bench.engines import Answer
from tests.bench.inputs import bench_items, mnist_here
from tests.bench.layouts import COMPONENTS, ROOT, Say
from tests.bench.many import growth_table, neighbors_table, tsne_table, umap_table
from tests.bench.placing import PlaceRequest

LAID_OUT, PLACED = 20_000, 50_000
"""Items of MNIST that are laid out, and that are placed among them."""

ENGINES = (
    ("tsne", "embviz"),
    ("tsne", "openTSNE"),
    ("tsne", "all laid out"),
    ("umap", "embviz"),
    ("umap", "umap-learn"),
    ("umap", "all laid out"),
)
TITLES = {"tsne": "t-SNE 2-D", "umap": "UMAP 2-D"}


def place_table(size: Size, say: Say) -> str:
    """Items placed into a finished layout, by every engine in turn; medians of so many repeats."""
    repeats = size.repeats
    samples: dict[tuple[str, str], list[Answer]] = {engine: [] for engine in ENGINES}
    with tempfile.TemporaryDirectory() as folder:
        vectors, labels = Path(folder) / "vectors.npy", Path(folder) / "labels.npy"
        n, laid_out = _write_items(vectors, labels)
        for turn in range(repeats):
            for method, engine in ENGINES:
                if engine == "all laid out" and turn:
                    continue
                say(f"place, {TITLES[method]}, {engine}, {turn + 1} of {repeats}")
                request = PlaceRequest(engine, method, laid_out, str(vectors), str(labels))
                answer = _measured(request.as_json())
                say(f"  {answer}")
                samples[method, engine].append(answer)
    lines = [
        f"## Placing {n - laid_out:,} items into a layout of {laid_out:,}",
        "",
        "| layout | by | s | items/s | processor s | kNN-label of the placed | of the laid-out | stolen |",
        "|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    for (method, engine), answers in samples.items():
        names = ("seconds", "processor", "label", "own label", "stolen")
        seconds, processor, label, own, stolen = (_median(answers, name) for name in names)
        rate = "" if engine == "all laid out" else f"{(n - laid_out) / seconds:,.0f}"
        lines.append(
            f"| {TITLES[method]} | {engine} | {seconds:.1f} | {rate} | {_shown(processor, '.1f')} | {label:.4f} | "
            f"{_shown(own, '.4f')} | {_shown(stolen, '.0%')} |"
        )
    lines += [
        "",
        "kNN-label: share of the ten nearest laid-out items, in the layout, that have the item's label. *All laid "
        "out* is one layout of all items by embviz, in which the same items are looked at. Each makes its own layout, "
        "which is not timed, in a process of its own; everything was loaded and compiled before. "
        "Processor seconds are of all its threads, and less disturbed than seconds where others use the machine.",
    ]
    return "\n".join(lines)


ROWS: Mapping[str, Callable[[Size, Say], str]] = {
    "neighbors": neighbors_table,
    "umap": umap_table,
    "tsne": tsne_table,
    "growth": growth_table,
    "place": place_table,
    "page": page_table,
    "dask": dask_table,
    "dask-bits": bits_table,
    "dask-faults": faults_table,
}
"""What can be measured: a function from repeats and sizes to a table in Markdown."""


def _write_items(vectors: Path, labels: Path) -> tuple[int, int]:
    """Write principal components and labels of MNIST in a seeded order; how many there are, and are to be laid out."""
    dataset = bench_items(LAID_OUT + PLACED).dataset
    assert dataset.images is not None and dataset.labels is not None, "MNIST has both"
    order = np.random.default_rng(0).permutation(len(dataset))
    pixels = (dataset.images.reshape(len(dataset), -1)[order] / np.float32(255)).astype(np.float32)
    axes = tuple(range(1, min(COMPONENTS, pixels.shape[1]) + 1))
    np.save(vectors, principal_components(pixels, axes).scores)
    np.save(labels, dataset.labels[order])
    return len(dataset), LAID_OUT if mnist_here() else len(dataset) // 2


def _measured(request: str) -> Answer:
    command = [sys.executable, "-W", "ignore", "-m", "tests.bench.placing", request]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if ran.returncode != 0:
        complaint = ran.stderr.strip().splitlines() or ["no word"]
        raise SystemExit(f"{request} failed with exit code {ran.returncode}: {complaint[-1]}")
    answer: Answer = loads(ran.stdout.splitlines()[-1])
    return answer


def _median(answers: list[Answer], name: str) -> float:
    values = [value for answer in answers for value in answer.get(name, [])]
    return float(np.median(values)) if values else float("nan")


def _shown(value: float, form: str) -> str:
    return "" if np.isnan(value) else format(value, form)
