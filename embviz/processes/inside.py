"""What a child process does to be talked to: its answers go through one pipe, and it ends when its parent does."""

import json
import os
import threading
from collections.abc import Callable
from typing import IO

from embviz.progress import Progress


def answers_to_parent() -> IO[bytes]:
    """What the parent reads; whatever libraries print goes to standard error from now on."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def progress_to_parent(answers: IO[bytes]) -> Progress:
    """A line of JSON for every call."""

    def progress(stage: str, done: int, total: int) -> None:
        answers.write(json.dumps([stage, done, total]).encode() + b"\n")
        answers.flush()

    return progress


def end_with_parent(farewell: Callable[[], object] = lambda: None) -> None:
    """End this process when the parent closes standard input, which it does at the latest by dying.

    To be called when everything that it sends has been read. Before the end `farewell` is called, in a thread of its
    own.
    """
    threading.Thread(target=_wait_for_end, args=(farewell,), daemon=True).start()


def _wait_for_end(farewell: Callable[[], object]) -> None:
    os.read(0, 1)  # not sys.stdin, whose lock a waiting thread would hold when the interpreter ends
    try:
        farewell()
    finally:
        os._exit(1)
