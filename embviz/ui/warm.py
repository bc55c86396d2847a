"""What the first page needs, made ready while the browser is still opening."""

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
"""By then the first page is there; what comes after may take the processor."""


def warm_up() -> None:
    """Begin, in a thread of its own, with what the first visitor would wait for: about two seconds of imports."""
    import_before_threads()
    threading.Thread(target=_warm_up, name="embviz-warm-up", daemon=True).start()


def _warm_up() -> None:
    plotly_script()
    try:
        _prepare_first_picture()
    except EmbvizError:
        return  # the page says what is wrong with the data to whoever opens it
    time.sleep(SETTLED_SECONDS)
    compile_kernels()


def _prepare_first_picture() -> None:
    """Hold its data; where its layout is not stored, load what computes it."""
    spec = first_picture()
    if view_of(spec, compute=False, store=default_store()) is None and isinstance(spec.projection, Tsne):
        import embviz.neighbors.faiss_library  # noqa: F401  # imported, not used

        make_ready(spec.projection.method, spec.projection.n_components)
