"""How kernels run: by OpenMP's threads where it is installed, from the disk, and with no effect on coordinates."""

import ctypes
import os
import subprocess
import sys
import threading

import numba
import pytest

from embviz.projection.compiled import NotOnDiskError, from_disk_only

LAYOUT = """
import os
import numba
import numpy as np
from embviz import Tsne, Umap, neighbor_graph, start_layout, step_layout
vectors = np.random.default_rng(0).standard_normal((1500, 10), np.float32)
graph = neighbor_graph(vectors, 15)
layouts = [start_layout(graph, spec, vectors[:, :2]) for spec in (Tsne(perplexity=5), Umap())]
for layout in layouts:
    step_layout(layout, 30)
    print(layout.coords.tobytes().hex())
print(numba.threading_layer(), os.environ.get("GOMP_SPINCOUNT"))
"""


def said(**environment):
    own = {key: value for key, value in os.environ.items() if key not in ("NUMBA_THREADING_LAYER", "GOMP_SPINCOUNT")}
    done = subprocess.run(
        [sys.executable, "-c", LAYOUT], env=own | environment, capture_output=True, text=True, check=True
    )
    *coords, threads = done.stdout.splitlines()
    return coords, threads


def test_coordinates_do_not_depend_on_whose_threads_they_are():
    try:
        ctypes.CDLL("libgomp.so.1")
    except OSError:
        pytest.skip("libgomp.so.1 is not installed")
    coords, threads = said()
    assert threads == "omp None", "and nothing is left in the environment, where others would read it"
    assert said(NUMBA_THREADING_LAYER="workqueue") == (coords, "workqueue None")


def test_this_thread_compiles_nothing_while_it_is_told_not_to_and_others_may():
    @numba.njit
    def double(x):
        return 2 * x

    with from_disk_only():
        with pytest.raises(NotOnDiskError):
            double(1)
        with pytest.raises(NotOnDiskError):
            double(1)
        other = threading.Thread(target=double, args=(1,))
        other.start()
        other.join()
        assert double(3) == 6, "it is there now"
    assert double(1.5) == 3
