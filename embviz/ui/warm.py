"""Preparation at the start of the server: what the first page needs is loaded while the browser is still opening."""

import threading
import time

from embviz.datasets.named.tfds import import_before_threads
from embviz.errors import EmbvizError
from embviz.projection.ready import compile_kernels, make_ready
from embviz.projection.specs import Tsne
from embviz.server import plotly_script
from embviz.storage.store import default_store
from embviz.ui.first_picture import first_picture
from embviz.view import view_of

SETTLED_SECONDS = 10.0
"""Seconds after which the first page is there, so that compiling kernels may use the processors."""


def warm_up() -> None:
    """Start a thread that does what the first visitor would wait for, about two seconds of imports."""
    import_before_threads()
    threading.Thread(target=_warm_up, name="embviz-warm-up", daemon=True).start()


def _warm_up() -> None:
    plotly_script()
    try:
        _prepare_first_picture()
    except EmbvizError:
        return  # the page will say what is wrong with the data
    time.sleep(SETTLED_SECONDS)
    compile_kernels()


def _prepare_first_picture() -> None:
    """Load the data of the first picture and, if its layout is not stored, the libraries that compute one."""
    spec = first_picture()
    if view_of(spec, compute=False, store=default_store()) is None and isinstance(spec.projection, Tsne):
        import embviz.neighbors.faiss_library  # noqa: F401  # imported, not used

        make_ready(spec.projection.method, spec.projection.n_components)
