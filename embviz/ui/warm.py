"""What the first page needs, made ready while the browser is still opening."""

import threading
import time

from embviz.datasets import load_dataset
from embviz.datasets.tfds import import_before_threads
from embviz.projection.ready import compile_kernels
from embviz.server import plotly_script

SETTLED_SECONDS = 10.0
"""By then the first page is there; what comes after may take the processor."""


def warm_up() -> None:
    """Begin, in a thread of its own, with what the first visitor would wait for: about two seconds of imports."""
    import_before_threads()
    threading.Thread(target=_warm_up, name="embviz-warm-up", daemon=True).start()


def _warm_up() -> None:
    plotly_script()
    load_dataset("digits", "all")
    time.sleep(SETTLED_SECONDS)
    compile_kernels()
