"""Layouts of more items than one machine holds, on two workers of 2 GB: time, memory, bits, and what is killed."""

import hashlib
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pyarrow
from pyarrow import parquet

from embviz import Umap
from embviz.distributed import DistributedLayout, distributed_layout
from embviz.distributed.cluster import environment_of_workers
from embviz.projection.preprocess.steps import usual_reduction
from tests.bench.layouts import ROOT, Say

ROWS_PER_FILE = 250_000
MEMORY = "2GB"
WORKERS = 2
WORKERS_KILLED, RUNS_KILLED = 10, 5
CLUSTERS, LATENT = 40, 4
NEAR = Umap()


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured: how often, and how many items of how many numbers a cluster lays out."""

    repeats: int
    items: int
    width: int


def dask_table(size: Size, say: Say) -> str:
    """One layout by UMAP: seconds and items per second of each stage, and the most memory of each worker."""
    with tempfile.TemporaryDirectory() as folder:
        say(f"writing {size.items:,} × {size.width}")
        pattern = _written(Path(folder) / "data", size, -(-size.items // ROWS_PER_FILE))
        with _cluster(WORKERS) as cluster:
            began, before, processor = time.perf_counter(), _processor_seconds(), _Processor()
            spec = Umap(preprocess=usual_reduction(size.items, size.width))
            summary = _laid_out(pattern, Path(folder) / "out", cluster.scheduler_address, say, processor, spec)
            seconds, processor.of_stage["all"] = time.perf_counter() - began, _processor_seconds() - before
            peaks = _peaks(cluster)
        n_bytes = sum(path.stat().st_size for path in (Path(folder) / "out").glob("*.parquet"))
    lines = [
        f"## UMAP of {size.items:,} × {size.width} on {WORKERS} workers of {MEMORY}",
        "",
        "| stage | s | items/s | processor s | share of them | items per processor s |",
        "|---|--:|--:|--:|--:|--:|",
        *(processor.line(size.items, stage, each) for stage, each in {**summary.seconds, "all": seconds}.items()),
        "",
        f"{summary.landmarks:,} landmarks, {summary.placed:,} placed, {summary.far:,} of them far; "
        f"{summary.partitions:,} partitions; {n_bytes / 1e6:,.0f} MB written. "
        f"Most memory of each worker: {', '.join(f'{peak / 1e9:.2f} GB' for peak in peaks)}.",
    ]
    return "\n".join(lines)


def bits_table(size: Size, say: Say) -> str:
    """Whether the coordinates are the same with 1 and 2 workers, and 7 and 40 partitions."""
    lines = [f"## Bits of {size.items:,} × {size.width}", "", "| workers | files | sha256 |", "|--:|--:|---|"]
    with tempfile.TemporaryDirectory() as folder:
        for files in (7, 40):
            pattern = _written(Path(folder) / f"data{files}", size, files)
            for workers in (1, 2):
                out = Path(folder) / f"out{files}-{workers}"
                _laid_out(pattern, out, f"local:{workers}", say)
                lines.append(f"| {workers} | {files} | {_digest(out)} |")
    return "\n".join(lines)


def faults_table(size: Size, say: Say) -> str:
    """Workers and whole runs that are killed at random moments: whether the coordinates are those of a quiet run."""
    with tempfile.TemporaryDirectory() as folder:
        pattern, out = _written(Path(folder) / "data", size, 20), Path(folder) / "out"
        quiet = _Killing(0)
        _laid_out(pattern, out, f"local:{WORKERS}", say, quiet)
        want = _digest(out)
        lines = [
            f"## Faults, {size.items:,} × {size.width} in 20 files",
            "",
            "| killed | when | partitions there | computed then | same bits |",
            "|---|---|--:|--:|---|",
        ]
        draw = random.Random(0)
        for _ in range(WORKERS_KILLED):
            shutil.rmtree(out)
            killing = _Killing(draw.randint(1, quiet.calls - 1))
            summary = _laid_out(pattern, out, f"local:{WORKERS}", say, killing)
            lines.append(f"| a worker | {killing.stage} | | {summary.computed} | {_digest(out) == want} |")
        for _ in range(RUNS_KILLED):
            shutil.rmtree(out)
            files = draw.randint(1, 40)
            _killed_run(pattern, out, files)
            there = {path: path.stat().st_mtime_ns for path in out.glob("part-*.parquet")}
            summary = _laid_out(pattern, out, f"local:{WORKERS}", say)
            kept = {path: path.stat().st_mtime_ns for path in there} == there
            same = _digest(out) == want and kept and summary.computed == summary.partitions - len(there)
            lines.append(f"| the run | {files} results written | {len(there)} | {summary.computed} | {same} |")
    return "\n".join(lines)


class _Processor:
    """Progress that notes processor seconds of the workers: others on the machine disturb them less than seconds."""

    def __init__(self) -> None:
        self.of_stage: dict[str, float] = {}

    def __call__(self, stage: str, done: int, total: int) -> None:
        now = _processor_seconds()
        self._began = now if done == 0 else self._began
        self.of_stage[stage] = now - self._began

    def line(self, items: int, stage: str, seconds: float) -> str:
        took = max(self.of_stage[stage], 0.01)
        share = took / max(self.of_stage["all"], 0.01)
        return f"| {stage} | {seconds:.1f} | {items / seconds:,.0f} | {took:.1f} | {share:.0%} | {items / took:,.0f} |"


def _workers() -> list[psutil.Process]:
    """Processes that compute for this one."""
    return [each for each in psutil.Process().children(recursive=True) if "spawn_main" in " ".join(each.cmdline())]


def _processor_seconds() -> float:
    return sum(times.user + times.system for each in _workers() if (times := each.cpu_times()))


class _Killing:
    """Progress that kills a worker when it is called so many times; 0 for never."""

    def __init__(self, at: int) -> None:
        self.calls, self.stage = 0, "not killed"
        self._at = at

    def __call__(self, stage: str, done: int, total: int) -> None:
        self.calls += 1
        if self.calls == self._at:
            random.Random(self.calls).choice(_workers()).kill()
            self.stage = f"{stage}, {done} of {total}"


def _killed_run(pattern: str, out: Path, files: int) -> None:
    """A run that is killed as soon as it has written so many files."""
    command = [sys.executable, "-m", "embviz", "project", pattern, "--vectors", "embedding", "--label", "label"]
    command += ["--id", "id", "--method", "umap", "--out", str(out), "--cluster", f"local:{WORKERS}"]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None and len([*out.glob("_work/*/*.npz"), *out.glob("part-*")]) < files:
            time.sleep(0.02)
        started = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
        process.kill()
    psutil.wait_procs(started, timeout=60)


def _laid_out(
    pattern: str, out: Path, cluster: str, say: Say, progress: Any = None, spec: Umap = NEAR
) -> DistributedLayout:
    columns = {"vectors": "embedding", "label": "label", "id": "id"}

    def said(stage: str, done: int, total: int) -> None:
        if done in (0, total):
            say(f"  {stage}: {done} of {total}")
        if progress is not None:
            progress(stage, done, total)

    return distributed_layout(pattern, spec, out, **columns, cluster=cluster, progress=said)


@contextmanager
def _cluster(workers: int) -> Iterator[Any]:
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        memory_limit=MEMORY,
        dashboard_address=None,
        env=environment_of_workers(workers),
    ) as cluster:
        yield cluster


def _peaks(cluster: Any) -> list[int]:
    """The most memory that each worker has had, in bytes."""
    from distributed import Client

    with Client(cluster, set_as_default=False) as client:
        return sorted(client.run(_peak).values())


def _peak() -> int:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _written(folder: Path, size: Size, files: int) -> str:
    """Files of items near 40 curved sheets of 4 dimensions, the same items however many files; their pattern.

    Made a block of rows at a time, each from its own number, so that memory does not grow with the items.
    """
    folder.mkdir()
    rng = np.random.default_rng(0)
    centers = 4 * rng.normal(size=(CLUSTERS, size.width))
    sheets = rng.normal(size=(CLUSTERS, LATENT, size.width))
    for number in range(files):
        start, stop = size.items * number // files, size.items * (number + 1) // files
        path = folder / f"part-{number:05}.parquet"
        kind = pyarrow.list_(pyarrow.float32(), size.width)
        schema = pyarrow.schema({"id": pyarrow.int64(), "label": pyarrow.string(), "embedding": kind})
        with parquet.ParquetWriter(path, schema) as writer:
            for first in range(start, stop, 65_536):
                rows = np.arange(first, min(first + 65_536, stop))
                writer.write_table(_table(rows, centers, sheets, schema))
    return str(folder / "*.parquet")


def _table(rows: Any, centers: Any, sheets: Any, schema: pyarrow.Schema) -> pyarrow.Table:
    """Items by their numbers: every thousand has a generator of its own, wherever files are cut."""
    width = centers.shape[1]
    vectors, labels = np.empty((len(rows), width), np.float32), np.empty(len(rows), np.int64)
    for block in np.unique(rows // 1000):
        rng = np.random.default_rng(block)
        code = rng.integers(0, CLUSTERS, 1000)
        latent = rng.uniform(-1, 1, size=(1000, LATENT))
        made = centers[code] + np.einsum("nl,nlw->nw", np.sin(2 * latent), sheets[code])
        made += 0.3 * rng.normal(size=(1000, width))
        mine = np.flatnonzero(rows // 1000 == block)
        vectors[mine], labels[mine] = made[rows[mine] % 1000], code[rows[mine] % 1000]
    flat = pyarrow.FixedSizeListArray.from_arrays(pyarrow.array(vectors.reshape(-1)), width)
    return pyarrow.table([rows, [f"class {code % 10}" for code in labels], flat], schema=schema)


def _digest(out: Path) -> str:
    """Of all coordinates in the order of their ids."""
    table = parquet.read_table(sorted(out.glob("part-*.parquet"))).sort_by("id")
    found = hashlib.sha256()
    for column in table.columns:
        found.update(repr(column.to_pylist()).encode())
    return found.hexdigest()[:16]
