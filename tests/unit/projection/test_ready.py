"""Kernels are loaded before a layout needs them; a caller that waits for them gets progress, and can stop waiting."""

import runpy
import subprocess
import sys
import threading

import numpy as np
import pytest

from embviz.datasets.arrays import dataset_from_arrays
from embviz.errors import Cancelled
from embviz.features.vectors import vector_features
from embviz.pipeline import projection_of
from embviz.projection import Tsne, Umap, project, ready, tiny_layout
from embviz.projection.kernels import compiled
from embviz.projection.kernels.compiled import NotOnDiskError
from embviz.projection.ready import make_ready
from embviz.storage.store import Store

REFERENCE = Tsne(perplexity=2, engine="reference")
"""A spec whose layout calls none of our kernels, because it starts from principal components."""


@pytest.fixture
def slow(monkeypatch):
    """An event until which loading kernels takes."""
    over = threading.Event()
    ready._loading.cache_clear()
    over.compiles = False

    def load(method, dims, on_compiling):
        if over.compiles:
            on_compiling()
        over.wait(20)

    monkeypatch.setattr(ready, "_load", load)
    yield over
    over.set()
    ready._loading.cache_clear()


@pytest.mark.parametrize(("compiles", "stage"), [(False, "loading kernels"), (True, "compiling kernels")])
def test_whoever_waits_is_told_what_is_done_and_can_leave(slow, compiles, stage):
    slow.compiles = compiles
    said = []

    def leave(*progress):
        said.append(progress)
        if said[-2:] == [(stage, 0, 0)] * 2:  # the thread has begun by then
            raise Cancelled("stopped as asked")

    with pytest.raises(Cancelled):
        make_ready("tsne", 2, leave)
    assert {what for what, _, _ in said} <= {"loading kernels", stage}


def test_a_busy_machine_that_takes_long_to_load_is_not_said_to_compile(slow):
    """The stage "compiling kernels" was once guessed by a timer, and so reported whenever a machine was busy."""
    said = []

    def leave(*progress):
        said.append(progress)
        if len(said) == 15:  # after a second and a half
            raise Cancelled("stopped as asked")

    with pytest.raises(Cancelled):
        make_ready("tsne", 2, leave)
    assert said == [("loading kernels", 0, 0)] * 15


def test_nobody_waits_twice(slow):
    slow.set()
    said = []
    for _ in range(2):
        make_ready("umap", 3)
        make_ready("umap", 3, lambda *progress: said.append(progress))
    assert said == []


NOT_READY = """
import sys
from numba.core.dispatcher import Dispatcher
from embviz.projection.tiny_layout import METHODS, tiny_layout
for method in METHODS:
    for dims in (2, 3):
        tiny_layout(method, dims)
tiny_layout("ranks", 2)
modules = [module for name, module in sys.modules.items() if name.startswith("embviz.projection")]
compiled = {item for module in modules for item in vars(module).values() if isinstance(item, Dispatcher)}
serial = {item for item in compiled if not item.targetoptions.get("parallel")}
shared = {"clamped", "is_due", "move_at", "next_block", "none_taken", "press_at", "random_item", "stream_of"}
parts = {item for item in serial if item.__name__[0] == "_" or item.__name__ in shared}
kernels = compiled - parts
once = {kernel: len(kernel.signatures) for kernel in kernels}
import numpy as np
from embviz import Tsne, Umap, dataset_from_arrays, layout_faithfulness, place, project, vector_features
points = vector_features(dataset_from_arrays(vectors=np.random.default_rng(0).normal(size=(1500, 8))))
for dims in (2, 3):
    for few in (Tsne(dims, perplexity=5, max_iter=251), Umap(dims, n_epochs=2)):
        laid_out = project(points, few)
        layout_faithfulness(points, laid_out, k=3)
        place(points, laid_out, laid_out=points)
unlike = [kernel for kernel in kernels if once[kernel] == 0 or len(kernel.signatures) > once[kernel]]
print(len(kernels), *(kernel.py_func.__qualname__ for kernel in unlike))
"""


