"""The servers that are compared, each a process of its own on a free port."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from embviz.datasets import source_named
from embviz.datasets.own.started import VARIABLE, started_text

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS, PATIENCE_FOR_LAYOUTS = 120, 1200
"""Seconds to wait for a server, and for one that computes a layout before it answers."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server.

    Attributes
    ----------
    url
        Address of the server, without a path.
    started
        Unix time at which the server's process was started.
    pid
        Number of the server's process.
    """

    url: str
    started: float
    pid: int


@contextmanager
def embviz_server(home: Path, data_dir: Path | None, opens: Path | None = None) -> Iterator[Server]:
    """Server of the page, with a store in `home`; it opens on a file, on MNIST in `data_dir`, or on digits."""
    environment = {"EMBVIZ_STORE_DIR": str(home / "store"), "TFDS_DATA_DIR": str(home / "tfds")}
    if data_dir is not None:
        environment["EMBVIZ_DATA_DIR"] = str(data_dir)
    if opens is not None:
        environment[VARIABLE] = started_text(source_named(opens))
    options = ["--server.headless", "true", "--server.fileWatcherType", "none", "--server.port"]
    command = ["streamlit", "run", "app.py", *options]
    with _server(command, "/_stcore/health", environment=environment) as server:
        yield server


@contextmanager
def tensorboard_server(logdir: Path) -> Iterator[Server]:
    """Server of TensorBoard on the folder `logdir`, once its projector answers."""
    command = ["tensorboard.main", "--logdir", str(logdir), "--host", "localhost", "--port"]
    with _server(command, "/data/plugin/projector/runs") as server:
        yield server


@contextmanager
def atlas_server(python: Path, table: Path) -> Iterator[Server]:
    """Server of embedding-atlas on a parquet file, once it has computed UMAP of the vectors and answers.

    `python` is that of an environment which has embedding-atlas installed. Its cache of layouts is empty.
    """
    command = ["embedding_atlas.cli", str(table), "--vector", "embedding", "--host", "localhost", "--port"]
    with tempfile.TemporaryDirectory() as cache:
        here = {"XDG_CACHE_HOME": cache}
        with _server(command, "/", environment=here, python=str(python), patience=PATIENCE_FOR_LAYOUTS) as server:
            yield server


@contextmanager
def file_server(folder: Path) -> Iterator[Server]:
    """Server of the files of a folder."""
    with _server(["http.server", "--bind", "localhost", "--directory", str(folder)], "/") as server:
        yield server


@contextmanager
def _server(
    command: Sequence[str],
    health: str,
    *,
    environment: Mapping[str, str] | None = None,
    python: str = sys.executable,
    patience: float = PATIENCE_SECONDS,
) -> Iterator[Server]:
    """Run ``python -m <command> <port>`` until it answers at `health`, and end it afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    inherited = {key: value for key, value in os.environ.items() if key != "EMBVIZ_DATA_DIR"}
    started = time.time()
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [python, "-m", *command, str(port)],
            cwd=ROOT,
            env=inherited | dict(environment or {}),
            stdout=log,
            stderr=log,
        )
        server = Server(f"http://localhost:{port}", started, process.pid)
        try:
            if not _answers(server.url + health, process, patience):
                log.seek(0)
                raise RuntimeError(f"{process.args!r} does not answer:\n{log.read().decode(errors='replace')}")
            yield server
        finally:
            process.terminate()
            process.wait()


def _answers(url: str, process: subprocess.Popen[bytes], patience: float) -> bool:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return True
        except OSError:
            time.sleep(0.05)
    return False
