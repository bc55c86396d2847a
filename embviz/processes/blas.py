"""One BLAS thread for small matrices, for as long as anybody computes with some."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class _Shared:
    """The limit that all who ask for it share: it is lifted when the last of them is done."""

    lock = threading.Lock()
    users = 0
    limit: Any = None


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Have BLAS use one thread: with small matrices, threads mostly wait for each other, most of all on a busy machine.

    The limit is the process's. Whoever set it and took it back alone would leave others without it, or lift it never:
    it is set by the first and taken back by the last.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it publishes no types

    with _Shared.lock:
        if _Shared.users == 0:
            _Shared.limit = threadpool_limits(1, user_api="blas")
        _Shared.users += 1
    try:
        yield
    finally:
        with _Shared.lock:
            _Shared.users -= 1
            if _Shared.users == 0:
                _Shared.limit.restore_original_limits()
