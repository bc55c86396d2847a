"""The process that `layout_in_child` starts: ``python -m embviz.projection.reference.child``."""

import json
import os
import sys
import threading
from typing import IO

import numpy as np

from embviz.progress import Progress
from embviz.projection.reference.process import RESULT, packed, unpacked
from embviz.projection.reference.sklearn_tsne import tsne_layout
from embviz.projection.reference.umap_learn import umap_layout
from embviz.projection.specs import Tsne, Umap


def main() -> None:
    """Read a request from standard input; write progress to standard output as lines of JSON, then the result."""
    answers = _answers()
    progress = _progress_to_parent(answers)
    method, fields, size = json.loads(sys.stdin.buffer.readline())
    start, indices, distances = unpacked(sys.stdin.buffer.read(size))
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if method == "tsne":
        coords, divergence = tsne_layout(start, indices, distances, Tsne(**fields), progress)
    else:
        coords, divergence = umap_layout(start, indices, distances, Umap(**fields), progress), np.nan
    answers.write(RESULT)
    answers.write(packed(coords, np.array(divergence)))
    answers.flush()


def _end_with_parent() -> None:
    """End this process when the parent closes standard input, which it does at the latest when it ends."""
    os.read(0, 1)  # not by sys.stdin, because a thread that waits holds its lock when the interpreter ends
    os._exit(1)


def _answers() -> IO[bytes]:
    """The stream to the parent, instead of standard output; what libraries print goes to standard error from now on."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def _progress_to_parent(answers: IO[bytes]) -> Progress:
    def progress(stage: str, done: int, total: int) -> None:
        answers.write(json.dumps([stage, done, total]).encode() + b"\n")
        answers.flush()

    return progress


if __name__ == "__main__":
    main()
