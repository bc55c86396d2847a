"""The process that `layout_in_child` starts: ``python -m embviz.projection.child FOLDER``."""

import json
import os
import shutil
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np

from embviz.progress import Progress
from embviz.projection.sklearn_tsne import tsne_layout
from embviz.projection.specs import Tsne, Umap
from embviz.projection.umap_learn import umap_layout


def main(folder: Path) -> None:
    """Read ``spec.json`` and ``input.npz``, write ``output.npz``; a line of JSON for every step, on standard output."""
    threading.Thread(target=_end_with_parent, args=(folder,), daemon=True).start()
    progress = _progress_to_parent()
    method, fields = json.loads((folder / "spec.json").read_text())
    with np.load(folder / "input.npz", allow_pickle=False) as given:
        arrays = (given["start"], given["indices"], given["distances"])
    if method == "tsne":
        coords, kl_divergence = tsne_layout(*arrays, Tsne(**fields), progress)
        output: dict[str, Any] = {"coords": coords, "kl_divergence": np.float64(kl_divergence)}
    else:
        output = {"coords": umap_layout(*arrays, Umap(**fields), progress)}
    np.savez(folder / "output.npz", **output)


def _end_with_parent(folder: Path) -> None:
    """Wait for the parent to close standard input, which it does at the latest by dying; then leave nothing behind."""
    os.read(0, 1)  # not sys.stdin, whose lock a waiting thread would hold when the interpreter ends
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)


def _progress_to_parent() -> Progress:
    """Writes lines of JSON to standard output; whatever libraries print goes to standard error from now on."""
    lines = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def progress(stage: str, done: int, total: int) -> None:
        lines.write(json.dumps([stage, done, total]) + "\n")
        lines.flush()

    return progress


if __name__ == "__main__":
    main(Path(sys.argv[1]))
