"""Compilation of the kernels of t-SNE and UMAP with numba, and their cache on disk."""

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
from numba.core.registry import cpu_target

from embviz.logs import warn_once

logger = logging.getLogger(__name__)


def _avoid_gathers() -> None:
    """Have numba compile without gather instructions, even if it has compiled something of another package before.

    They take four times as long as single loads since Intel's microcode of 2023 against Downfall. Kernels with and
    without them round differently, so a layout would depend on what was imported before embviz.
    """
    if platform.machine() not in ("x86_64", "AMD64") or getattr(config, "CPU_FEATURES", None):
        return
    features = llvm.get_host_cpu_features().flatten() + ",+prefer-no-gather,+prefer-no-scatter"
    vars(config).update(CPU_NAME=llvm.get_host_cpu_name(), CPU_FEATURES=features)
    codegen = cpu_target.target_context.codegen()
    if codegen._tm_features == features:
        return
    codegen._tm_features = features
    options = {"opt": vars(config)["OPT"]}
    codegen._customize_tm_options(options)
    codegen._tm = llvm.Target.from_triple(llvm.get_process_triple()).create_target_machine(**options)


_avoid_gathers()

SPINS = 10_000
"""Loops for which an OpenMP thread without work stays awake: half a millisecond, in which it mostly gets new work."""


def _load_openmp() -> None:
    """Load GNU's OpenMP with `SPINS`, which it reads from the environment only once; its default is 30 times that."""
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
"""Lock held while a parallel kernel runs, because without OpenMP only one thread at a time may call such a kernel."""


def kernel(function: Kernel) -> Kernel:
    """Decorate a function to be compiled for several threads and kept on disk; other Python threads run meanwhile.

    The compiler may reorder floating-point sums, but the number of threads does not change them: kernels
    handle blocks of fixed size, and sums over blocks are added one after the other.
    """
    compiled: Any = njit(parallel=True, nogil=True, error_model="numpy", fastmath=_FASTMATH)(function)
    return cast(Kernel, _kept(compiled))


class NotOnDiskError(Exception):
    """A kernel is not on disk and would have to be compiled."""


class _Refusal(event.Listener):
    def __init__(self) -> None:
        self._thread = threading.get_ident()

    def on_start(self, event: Any) -> None:
        if threading.get_ident() == self._thread:
            raise NotOnDiskError

    def on_end(self, event: Any) -> None:
        """Do nothing: a compilation is refused when it starts."""


def from_disk_only() -> AbstractContextManager[Any]:
    """A context in which this thread gets `NotOnDiskError` when it calls a kernel that is not on disk.

    Kernels from disk and kernels that a process has just compiled round differently: numba optimizes a parallel one
    once more before it writes it to disk, which reorders sums. So one process compiles and another one runs them.
    """
    manager: AbstractContextManager[Any] = event.install_listener("numba:compile", _Refusal())
    return manager


def serial(function: Kernel) -> Kernel:
    """Decorate a function to be compiled for one thread: a part of a kernel, or work too small to wake threads for.

    Waking threads takes 0.02 ms, or 0.2 ms on virtual processors that are shared, unless they are still awake.
    """
    compiled: Any = njit(nogil=True, error_model="numpy", fastmath=_FASTMATH)(function)
    return cast(Kernel, _kept(compiled))


def _kept(dispatcher: Any) -> Any:
    """The dispatcher, set to keep compiled code on disk, or to log a warning and continue where it cannot.

    numba alone would raise an exception when a function is declared and there is no folder to write to, or when it is
    first called and the disk is full or a file there is damaged.
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
        except Exception as error:  # saving also reads the index there, which may be damaged
            warn_once(logger, f"kernels cannot be kept in {folder}: {error!r}")

    def load_if_whole(*overload: Any) -> Any:
        try:
            return load(*overload)
        except NotOnDiskError:
            raise
        except Exception as error:  # a damaged pickle can raise any exception
            warn_once(logger, f"kernels in {folder} cannot be read and are compiled again: {error!r}")
            with suppress(OSError):
                dispatcher._cache.flush()  # an empty index, so that what is compiled now can be kept
            return None

    dispatcher._cache.save_overload, dispatcher._cache.load_overload = save_if_possible, load_if_whole
    return dispatcher


_is_caching = threading.Event()
"""Set as soon as numba has found a folder to keep kernels in."""


def are_kept() -> bool:
    """Whether kernels are kept on disk, so that a process can load those that another one has compiled."""
    return _is_caching.is_set()
