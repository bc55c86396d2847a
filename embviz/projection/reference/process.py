"""A layout computed in a child process, which can be ended at any moment and does not hold up this process."""

import importlib.util
import io
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

import numpy as np

from embviz.arrays import AnyArray, Float32Array
from embviz.errors import MissingDependencyError
from embviz.neighbors import NeighborGraph
from embviz.progress import Progress, no_progress
from embviz.projection.specs import Tsne, Umap
from embviz.projection.titles import LIBRARIES, METHODS

POLL_SECONDS = 0.1
"""Seconds between two calls of progress, and so the longest time until a layout stops when asked to."""

LAST_WORDS = 4_000
"""Number of characters kept of the end of a child's error output, which a failure is reported with."""

LAST_WORDS_SECONDS = 2.0
"""Longest wait for a child's error output after its end: a process that it has started may keep the pipe open."""

RESULT = b"result\n"
"""The line after which a child sends arrays instead of progress."""

_MODULES = {"tsne": "sklearn", "umap": "umap"}


def layout_in_child(
    spec: Tsne | Umap, start: Float32Array, graph: NeighborGraph, *, progress: Progress = no_progress
) -> tuple[Float32Array, float | None]:
    """Coordinates and, for t-SNE, the Kullback-Leibler divergence, computed by a child process.

    A library that runs for minutes cannot be stopped in this process, and would hold its interpreter
    lock meanwhile. The child is not started by `multiprocessing`, which would run Streamlit's script again.
    All data goes through pipes, so no files are left behind and no disk space is needed.

    Parameters
    ----------
    spec
        Which method, with its parameters.
    start
        float32, shape (n, 2 or 3): see `starting_layout`.
    graph
        As many neighbors as `neighbors_needed` says.
    progress
        Called ten times a second whatever the child does; if it raises, the child is ended first.

    Raises
    ------
    MissingDependencyError
        If scikit-learn, or umap-learn, is not installed.
    RuntimeError
        If the child failed; the message ends with the child's traceback.
    """
    module, package = _MODULES[spec.method], LIBRARIES[spec.method]
    if importlib.util.find_spec(module) is None:
        method = METHODS[spec.method]
        raise MissingDependencyError(f"{method} needs {package}, which is not installed: pip install {package}")
    with _child() as child:
        talk = _Talk(child, _request(spec, start, graph))
        while talk.goes_on(POLL_SECONDS):
            progress(*talk.state)
        progress(*talk.state)
        returncode = child.wait()
    if returncode != 0 or not talk.result:
        raise RuntimeError(f"the {METHODS[spec.method]} process ended with code {returncode}:\n{talk.last_words}")
    coords, divergence = unpacked(talk.result)
    return coords, float(divergence) if spec.method == "tsne" else None


def _request(spec: Tsne | Umap, start: Float32Array, graph: NeighborGraph) -> list[bytes | memoryview]:
    arrays = packed(start, graph.indices, graph.distances)
    return [json.dumps([spec.method, asdict(spec), len(arrays)]).encode() + b"\n", arrays]


def environment_of_children() -> dict[str, str]:
    """The environment for child processes, in which ``python -m embviz…`` finds this copy of embviz from any folder."""
    root = str(Path(__file__).parents[3])
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))}


def packed(*arrays: AnyArray) -> memoryview:
    """The arrays as bytes to send, one after the other.

    Examples
    --------
    >>> [array.tolist() for array in unpacked(packed(np.arange(2), np.array(0.5)))]
    [[0, 1], 0.5]
    """
    stream = io.BytesIO()
    for array in arrays:
        np.lib.format.write_array(stream, array, allow_pickle=False)
    return stream.getbuffer()


def unpacked(data: bytes | memoryview) -> list[Any]:
    """The arrays that `packed` turned into bytes."""
    stream, arrays = io.BytesIO(data), []
    while stream.tell() < len(data):
        arrays.append(np.lib.format.read_array(stream, allow_pickle=False))
    return arrays


@contextmanager
def _child() -> Iterator[subprocess.Popen[bytes]]:
    """A context with a child process that waits for its request, and is ended when the context is left."""
    environment = environment_of_children() | {
        "OMP_NUM_THREADS": "2",  # three or more add up in an order that varies, and a seed would not fix the layout
        "OMP_WAIT_POLICY": "PASSIVE",  # threads that wait actively halve the speed on a machine with other work
    }
    command = [sys.executable, "-P", "-X", "faulthandler", "-m", "embviz.projection.reference.child"]
    pipe = subprocess.PIPE
    with subprocess.Popen(  # noqa: S603  # our own interpreter and module
        command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment
    ) as child:
        try:
            yield child
        finally:
            child.kill()


class _Talk:
    """The exchange with a child process, by threads of its own, because a writer waits while a pipe is full."""

    def __init__(self, child: subprocess.Popen[bytes], request: list[bytes | memoryview]) -> None:
        self.state: tuple[str, int, int] = ("starting", 0, 0)
        self.result = b""
        self.last_words = ""
        assert child.stdin and child.stdout and child.stderr, "it was started with pipes"
        self._receiving = threading.Thread(target=self._receive, args=(child.stdout,), daemon=True)
        self._listening = threading.Thread(target=self._listen, args=(child.stderr,), daemon=True)
        sending = threading.Thread(target=self._send, args=(child.stdin, request), daemon=True)
        for thread in (self._receiving, self._listening, sending):
            thread.start()

    def goes_on(self, seconds: float) -> bool:
        """Whether the child still sends output, asked after waiting up to `seconds` for its end."""
        self._receiving.join(seconds)
        if not self._receiving.is_alive():
            self._listening.join(LAST_WORDS_SECONDS)
        return self._receiving.is_alive()

    def _send(self, stdin: IO[bytes], request: list[bytes | memoryview]) -> None:
        """Send the request and leave the pipe open, because the child ends itself when it is closed."""
        with suppress(OSError):  # the child ended before it had read everything; its error output says why
            for part in request:
                stdin.write(part)
            stdin.flush()

    def _receive(self, stdout: IO[bytes]) -> None:
        for line in stdout:
            if line == RESULT:
                self.result = stdout.read()
                return
            state = _state(line)
            if state:
                self.state = state
            else:  # Python may be set up to print something before it runs our module
                self._note(line)

    def _listen(self, stderr: IO[bytes]) -> None:
        for line in stderr:
            self._note(line)

    def _note(self, line: bytes) -> None:
        self.last_words = (self.last_words + line.decode("utf-8", "replace"))[-LAST_WORDS:]


def _state(line: bytes) -> tuple[str, int, int] | None:
    """The stage, done and total that a line of a child's output reports; None if it is no report of progress."""
    try:
        stage, done, total = json.loads(line)
    except (ValueError, TypeError):
        return None
    is_progress = isinstance(stage, str) and isinstance(done, int) and isinstance(total, int)
    return (stage, done, total) if is_progress else None
