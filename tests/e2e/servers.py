"""Streamlit servers that browser tests start, each in a process of its own, and end."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATIENCE = 90_000
"""Milliseconds that a test waits for something that must happen; a busy machine may need them."""


@contextmanager
def served(
    home: Path,
    *options: str,
    script: Path = ROOT / "app.py",
    installed: Path | None = None,
    base_path: str = "",
    port: int | None = None,
    killed: bool = False,
) -> Iterator[str]:
    """Address of a Streamlit app that is served with these options; it must not log a traceback.

    Instead of a script it may be the page of an `installed` command ``embviz``, started in another folder. In the end
    it is terminated or, if `killed`, stopped without a chance to end its connections.
    """
    port = port or free_port()
    environment = {key: value for key, value in os.environ.items() if key not in ("EMBVIZ_DATA_DIR", "PYTHONPATH")}
    environment |= {"EMBVIZ_STORE_DIR": str(home / "store"), "TFDS_DATA_DIR": str(home / "tfds")}
    start = [sys.executable, "-m", "streamlit", "run", str(script)] if installed is None else [installed, "app", "--"]
    command = [*start, "--server.port", str(port)]
    command += ["--server.fileWatcherType", "none", "--server.headless", "true", *options]
    address = f"http://localhost:{port}{base_path}"
    with (home / "log.txt").open("w") as log:
        cwd = home if installed else ROOT
        process = subprocess.Popen(command, cwd=cwd, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            wait_until_healthy(process, f"{address}/_stcore/health", home / "log.txt")
            yield address
        finally:
            (process.kill if killed else process.terminate)()
            process.wait(PATIENCE / 1000)
    log_text = (home / "log.txt").read_text()
    assert "Traceback" not in log_text, log_text


def free_port() -> int:
    """A port of this machine that no program listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_healthy(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    """Wait until a server answers; if it ends before, fail with its log."""
    deadline = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(f"the server ended:\n{log.read_text()}")
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the server did not get ready:\n{log.read_text()}")
