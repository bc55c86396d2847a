"""The first layout on a machine, for which kernels are compiled, is the same as later ones."""

import os
import subprocess
import sys
from pathlib import Path

FIRST_LAYOUT = """
import numpy as np
from embviz import Tsne, neighbor_graph, start_layout, step_layout
vectors = np.random.default_rng(0).standard_normal((1500, 10), np.float32)
stages = set()
graph = neighbor_graph(vectors, 90)
layout = start_layout(graph, Tsne(), vectors[:, :2], progress=lambda stage, done, total: stages.add(stage))
step_layout(layout, 40)
print("compiling kernels" in stages, layout.coords.tobytes().hex())
"""


def compiled_and_coordinates(cache: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", FIRST_LAYOUT],
        env=os.environ | {"NUMBA_CACHE_DIR": str(cache)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def test_compiling_kernels_changes_no_coordinate(tmp_path: Path) -> None:
    compiled, first = compiled_and_coordinates(tmp_path)
    assert compiled == "True"
    assert compiled_and_coordinates(tmp_path) == ["False", first]
