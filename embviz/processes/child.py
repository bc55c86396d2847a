"""Child processes, and the exchange of requests, progress and results with them through pipes, without files."""

import io
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import numpy as np

from embviz.arrays import AnyArray

POLL_SECONDS = 0.1
"""Seconds between two progress calls, and so the longest time until a child ends when it is asked to."""

LAST_WORDS = 4_000
"""Number of characters of a failed child's error output to keep."""

LAST_WORDS_SECONDS = 2.0
"""Seconds to wait for a child's error output after its end: a process that it has started may keep it open."""

RESULT = b"result\n"
"""Line after which a child sends its result instead of progress."""


def environment_of_children() -> dict[str, str]:
    """Environment variables with which ``python -m embviz…`` finds this embviz, wherever it is started."""
    root = str(Path(__file__).parents[2])
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
    """The arrays in bytes that `packed` made."""
    stream, arrays = io.BytesIO(data), []
    while stream.tell() < len(data):
        arrays.append(np.lib.format.read_array(stream, allow_pickle=False))
    return arrays


@contextmanager
def child_process(module: str, environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A context with a process that runs a module of embviz and waits for a request; the block's end kills it.

    `multiprocessing` is not used, because it would run Streamlit's script again.

    Parameters
    ----------
    module
        Name of the module, for ``python -m``.
    environment
        Environment variables for the child, in addition to those of this process.
    """
    command = [sys.executable, "-P", "-X", "faulthandler", "-m", module]
    pipe = subprocess.PIPE
    with subprocess.Popen(  # noqa: S603  # our own interpreter and module
        command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment_of_children() | dict(environment)
    ) as child:
        try:
            yield child
        finally:
            child.kill()


class Talk:
    """The exchange with a child process, in threads, because a full pipe blocks the writer.

    Attributes
    ----------
    state
        The last progress that the child has reported: stage, done and total.
    result
        The bytes that the child sent after `RESULT`; empty before, or if it failed.
    last_words
        The end of all other output of the child.
    """

    def __init__(self, child: subprocess.Popen[bytes], request: Sequence[bytes | memoryview]) -> None:
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
        """Whether the child is still sending, after a wait of at most `seconds` for its end."""
        self._receiving.join(seconds)
        if not self._receiving.is_alive():
            self._listening.join(LAST_WORDS_SECONDS)
        return self._receiving.is_alive()

    def _send(self, stdin: IO[bytes], request: Sequence[bytes | memoryview]) -> None:
        """Send the request; the pipe stays open, because the child ends when it is closed."""
        with suppress(OSError):  # it ended before it had read everything, and says why
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
            else:  # an interpreter may be set up to print something before it runs anything of ours
                self._note(line)

    def _listen(self, stderr: IO[bytes]) -> None:
        for line in stderr:
            self._note(line)

    def _note(self, line: bytes) -> None:
        self.last_words = (self.last_words + line.decode("utf-8", "replace"))[-LAST_WORDS:]


def _state(line: bytes) -> tuple[str, int, int] | None:
    """The progress in a line of a child's output; None if it is something else."""
    try:
        stage, done, total = json.loads(line)
    except (ValueError, TypeError):
        return None
    is_progress = isinstance(stage, str) and isinstance(done, int) and isinstance(total, int)
    return (stage, done, total) if is_progress else None
