"""A child process and what is said to it and by it, through pipes: nothing is left anywhere, and no disk is needed."""

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
"""How often progress is passed on, and so how soon a child ends when it is asked to."""

LAST_WORDS = 4_000
"""Characters of a failed child's error output to keep."""

LAST_WORDS_SECONDS = 2.0
"""How long a child's error output is waited for after its end: a process that it has started may keep it open."""

RESULT = b"result\n"
"""Line after which a child sends its result instead of progress."""


def environment_of_children() -> dict[str, str]:
    """Environment in which ``python -m embviz…`` finds this embviz, wherever it was started."""
    root = str(Path(__file__).parents[2])
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))}


def packed(*arrays: AnyArray) -> memoryview:
    """Arrays as bytes to send, one after the other.

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
    """The arrays from what `packed` made."""
    stream, arrays = io.BytesIO(data), []
    while stream.tell() < len(data):
        arrays.append(np.lib.format.read_array(stream, allow_pickle=False))
    return arrays


@contextmanager
def child_process(module: str, environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process that runs a module of ours and waits for its request; dead when the block is left.

    Not `multiprocessing`: it would run Streamlit's script again.

    Parameters
    ----------
    module
        What ``python -m`` runs.
    environment
        Variables that the child has besides ours.
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
    """What is sent to a child and what it answers, in threads, because a full pipe makes whoever writes wait.

    Attributes
    ----------
    state
        The last progress that the child has told.
    result
        What it sent after `RESULT`; empty as long as it has not, or if it has failed.
    last_words
        The end of what it wrote besides.
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
        """Whether the child has more to say; known after so long at the latest."""
        self._receiving.join(seconds)
        if not self._receiving.is_alive():
            self._listening.join(LAST_WORDS_SECONDS)
        return self._receiving.is_alive()

    def _send(self, stdin: IO[bytes], request: Sequence[bytes | memoryview]) -> None:
        """Not closed afterwards: the child takes that for our death."""
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
    """The progress that a line of a child's output tells, if it does."""
    try:
        stage, done, total = json.loads(line)
    except (ValueError, TypeError):
        return None
    is_progress = isinstance(stage, str) and isinstance(done, int) and isinstance(total, int)
    return (stage, done, total) if is_progress else None
