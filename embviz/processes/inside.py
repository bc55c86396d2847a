"""The child's side of the exchange with its parent: answers through one pipe, and its end when the parent ends."""

import json
import os
import threading
from collections.abc import Callable
from typing import IO

from embviz.progress import Progress


def answers_to_parent() -> IO[bytes]:
    """The file that the parent reads; from now on, all that libraries print goes to standard error instead."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def progress_to_parent(answers: IO[bytes]) -> Progress:
    """A progress callback that writes a line of JSON to `answers` for every call."""

    def progress(stage: str, done: int, total: int) -> None:
        answers.write(json.dumps([stage, done, total]).encode() + b"\n")
        answers.flush()

    return progress


def end_with_parent(farewell: Callable[[], object] = lambda: None) -> None:
    """End this process when the parent closes standard input, at the latest when the parent ends.

    Call it when the whole request has been read. Before the end, `farewell` is called in a thread of its own.
    """
    threading.Thread(target=_wait_for_end, args=(farewell,), daemon=True).start()


def _wait_for_end(farewell: Callable[[], object]) -> None:
    os.read(0, 1)  # not sys.stdin, whose lock a waiting thread would hold when the interpreter ends
    try:
        farewell()
    finally:
        os._exit(1)
