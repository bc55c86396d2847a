"""Loading of the compiled kernels from disk before a layout needs them, or compiling them once."""

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
    """A wrapper of `progress` that loads or compiles the spec's kernels in a thread during a neighbor search.

    The thread starts with the first report of stage ``neighbors``. Before that an index is built in many short
    parallel steps, each of which would wait for a processor that the thread has taken.
    """

    def with_loading(stage: str, done: int, total: int) -> None:
        if stage == "neighbors" and needs_kernels(spec):
            _loading(spec.method, spec.n_components)
        progress(stage, done, total)

    return with_loading


def needs_kernels(spec: Tsne | Umap) -> bool:
    """Whether a layout of this spec calls embviz's kernels; a reference engine does so only for the spectral start."""
    return spec.engine == "embviz" or spec.init == "spectral"


def make_ready(method: str, dims: int, progress: Progress = no_progress) -> None:
    """Wait until the kernels of a method are loaded, or compiled; later calls return at once.

    Compiling cannot be interrupted, so it continues in its thread if `progress` raises.

    Parameters
    ----------
    method
        ``tsne`` or ``umap``, ``place-tsne`` or ``place-umap`` to place items, or ``ranks`` to count ranks.
    dims
        Number of dimensions of the layout, 2 or 3; 2 for ``ranks``, whose kernels take any number.
    progress
        Called ten times a second with stage ``loading kernels``, or ``compiling kernels`` if they are not on disk.
    """
    loading = _loading(method, dims)
    while loading.is_alive():
        progress(loading.stage, 0, 0)
        loading.join(0.1)


def compile_kernels(*kind: str) -> None:
    """Compile kernels to disk in a child process, because compiling blocks all threads of a process.

    Parameters
    ----------
    kind
        Method and dimensions, such as ``"tsne", "2"``; if not given, all kernels are compiled, at low priority.
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
    """Thread that loads the kernels of one method and dimension; `stage` says whether it loads or compiles."""

    def __init__(self, method: str, dims: int) -> None:
        super().__init__(name="embviz-kernels", daemon=True)
        self.stage = "loading kernels"
        self._kind = (method, dims)

    def run(self) -> None:
        """Load the kernels, or have them compiled."""
        _load(*self._kind, self._compiling)

    def _compiling(self) -> None:
        self.stage = "compiling kernels"


@cache
def _loading(method: str, dims: int) -> _Loading:
    loading = _Loading(method, dims)
    loading.start()
    return loading


def _load(method: str, dims: int, on_compiling: Callable[[], None]) -> None:
    # Importing numba takes a second; it is imported here so that only this thread waits.
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
