"""Kernels run by OpenMP's threads if it is installed, are kept on disk if possible, and round as they always do."""

import ctypes
import os
import subprocess
import sys
import threading
from pathlib import Path

import numba
import pytest

from embviz.projection.kernels.compiled import NotOnDiskError, from_disk_only

ROOT = Path(__file__).parents[4]

LAYOUT = """
import os
import numba
import numpy as np
from embviz import Tsne, Umap, neighbor_graph, start_layout, step_layout
vectors = np.random.default_rng(0).standard_normal((1500, 10), np.float32)
for items, spec in ((vectors, Tsne(perplexity=5)), (vectors, Umap()), (vectors[:200], Tsne(perplexity=5))):
    layout = start_layout(neighbor_graph(items, 15), spec, items[:, :2])
    step_layout(layout, 30)
    print(layout.coords.tobytes().hex())
print(numba.threading_layer(), os.environ.get("GOMP_SPINCOUNT"))
"""


ANOTHER_PACKAGE = """
import numba
numba.njit(lambda x: 2 * x)(1)
"""


def said(before="", **environment):
    own = {key: value for key, value in os.environ.items() if key not in ("NUMBA_THREADING_LAYER", "GOMP_SPINCOUNT")}
    done = subprocess.run(
        [sys.executable, "-c", before + LAYOUT], env=own | environment, capture_output=True, text=True, check=True
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


def test_coordinates_do_not_depend_on_what_was_compiled_before():
    assert said(ANOTHER_PACKAGE)[0] == said()[0], "as when umap is imported before embviz"


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


CALLED = """
import logging, numba, numpy as np
logging.basicConfig(format="%(message)s", level="WARNING")
from embviz.projection.kernels import compiled

@compiled.serial
def double(x):
    return 2 * x

@compiled.serial
def triple(x):
    return 3 * x

print(double(1), double(2), triple(1), compiled.are_kept())
"""


def called(tmp_path, prepare="", **environment):
    """Words that a process which calls two kernels prints, and its error output."""
    program = tmp_path / "program.py"
    program.write_text(prepare + CALLED)
    done = subprocess.run(
        [sys.executable, str(program)],
        env=os.environ | {"PYTHONPATH": str(ROOT), "HOME": str(tmp_path)} | environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split(), done.stderr


NO_FOLDER = """
from numba.core import caching
def nowhere(cls, function, file): return None
caching._SourceFileBackedLocatorMixin.from_function = classmethod(nowhere)
caching.UserProvidedCacheLocator.from_function = classmethod(nowhere)
caching.UserWideCacheLocator.from_function = classmethod(nowhere)
"""
FULL = """
from numba.core import caching
def full(self, name, data): raise OSError(28, "No space left on device")
caching.IndexDataCacheFile._save_data = full
"""


def test_without_a_folder_for_kernels_they_are_compiled_and_it_is_said_once(tmp_path):
    printed, said = called(tmp_path, NO_FOLDER)
    assert printed == ["2", "4", "3", "False"]
    assert said.count("kernels cannot be kept on disk and are compiled by every process") >= 1
    assert "Traceback" not in said


def test_on_a_full_disk_kernels_are_compiled_and_it_is_said_once(tmp_path):
    printed, said = called(tmp_path, FULL, NUMBA_CACHE_DIR=str(tmp_path / "cache"))
    assert printed == ["2", "4", "3", "True"]
    assert said.count("No space left on device") == 1 and "Traceback" not in said


def test_kernels_whose_files_are_damaged_are_compiled_again(tmp_path):
    cache = tmp_path / "cache"
    whole = ["2", "4", "3", "True"], ""
    assert called(tmp_path, NUMBA_CACHE_DIR=str(cache)) == whole
    (index,) = cache.rglob("*double*.nbi")
    index.write_bytes(b"not a pickle")
    (code,) = cache.rglob("*triple*.nbc")
    code.write_bytes(b"\x80\x05")
    printed, said = called(tmp_path, NUMBA_CACHE_DIR=str(cache))
    assert printed == whole[0] and "Traceback" not in said
    assert said.count("cannot be read and are compiled again") == 2
    assert called(tmp_path, NUMBA_CACHE_DIR=str(cache)) == whole, "and what is compiled again is kept"
