"""A layout computed in a process of its own, which can be ended at any moment and disturbs nobody."""

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO

import numpy as np

from embviz.arrays import Float32Array
from embviz.errors import MissingDependencyError
from embviz.neighbors import NeighborGraph
from embviz.progress import Progress, no_progress
from embviz.projection.lines import Lines
from embviz.projection.specs import Tsne, Umap

POLL_SECONDS = 0.1
"""How often progress is passed on, and so how soon a layout stops when asked to."""

LAST_WORDS = 4_000
"""Characters of a failed child's error output to keep."""

_PACKAGES = {"tsne": ("sklearn", "scikit-learn"), "umap": ("umap", "umap-learn")}


def layout_in_child(
    spec: Tsne | Umap, start: Float32Array, graph: NeighborGraph, *, progress: Progress = no_progress
) -> tuple[Float32Array, float | None]:
    """Coordinates and, for t-SNE, the Kullback-Leibler divergence, computed by a child process.

    Libraries that run for minutes without looking up cannot be stopped within a process, and hold
    its interpreter lock meanwhile. Not `multiprocessing`: it would run Streamlit's script again.

    Parameters
    ----------
    spec
        What is wanted.
    start
        float32, shape (n, 2 or 3): see `starting_layout`.
    graph
        As many neighbors as `neighbors_needed` says.
    progress
        Called ten times a second whatever the child does; the child is gone when its exception arrives.

    Raises
    ------
    MissingDependencyError
        If the package that does the work is not installed.
    RuntimeError
        If the child failed; the message ends with its traceback.
    """
    module, package = _PACKAGES[spec.method]
    if importlib.util.find_spec(module) is None:
        raise MissingDependencyError(f"{spec.method} needs {package}, which is not installed: pip install {package}")
    with tempfile.TemporaryDirectory(prefix="embviz-") as name:
        folder = Path(name)
        (folder / "spec.json").write_text(json.dumps([spec.method, asdict(spec)]))
        np.savez(folder / "input.npz", start=start, indices=graph.indices, distances=graph.distances)
        with _child(folder) as child, (folder / "stdout").open(encoding="utf-8") as stdout:
            _watch(child, stdout, progress)
        if child.returncode != 0:
            last_words = (folder / "stderr").read_text(encoding="utf-8", errors="replace")[-LAST_WORDS:]
            raise RuntimeError(f"the {spec.method} process ended with code {child.returncode}:\n{last_words}")
        with np.load(folder / "output.npz", allow_pickle=False) as output:
            kl_divergence = float(output["kl_divergence"]) if "kl_divergence" in output else None
            return output["coords"], kl_divergence


def environment_of_children() -> dict[str, str]:
    """Environment in which ``python -m embviz…`` finds this embviz, wherever it was started."""
    root = str(Path(__file__).parents[2])
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))}


@contextmanager
def _child(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that reads and writes in `folder`; dead when the block is left."""
    environment = environment_of_children() | {
        "OMP_NUM_THREADS": "2",  # three would add up in an order that varies, and a seed would not fix the layout
        "OMP_WAIT_POLICY": "PASSIVE",  # spinning threads halve the speed on a machine that has other work
    }
    command = [sys.executable, "-P", "-X", "faulthandler", "-m", "embviz.projection.child", str(folder)]
    with (
        (folder / "stdout").open("wb") as stdout,
        (folder / "stderr").open("wb") as stderr,
        subprocess.Popen(  # noqa: S603  # our own interpreter and module
            command, stdin=subprocess.PIPE, stdout=stdout, stderr=stderr, env=environment
        ) as child,
    ):
        try:
            yield child
        finally:
            child.kill()


def _watch(child: subprocess.Popen[bytes], stdout: IO[str], progress: Progress) -> None:
    """Wait for the child to end, passing on how far it says it is."""
    state = ("starting", 0, 0)

    def receive(line: str) -> None:
        nonlocal state
        state = json.loads(line)

    lines = Lines(receive)
    running = True
    while running:
        progress(*state)
        with suppress(subprocess.TimeoutExpired):
            child.wait(POLL_SECONDS)
            running = False
        lines.write(stdout.read())
    progress(*state)
