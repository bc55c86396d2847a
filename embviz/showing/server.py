"""The server of a page opened from Python: started on a free port of this machine, waited for, and ended."""

import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from embviz.datasets.own.started import VARIABLE, handed_text
from embviz.errors import InputError, MissingDependencyError, PageError
from embviz.processes.child import environment_of_children
from embviz.processes.launch import page_script
from embviz.showing.key import cookie_name

HOST = "127.0.0.1"
"""Only programs of this machine reach the page."""
READY_SECONDS = 120.0
"""Seconds that a server may take to start on a busy machine."""
END_SECONDS = 15.0
LOG = "log.txt"
_POLL_SECONDS = 0.05
_OPTIONS = {
    "server.address": HOST,
    "server.baseUrlPath": "",
    "server.headless": "true",
    "server.fileWatcherType": "none",
    "browser.gatherUsageStats": "false",
}
"""Streamlit's settings for the page; they override a configuration file in the folder where Python runs."""


def checked_port(port: int | None) -> int:
    """A port that no program listens on: the one given, or if None a free one.

    Raises
    ------
    InputError
        If the number is not a port, or the port is taken.
    """
    if port is not None and not 1 <= port <= 65_535:
        raise InputError(f"a port is a whole number in 1..65535, got {port}; leave it out for a free one")
    with socket.socket() as probe:
        if sys.platform != "win32":  # there it would let two programs listen on one port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port or 0))
        except OSError as error:
            reason = error.strerror or error
            raise InputError(
                f"port {port} cannot be used ({reason}); give another one, or leave it out for a free one"
            ) from error
        return int(probe.getsockname()[1])


def started_server(folder: Path, key: str, port: int) -> "subprocess.Popen[bytes]":
    """A process that serves the page of the data in a folder; it answers only requests that carry the key.

    It ends when its standard input is closed, which happens at the latest when this process ends, however it does.

    Raises
    ------
    MissingDependencyError
        If Streamlit is not installed.
    PageError
        If the page's script is missing, or the server ends before it answers or does not answer within `READY_SECONDS`.
    """
    if find_spec("streamlit") is None:
        raise MissingDependencyError("the page needs streamlit: pip install streamlit")
    script = page_script()
    if not script.is_file():
        raise PageError(f"the script of the page is not at {script}; install embviz again")
    options = [f"--{name}={value}" for name, value in (_OPTIONS | {"server.port": str(port)}).items()]
    command = [sys.executable, "-P", "-m", "embviz.showing.page_process", "run", str(script), *options]
    environment = environment_of_children() | {VARIABLE: handed_text(folder)}
    with (folder / LOG).open("wb") as log:
        server = subprocess.Popen(  # noqa: S603  # our own interpreter and module
            command,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=environment,
            start_new_session=True,  # Ctrl+C stops what Python computes, and not the page
        )
    try:
        _wait_until_ready(server, folder, key, port)
    except BaseException:
        end_server(server)
        raise
    return server


def end_server(server: "subprocess.Popen[bytes]") -> None:
    """Ask a server to end, and kill it if it does not."""
    assert server.stdin is not None, "it was started with a pipe"
    with suppress(OSError):
        server.stdin.close()
    try:
        server.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _wait_until_ready(server: "subprocess.Popen[bytes]", folder: Path, key: str, port: int) -> None:
    """Wait until this server answers; the key tells it from another server that has taken the port."""
    asked = urllib.request.Request(
        f"http://{HOST}:{port}/_stcore/health", headers={"Cookie": f"{cookie_name(key)}={key}"}
    )
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise PageError(f"the page could not be started: {_last_line(folder)}; try again, or another port")
        with suppress(OSError), direct.open(asked, timeout=2):
            return
        time.sleep(_POLL_SECONDS)
    raise PageError(f"the page did not answer within {READY_SECONDS:.0f} seconds: {_last_line(folder)}; try again")


def _last_line(folder: Path) -> str:
    lines = [line.strip() for line in (folder / LOG).read_text("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1][:300].rstrip(".") if lines else "it said nothing"
