"""How the layout kernels are compiled."""

import ctypes
import logging
import os
import platform
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from typing import Any, TypeVar, cast

import llvmlite.binding as llvm
import numpy as np
from numba import config, njit
from numba.core import event

from embviz.logs import warn_once

logger = logging.getLogger(__name__)

# Gather instructions take four times as long as single loads since the microcode of 2023 (Downfall).
if platform.machine() in ("x86_64", "AMD64") and not getattr(config, "CPU_FEATURES", None):
    features = llvm.get_host_cpu_features().flatten() + ",+prefer-no-gather,+prefer-no-scatter"
    vars(config).update(CPU_NAME=llvm.get_host_cpu_name(), CPU_FEATURES=features)

SPINS = 10_000
"""Turns for which a thread of OpenMP without work stays awake: half a millisecond, in which most often it gets some."""


def _load_openmp() -> None:
    """Load GNU's OpenMP, which reads from the environment, once, how long to stay awake; 30 times as long otherwise."""
    name = "GOMP_SPINCOUNT"
    if sys.platform != "linux" or name in os.environ:
        return
    os.environ[name] = str(SPINS)
    try:
        ctypes.CDLL("libgomp.so.1")
    except OSError:
        logger.info("libgomp.so.1 (package libgomp1) is not installed: without OpenMP layouts take longer")
    finally:
        del os.environ[name]


_load_openmp()
if "NUMBA_THREADING_LAYER_PRIORITY" not in os.environ:
    vars(config).update(THREADING_LAYER_PRIORITY=["omp", "workqueue", "tbb"])

Kernel = TypeVar("Kernel", bound=Callable[..., Any])

ZERO, HALF, ONE = np.float32(0), np.float32(0.5), np.float32(1)

_FASTMATH = {"reassoc", "contract", "arcp", "nsz", "afn"}

one_at_a_time = threading.RLock()
"""Held while a parallel kernel runs: without OpenMP, numba's own pool of threads must not be entered by two at once."""


def kernel(function: Kernel) -> Kernel:
    """Compile for several threads, kept on disk; other Python threads go on while it runs.

    Floating-point sums may be reordered by the compiler, but not by the number of threads: kernels
    handle `blocks` of fixed size, and add up across blocks one after the other.
    """
    compiled: Any = njit(parallel=True, nogil=True, error_model="numpy", fastmath=_FASTMATH)(function)
    return cast(Kernel, _kept(compiled))


class NotOnDiskError(Exception):
    """A kernel would have to be compiled."""


class _Refusal(event.Listener):
    def __init__(self) -> None:
        self._thread = threading.get_ident()

    def on_start(self, event: Any) -> None:
        if threading.get_ident() == self._thread:
            raise NotOnDiskError

    def on_end(self, event: Any) -> None:
        """Nothing has begun."""


def from_disk_only() -> AbstractContextManager[Any]:
    """While it lasts, `NotOnDiskError` is raised where this thread calls a kernel that is not on disk.

    A process rounds otherwise by kernels that it has compiled itself: before numba writes a parallel one to the disk
    it optimizes the code once more, and sums are reordered.
    """
    manager: AbstractContextManager[Any] = event.install_listener("numba:compile", _Refusal())
    return manager


def serial(function: Kernel) -> Kernel:
    """Compile for one thread: a part of a kernel, or work that takes less time than waking other threads.

    That takes 0.02 ms, or 0.2 ms where processors are virtual and shared, unless they are still awake.
    """
    compiled: Any = njit(nogil=True, error_model="numpy", fastmath=_FASTMATH)(function)
    return cast(Kernel, _kept(compiled))


def _kept(dispatcher: Any) -> Any:
    """Have numba keep on disk what it compiles; where it cannot, for want of a folder or of room, do without.

    numba would end the program: when a function is declared without a folder to write to, or is first called and the
    disk is full, or a file there is damaged.
    """
    try:
        dispatcher.enable_caching()
    except RuntimeError as error:
        warn_once(
            logger, f"kernels cannot be kept on disk and are compiled by every process ({error}); set NUMBA_CACHE_DIR"
        )
        return dispatcher
    _is_caching.set()
    folder = dispatcher._cache.cache_path
    save, load = dispatcher._cache.save_overload, dispatcher._cache.load_overload

    def save_if_possible(*overload: Any) -> None:
        try:
            save(*overload)
        except Exception as error:  # the index there is read as well, and may be damaged
            warn_once(logger, f"kernels cannot be kept in {folder}: {error!r}")

    def load_if_whole(*overload: Any) -> Any:
        try:
            return load(*overload)
        except NotOnDiskError:
            raise
        except Exception as error:  # a damaged pickle raises whatever it likes
            warn_once(logger, f"kernels in {folder} cannot be read and are compiled again: {error!r}")
            with suppress(OSError):
                dispatcher._cache.flush()  # an empty index, so that what is compiled now can be kept
            return None

    dispatcher._cache.save_overload, dispatcher._cache.load_overload = save_if_possible, load_if_whole
    return dispatcher


_is_caching = threading.Event()
"""Set where numba has found a folder for kernels."""


def are_kept() -> bool:
    """Whether a process may find on disk what another one has compiled."""
    return _is_caching.is_set()
