"""Dask workers on this machine or on others; the only module that imports Dask."""

import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from typing import Any

from embviz.errors import ClusterError, MissingDependencyError, SpecError
from embviz.processes.child import environment_of_children
from embviz.progress import Progress
from embviz.storage.scratch import ScratchFolder

LOSSES = 10
"""Number of workers that may be lost while they process a partition before that partition is given up."""

MOST_LOCAL = 1024
"""Largest number of processes that may be started on this machine."""

INSTALL = "pip install 'dask>=2026.8' 'distributed>=2026.8'"
"""Command that installs Dask, whether embviz itself is installed or run in its folder."""

SECONDS = 15
"""Seconds within which a scheduler must answer."""

WITHOUT_WORKERS = 120
"""Seconds that a run waits without a worker; even on a busy machine one starts within a minute."""

_SETTINGS = {
    "distributed.scheduler.allowed-failures": LOSSES,
    # After these seconds Dask gives up the place of a lost worker, even if another one is just starting in it. A busy
    # machine takes longer than the usual 15 s to start one, and in the end there would be no worker at all.
    "distributed.deploy.lost-worker-timeout": "1 day",
}


@contextmanager
def workers_at(cluster: str) -> Iterator[Any]:
    """A context with a Dask client of a scheduler's workers, or of processes that run on this machine for the block.

    Parameters
    ----------
    cluster
        ``local``, ``local:4`` for four processes, or the address of a scheduler, ``tcp://host:8786``.

    Raises
    ------
    MissingDependencyError
        If Dask is not installed.
    SpecError
        If `cluster` has another form.
    ClusterError
        If no scheduler answers, or it has no workers.
    """
    workers = local_workers(cluster)
    if find_spec("distributed") is None:
        raise MissingDependencyError(f"a cluster needs Dask, which is not installed: {INSTALL}")
    import dask
    from distributed import Client, LocalCluster
    from distributed.utils import silence_logging_cmgr

    with ExitStack() as opened:
        opened.enter_context(silence_logging_cmgr(logging.CRITICAL))  # errors raised here say what matters
        target: Any = cluster
        if workers:
            opened.enter_context(dask.config.set(_SETTINGS))
            scratch = ScratchFolder(0)
            opened.callback(scratch.remove)
            target = opened.enter_context(
                LocalCluster(
                    n_workers=workers,
                    threads_per_worker=1,
                    dashboard_address=None,
                    local_directory=str(scratch.path),
                    silence_logs=logging.CRITICAL,
                    env=environment_of_workers(workers),
                )
            )
        try:
            client = opened.enter_context(Client(target, timeout=SECONDS, set_as_default=False))
        except (OSError, ValueError) as error:
            raise ClusterError(f"no scheduler answers at {cluster}; start one with `dask scheduler`") from error
        if not client.scheduler_info(n_workers=-1)["workers"]:
            raise ClusterError(f"the scheduler at {cluster} has no workers; start some with `dask worker {cluster}`")
        yield client


def results_of(
    client: Any,
    stage: str,
    function: Callable[..., Any],
    calls: Mapping[int, tuple[Any, ...]],
    progress: Progress,
    about: Callable[[int], str],
) -> Iterator[tuple[int, Any]]:
    """Results of a function for several calls on workers, with the number of each call, as soon as each is done.

    A call whose worker is lost is repeated by another worker. If a call fails, calls that have not begun are cancelled.

    Parameters
    ----------
    client
        The client, from `workers_at`.
    stage
        Name of the stage for progress.
    calls
        Arguments of each call, by the number of the call.
    about
        Function that describes the call of a number, for error messages.

    Raises
    ------
    EmbvizError
        If the function raises it.
    ClusterError
        If workers are lost again and again with the same call, no worker is left, or the scheduler is lost.
    """
    from distributed import KilledWorker, as_completed
    from distributed.comm import CommClosedError

    progress(stage, 0, len(calls))
    left = {client.submit(function, *given, pure=False): number for number, given in calls.items()}
    completed = as_completed(list(left), loop=client.loop)
    fetching = ThreadPoolExecutor(1)  # a result that was lost with its worker after it was complete is waited for, too
    try:
        for done in range(1, len(calls) + 1):
            _wait_until(completed.has_ready, client)
            future = next(completed)
            number = left[future]
            fetched = fetching.submit(future.result)
            _wait_until(fetched.done, client)
            yield number, fetched.result()
            del left[future]
            future.release()
            progress(stage, done, len(calls))
    except KilledWorker as error:
        raise ClusterError(
            f"{about(number)}: workers were lost again and again with it, most likely for lack of memory; "
            "give workers more of it, or write files with smaller row groups, and start again"
        ) from error
    except (CancelledError, CommClosedError, TimeoutError) as error:
        raise ClusterError(
            "the scheduler is gone; start one, and then this command again: what is written is not computed again"
        ) from error
    finally:
        if left and client.status == "running":
            client.cancel(list(left))
        fetching.shutdown(wait=False)


def _wait_until(is_so: Callable[[], bool], client: Any) -> None:
    """Wait until something is so; ClusterError if for `WITHOUT_WORKERS` seconds there is no worker."""
    seen = looked = time.monotonic()
    while not is_so():
        time.sleep(0.01)
        now = time.monotonic()
        if now - looked < 1:
            continue
        looked = now
        if client.scheduler_info(n_workers=-1)["workers"]:
            seen = now
        elif now - seen > WITHOUT_WORKERS:
            raise ClusterError(
                "all workers are gone; start some, and then this command again: what is written is not computed again"
            )


def local_workers(cluster: str) -> int:
    """Number of worker processes to start on this machine; 0 for the address of a scheduler.

    Raises
    ------
    SpecError
        If `cluster` is neither ``local``, with a number or without, nor an address.

    Examples
    --------
    >>> local_workers("local:4"), local_workers("tcp://10.0.0.1:8786")
    (4, 0)
    """
    kind, _, rest = cluster.partition(":")
    if kind == "local" and (not rest or (rest.isdecimal() and 1 <= int(rest) <= MOST_LOCAL)):
        return int(rest or os.cpu_count() or 1)
    if kind != "local" and rest.startswith("//"):
        return 0
    raise SpecError(f"a cluster is local, local:4 or tcp://host:8786, got {cluster!r:.80}")


def environment_of_workers(workers: int) -> dict[str, str]:
    """Environment variables of each worker: its share of the processors for kernels, and the path of this embviz."""
    threads = str(max(1, (os.cpu_count() or 1) // workers))
    names = ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS")
    return {"PYTHONPATH": environment_of_children()["PYTHONPATH"], **dict.fromkeys(names, threads)}
