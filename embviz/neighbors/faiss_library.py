"""faiss, set to compare by matrix products however few the queries, and never to wait for Python."""

import faiss

faiss.cvar.distance_compute_blas_threshold = 1  # the other way is up to ten times as slow

# It would ask Python after every few queries whether somebody pressed Ctrl-C, and wait each time for the thread that
# has the interpreter; beside a busy one, searches take seven times as long. Ours are over soon enough without.
faiss.InterruptCallback.clear_instance()  # type: ignore[attr-defined]  # not in its stubs

__all__ = ["faiss"]
