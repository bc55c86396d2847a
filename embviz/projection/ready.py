"""Kernels loaded from disk, or compiled once, before a layout needs them."""

import logging
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import cache

from embviz.processes.child import environment_of_children
from embviz.progress import Progress, no_progress
from embviz.projection.specs import Tsne, Umap

logger = logging.getLogger(__name__)


def loading_meanwhile(spec: Tsne | Umap, progress: Progress) -> Progress:
    """`progress` of a search for neighbors, during which a thread loads the kernels of the spec, or compiles them.

    From the first neighbors on: the index is built in many short parallel steps, each of which would wait for a
    processor that the thread has taken.
    """

    def with_loading(stage: str, done: int, total: int) -> None:
        if stage == "neighbors" and needs_kernels(spec):
            _loading(spec.method, spec.n_components)
        progress(stage, done, total)

    return with_loading


def needs_kernels(spec: Tsne | Umap) -> bool:
    """Whether any of our own is called: not where a library lays out, unless from our eigenmaps."""
    return spec.engine == "embviz" or spec.init == "spectral"


def make_ready(method: str, dims: int, progress: Progress = no_progress) -> None:
    """Wait until the kernels of a method are loaded, or compiled; instant from the second time on.

    Compiling cannot be interrupted, so it goes on by itself if `progress` raises.

    Parameters
    ----------
    method
        ``tsne`` or ``umap``.
    dims
        2 or 3.
    progress
        Called ten times a second with stage ``loading kernels``, or ``compiling kernels`` while that is done.
    """
    loading = _loading(method, dims)
    while loading.is_alive():
        progress(loading.stage, 0, 0)
        loading.join(0.1)


def compile_kernels(*kind: str) -> None:
    """Bring kernels onto the disk, in a process of its own: compiling would hold up the threads of this one.

    Parameters
    ----------
    kind
        Method and dimensions, such as ``"tsne", "2"``; if not given, all of them, at low priority.
    """
    child = subprocess.run(  # noqa: S603  # our own interpreter and module
        [sys.executable, "-P", "-m", "embviz.projection.tiny_layout", *kind],
        env=environment_of_children(),
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if child.returncode != 0:
        logger.warning("the process that compiles kernels ended with code %d", child.returncode)


class _Loading(threading.Thread):
    """Kernels of one kind on their way; `stage` says what is done for it."""

    def __init__(self, method: str, dims: int) -> None:
        super().__init__(name="embviz-kernels", daemon=True)
        self.stage = "loading kernels"
        self._kind = (method, dims)

    def run(self) -> None:
        """Load them, or have them compiled."""
        _load(*self._kind, self._compiling)

    def _compiling(self) -> None:
        self.stage = "compiling kernels"


@cache
def _loading(method: str, dims: int) -> _Loading:
    loading = _Loading(method, dims)
    loading.start()
    return loading


def _load(method: str, dims: int, on_compiling: Callable[[], None]) -> None:
    # numba: a second, if not in this thread
    from embviz.projection.kernels.compiled import NotOnDiskError, are_kept, from_disk_only
    from embviz.projection.tiny_layout import tiny_layout

    try:
        with from_disk_only():
            tiny_layout(method, dims)
    except NotOnDiskError:
        on_compiling()
        if are_kept():
            compile_kernels(method, str(dims))
        tiny_layout(method, dims)
