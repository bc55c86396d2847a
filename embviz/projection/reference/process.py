"""Layouts by a reference engine in a child process, which can be ended at any moment."""

import importlib.util
import json
import re
import subprocess
from contextlib import AbstractContextManager
from dataclasses import asdict

from embviz.arrays import Float32Array
from embviz.errors import MissingDependencyError, OutOfMemoryError
from embviz.neighbors import NeighborGraph
from embviz.processes.child import POLL_SECONDS, Talk, child_process, packed, unpacked
from embviz.progress import Progress, no_progress
from embviz.projection.specs import Tsne, Umap
from embviz.projection.titles import LIBRARIES, METHODS

_MODULES = {"tsne": "sklearn", "umap": "umap"}
KILLED = -9
"""Exit code of a child that was killed: on Linux by the kernel when memory runs out, if not by hand."""
_RAN_OUT = re.compile(r"^[\w.]*MemoryError\b", re.MULTILINE)


def layout_in_child(
    spec: Tsne | Umap, start: Float32Array, graph: NeighborGraph, *, progress: Progress = no_progress
) -> tuple[Float32Array, float | None]:
    """Coordinates and, for t-SNE, the Kullback-Leibler divergence, computed by a child process.

    The libraries run for minutes without a check for cancellation, and hold the interpreter lock of their process
    meanwhile.

    Parameters
    ----------
    spec
        The layout asked for.
    start
        float32, shape (n, 2 or 3): see `starting_layout`.
    graph
        The neighbor graph, with as many neighbors as `neighbors_needed` says.
    progress
        Called ten times a second; if it raises, the child is ended before the exception is passed on.

    Raises
    ------
    MissingDependencyError
        If the package that does the work is not installed.
    OutOfMemoryError
        If the child had not enough memory, or the system killed it, which it does to processes that need too much.
    RuntimeError
        If the child failed otherwise; the message ends with its traceback.
    """
    module, package = _MODULES[spec.method], LIBRARIES[spec.method]
    if importlib.util.find_spec(module) is None:
        method = METHODS[spec.method]
        raise MissingDependencyError(f"{method} needs {package}, which is not installed: pip install {package}")
    with _child() as child:
        talk = Talk(child, _request(spec, start, graph))
        while talk.goes_on(POLL_SECONDS):
            progress(*talk.state)
        progress(*talk.state)
        returncode = child.wait()
    if returncode == KILLED or (returncode != 0 and _RAN_OUT.search(talk.last_words)):
        raise OutOfMemoryError(
            f"there was not enough memory for {LIBRARIES[spec.method]} to lay out {len(start):,} items; choose fewer "
            "items, or close other programs, and try again"
        )
    if returncode != 0 or not talk.result:
        raise RuntimeError(f"the {METHODS[spec.method]} process ended with code {returncode}:\n{talk.last_words}")
    coords, divergence = unpacked(talk.result)
    return coords, float(divergence) if spec.method == "tsne" else None


def _request(spec: Tsne | Umap, start: Float32Array, graph: NeighborGraph) -> list[bytes | memoryview]:
    arrays = packed(start, graph.indices, graph.distances)
    return [json.dumps([spec.method, asdict(spec), len(arrays)]).encode() + b"\n", arrays]


def _child() -> AbstractContextManager[subprocess.Popen[bytes]]:
    """A context with a child process that waits for a request; the child is ended when the block is left."""
    environment = {
        "OMP_NUM_THREADS": "2",  # three would add up in an order that varies, and a seed would not fix the layout
        "OMP_WAIT_POLICY": "PASSIVE",  # spinning threads halve the speed on a machine that has other work
    }
    return child_process("embviz.projection.reference.child", environment)