def test_every_kernel_is_made_ready_as_layouts_call_it():
    done = subprocess.run([sys.executable, "-c", NOT_READY], capture_output=True, text=True, check=True)
    kernels, *not_ready = done.stdout.split()
    assert int(kernels) > 10
    assert not_ready == []


def by_store(points, spec, folder, progress):
    projection_of(points, spec, store=Store(folder), progress=progress)


def by_itself(points, spec, _folder, progress):
    project(points, spec, progress=progress)


@pytest.mark.parametrize("lay_out", [by_itself, by_store])
@pytest.mark.parametrize(
    ("spec", "is_loading"),
    [(Umap(), True), (Tsne(perplexity=2), True), (Umap(engine="reference"), True), (REFERENCE, False)],
    ids=["UMAP", "t-SNE", "reference, our start", "reference"],
)
def test_kernels_are_loaded_while_neighbors_are_searched_if_they_are_needed(slow, spec, is_loading, lay_out, tmp_path):
    loading = {}

    def watch(stage, done, total):
        loading[stage, done] = ready._loading.cache_info().currsize == 1
        if stage == "neighbors" and done:
            raise Cancelled("seen enough")

    points = vector_features(dataset_from_arrays(vectors=np.eye(20, dtype=np.float32)))
    with pytest.raises(Cancelled):
        lay_out(points, spec, tmp_path, watch)
    assert loading["neighbors", 20] is is_loading
    assert not any(begun for (stage, _), begun in loading.items() if stage != "neighbors")


@pytest.mark.parametrize(
    ("is_on_disk", "is_kept", "expected"),
    [
        (True, True, [("umap", 3)]),
        (False, True, [("umap", 3), "compiling", ("umap", "3"), ("umap", 3)]),
        (False, False, [("umap", 3), "compiling", ("umap", 3)]),  # those of another process would not be found
    ],
)
def test_kernels_that_are_not_on_disk_are_compiled_by_another_process(is_on_disk, is_kept, expected, monkeypatch):
    events = []

    def loaded(method, dims):
        events.append((method, dims))
        if not is_on_disk and len(events) == 1:
            raise NotOnDiskError

    monkeypatch.setattr(tiny_layout, "tiny_layout", loaded)
    monkeypatch.setattr(compiled, "are_kept", lambda: is_kept)
    monkeypatch.setattr(ready, "compile_kernels", lambda *kind: events.append(kind))
    ready._load("umap", 3, lambda: events.append("compiling"))
    assert events == expected


class Niced(Exception):
    """Raised where the process would lower its priority, so that the test compiles nothing."""


def test_only_what_nobody_waits_for_is_compiled_at_low_priority(monkeypatch):
    def nice(_by):
        raise Niced

    monkeypatch.delitem(sys.modules, tiny_layout.__name__)
    monkeypatch.setattr("os.nice", nice)
    monkeypatch.setattr("sys.argv", ["tiny_layout", "umap", "2"])
    runpy.run_module(tiny_layout.__name__, run_name="__main__")
    monkeypatch.setattr("sys.argv", ["tiny_layout"])
    with pytest.raises(Niced):
        runpy.run_module(tiny_layout.__name__, run_name="__main__")


WHAT_UMAP_IMPORTS = """
import sys
from embviz.projection.tiny_layout import tiny_layout
tiny_layout("umap", 2)
print(*sys.modules)
"""


def test_umap_does_not_wait_for_imports_that_it_does_not_need():
    done = subprocess.run([sys.executable, "-c", WHAT_UMAP_IMPORTS], capture_output=True, text=True, check=True)
    assert {"numba", "scipy"} < set(done.stdout.split())
    assert not {"scipy.fft", "scipy.optimize", "sklearn", "umap"} & set(done.stdout.split())
