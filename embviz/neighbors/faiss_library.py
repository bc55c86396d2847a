"""The faiss library, set to use matrix products even for few queries, and never to wait for Python's interpreter."""

import faiss

faiss.cvar.distance_compute_blas_threshold = 1  # otherwise few queries are up to ten times slower

# faiss would ask Python after every few queries whether Ctrl-C was pressed, and wait each time until other threads
# let it use the interpreter. While they are busy, searches are seven times slower; ours are short and need no check.
faiss.InterruptCallback.clear_instance()  # type: ignore[attr-defined]  # not in its stubs

__all__ = ["faiss"]
