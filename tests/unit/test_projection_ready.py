"""Kernels are loaded before a layout needs them; whoever waits for that is told, and can leave."""

import threading

import pytest

from embviz.errors import Cancelled
from embviz.projection import ready
from embviz.projection.ready import make_ready


@pytest.fixture
def slow(monkeypatch):
    """Loading takes until this is set."""
    over = threading.Event()
    ready._loading.cache_clear()
    monkeypatch.setattr(ready, "_tiny_layout", lambda method, dims: over.wait(20))
    yield over
    over.set()
    ready._loading.cache_clear()


@pytest.mark.parametrize(
    ("patience", "stage"), [(20.0, "loading kernels"), (-1.0, "compiling kernels (first run only)")]
)
def test_whoever_waits_is_told_and_can_leave(slow, patience, stage, monkeypatch):
    monkeypatch.setattr(ready, "LOADING_SECONDS", patience)
    said = []

    def leave(*progress):
        said.append(progress)
        if len(said) == 2:
            raise Cancelled("stopped as asked")

    with pytest.raises(Cancelled):
        make_ready("tsne", 2, leave)
    assert said == [(stage, 0, 0)] * 2


def test_nobody_waits_twice(slow):
    slow.set()
    said = []
    for _ in range(2):
        make_ready("umap", 3)
        make_ready("umap", 3, lambda *progress: said.append(progress))
    assert said == []


def test_every_method_has_its_kernels():
    for method in ("tsne", "umap"):
        for dims in (2, 3):
            ready._tiny_layout(method, dims)
