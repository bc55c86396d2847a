"""Layouts in a child process: their result, how a child is stopped, and what happens when one fails."""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest

from embviz.errors import Cancelled, MissingDependencyError, OutOfMemoryError
from embviz.neighbors import neighbor_graph
from embviz.processes.child import child_process
from embviz.projection.admission import neighbors_needed
from embviz.projection.reference import process
from embviz.projection.reference.process import layout_in_child
from embviz.projection.reference.sklearn_tsne import tsne_layout
from embviz.projection.specs import Tsne, Umap
from embviz.projection.start import starting_layout
from tests.unit.compass import compass_of

QUICK_TSNE = Tsne(perplexity=4, max_iter=251)
QUICK_UMAP = Umap(n_neighbors=5, n_epochs=30)


def some_vectors(n=60):
    return np.random.default_rng(0).random((n, 5), dtype=np.float32)


def start_and_graph(vectors, spec):
    graph = neighbor_graph(vectors, neighbors_needed(spec, len(vectors)), metric=spec.metric)
    return starting_layout(spec.init, compass_of(vectors, spec.n_components), graph, spec.seed), graph


def laid_out(vectors, spec, progress=lambda *_: None):
    return layout_in_child(spec, *start_and_graph(vectors, spec), progress=progress)


def laid_out_here(vectors, spec):
    start, graph = start_and_graph(vectors, spec)
    return tsne_layout(start, graph.indices, graph.distances, spec, lambda *_: None)


@pytest.fixture
def children(monkeypatch):
    """All processes that the test starts."""
    started = []

    class Watched(subprocess.Popen):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            started.append(self)

    monkeypatch.setattr(subprocess, "Popen", Watched)
    return started


@pytest.fixture
def scratch(tmp_path, monkeypatch):
    """The folder in which temporary files and folders are made during the test."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_child_lays_out_duplicates_as_this_process_does_and_another_seed_differs(scratch):
    vectors = np.repeat(some_vectors(15), 4, axis=0)
    first, kl_divergence = laid_out(vectors, QUICK_TSNE)
    again, _ = laid_out_here(vectors, QUICK_TSNE)
    other, _ = laid_out_here(vectors, replace(QUICK_TSNE, seed=1))
    assert first.shape == (60, 2) and np.isfinite(first).all()
    assert 0 <= kl_divergence < 10  # also with the fewest iterations allowed
    assert np.array_equal(first, again) and not np.array_equal(first, other)
    assert list(scratch.iterdir()) == []


def test_umap_lays_out_four_items_and_says_how_far_it_is(capfd):
    stages = []
    coords, kl_divergence = laid_out(
        some_vectors(4), Umap(n_components=3, n_neighbors=3, n_epochs=30), lambda *state: stages.append(state)
    )
    assert coords.shape == (4, 3) and np.isfinite(coords).all() and kl_divergence is None
    assert list(dict.fromkeys(stage for stage, _, _ in stages))[:2] == ["starting", "loading umap-learn"]
    assert stages[-1] == ("UMAP", 30, 30)
    assert capfd.readouterr() == ("", "")


def test_items_that_are_all_equal_get_finite_coordinates():
    coords, kl_divergence = laid_out_here(np.ones((20, 5), np.float32), QUICK_TSNE)
    assert np.isfinite(coords).all() and np.isfinite(kl_divergence)


def test_progress_that_raises_ends_the_child_and_leaves_no_files(children, scratch):
    def stop_when_it_runs(stage, done, total):
        if stage == "t-SNE":
            raise Cancelled("stop")

    with pytest.raises(Cancelled):
        laid_out(some_vectors(400), Tsne(perplexity=30, max_iter=100_000), stop_when_it_runs)
    assert children[0].returncode not in (None, 0)
    assert list(scratch.iterdir()) == []


def test_a_silent_child_is_ended_too(children, scratch):
    calls = []

    def stop_at_third_call(*state):
        calls.append(state)
        if len(calls) == 3:
            raise Cancelled("stop")

    with pytest.raises(Cancelled):
        laid_out(some_vectors(), QUICK_TSNE, stop_at_third_call)
    assert calls == [("starting", 0, 0)] * 3
    assert children[0].returncode not in (None, 0)


PARENT = """
import os, subprocess, sys
import numpy as np
from embviz.neighbors import neighbor_graph
from embviz.projection.reference.process import layout_in_child
from embviz.projection.specs import Tsne

class Named(subprocess.Popen):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        print(self.pid, flush=True)

def die(stage, done, total):
    if stage == 't-SNE': os._exit(3)

subprocess.Popen = Named
vectors = np.random.default_rng(0).random((300, 5), dtype=np.float32)
layout_in_child(Tsne(max_iter=100_000), vectors[:, :2], neighbor_graph(vectors, 90), progress=die)
"""


def test_a_child_whose_parent_died_ends_and_leaves_nothing(scratch):
    root = Path(process.__file__).parents[3]
    environment = {**os.environ, "TMPDIR": str(scratch)}
    parent = subprocess.run([sys.executable, "-c", PARENT], cwd=root, env=environment, capture_output=True, text=True)
    assert parent.returncode == 3, parent.stderr
    pid = int(parent.stdout)
    deadline = time.monotonic() + 30
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_running(pid)
    assert list(scratch.iterdir()) == []


def is_running(pid):
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_no_disk_is_needed(monkeypatch):
    """A full or missing folder for temporary files once ended layouts with a traceback."""
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
    monkeypatch.setenv("TMPDIR", "/nowhere")
    coords, _ = laid_out(some_vectors(), QUICK_TSNE)
    assert coords.shape == (60, 2)


def test_a_child_that_fails_hands_over_its_traceback(scratch):
    vectors = some_vectors()
    graph = neighbor_graph(vectors, 12)
    with pytest.raises(RuntimeError, match=r"(?s)t-SNE process ended with code 1.*Traceback.*ValueError"):
        layout_in_child(QUICK_TSNE, vectors[:-1, :2], graph)  # a start for one item too few
    assert list(scratch.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="a killed process has another exit code there")
def test_a_child_that_the_system_killed_is_said_to_need_too_much_memory(children):
    def kill(*state):
        os.kill(children[0].pid, 9)

    with pytest.raises(OutOfMemoryError, match="not enough memory for scikit-learn to lay out 60 items; choose fewer"):
        laid_out(some_vectors(), QUICK_TSNE, kill)


def test_a_child_that_runs_out_of_memory_says_so(tmp_path, monkeypatch):
    (tmp_path / "hungry.py").write_text("import numpy\nnumpy.empty(2**55)\n")
    monkeypatch.setattr(process, "_child", lambda: child_process("hungry", {}))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(OutOfMemoryError, match="not enough memory for scikit-learn"):
        laid_out(some_vectors(), QUICK_TSNE)


def test_what_a_child_prints_on_its_way_to_a_layout_is_no_error(tmp_path, monkeypatch):
    (tmp_path / "sitecustomize.py").write_text("raise MemoryError('printed by the interpreter, which goes on')\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    coords, _ = laid_out(some_vectors(), QUICK_TSNE)
    assert coords.shape == (60, 2)


@pytest.mark.parametrize(
    ("spec", "module", "package"), [(QUICK_TSNE, "sklearn", "scikit-learn"), (QUICK_UMAP, "umap", "umap-learn")]
)
def test_a_missing_package_is_named_with_the_command_that_installs_it(spec, module, package, monkeypatch):
    vectors = some_vectors()
    graph = neighbor_graph(vectors, 12)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingDependencyError, match=f"pip install {package}"):
        layout_in_child(spec, vectors[:, :2], graph)
