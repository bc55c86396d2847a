"""Limiting BLAS to one thread while small matrices are computed."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class _Shared:
    """The limit shared by all who ask for it, which is removed when the last of them is done."""

    lock = threading.Lock()
    users = 0
    limit: Any = None


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """A context in which BLAS uses one thread, because with small matrices threads mostly wait for each other.

    The limit is one for the whole process, so it is set by the first thread that asks for it and removed by the last.
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
