"""The process that `layout_in_child` starts: ``python -m embviz.projection.reference.child``."""

import json
import sys

import numpy as np

from embviz.processes.child import RESULT, packed, unpacked
from embviz.processes.inside import answers_to_parent, end_with_parent, progress_to_parent
from embviz.projection.reference.sklearn_tsne import tsne_layout
from embviz.projection.reference.umap_learn import umap_layout
from embviz.projection.specs import Tsne, Umap


def main() -> None:
    """Read a request from standard input; write a line of JSON for every step to standard output, then the result."""
    answers = answers_to_parent()
    progress = progress_to_parent(answers)
    method, fields, size = json.loads(sys.stdin.buffer.readline())
    start, indices, distances = unpacked(sys.stdin.buffer.read(size))
    end_with_parent()
    if method == "tsne":
        coords, divergence = tsne_layout(start, indices, distances, Tsne(**fields), progress)
    else:
        coords, divergence = umap_layout(start, indices, distances, Umap(**fields), progress), np.nan
    answers.write(RESULT)
    answers.write(packed(coords, np.array(divergence)))
    answers.flush()


if __name__ == "__main__":
    main()
