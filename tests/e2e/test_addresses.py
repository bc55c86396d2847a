"""The page under other addresses: behind a proxy, under a path, and refused under names that nobody configured."""

import http.client
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page

from tests.e2e.projector_page import ProjectorPage

PREFIX = "/user/lab/proxy/8501"


class Proxy(BaseHTTPRequestHandler):
    """A proxy that removes PREFIX from paths, as JupyterHub and code-server do; paths without it are not found."""

    server: "ProxyServer"

    def do_GET(self) -> None:
        if not self.path.startswith(f"{PREFIX}/"):
            self.server.in_vain.append(self.path)
            self.send_error(404)
            return
        lines = [f"GET {self.path.removeprefix(PREFIX)} HTTP/1.1"]
        is_websocket = "upgrade" in self.headers.get("Connection", "").lower()
        kept = [(name, text) for name, text in self.headers.items() if is_websocket or name.lower() != "connection"]
        lines += [f"{name}: {text}" for name, text in kept] + ([] if is_websocket else ["Connection: close"])
        with socket.create_connection(self.server.behind) as behind:
            behind.sendall("\r\n".join([*lines, "", ""]).encode())
            threading.Thread(target=_copy, args=(self.connection, behind), daemon=True).start()
            _copy(behind, self.connection)
        self.close_connection = True

    def log_message(self, *arguments: object) -> None:
        """Log nothing."""


class ProxyServer(ThreadingHTTPServer):
    """The server of a proxy, with the address behind it and the paths that were asked for in vain."""

    behind: tuple[str, int]
    in_vain: list[str]


def _copy(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # the other side has closed the connection


@contextmanager
def proxy_of(address: str) -> Iterator[ProxyServer]:
    where = urlsplit(address)
    assert where.hostname is not None and where.port is not None
    with ProxyServer(("localhost", 0), Proxy) as proxy:
        proxy.behind, proxy.in_vain = (where.hostname, where.port), []
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        yield proxy
        proxy.shutdown()


def test_behind_a_proxy_that_takes_a_path_off_all_is_there(page: Page, server: str) -> None:
    with proxy_of(server) as proxy:
        ProjectorPage(page, f"http://localhost:{proxy.server_port}{PREFIX}/").open()
        assert proxy.in_vain == []
        fetched = page.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)")
        named = page.evaluate("[...document.querySelectorAll('link[rel=modulepreload]')].map((link) => link.href)")
        ours = [address for address in fetched if "/embviz/js/" in address or "/embviz/plotly/" in address]
        assert sorted(ours) == sorted(address for address in named if "/embviz/" in address), (
            "each once, as in the HTML"
        )
        page.close()


def answered(address: str, path: str, host: str, **headers: str) -> tuple[int, str]:
    """Status and text of the server's answer to a GET with the header Host `host`."""
    where = urlsplit(address)
    connection = http.client.HTTPConnection(str(where.hostname), where.port, timeout=45)
    connection.putrequest("GET", path, skip_host=True)
    for name, text in {"Host": host, **headers}.items():
        connection.putheader(name, text)
    connection.endheaders()
    answer = connection.getresponse()
    text = "" if answer.status == 101 else answer.read().decode()
    connection.close()
    return answer.status, text


WEBSOCKET = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


def test_under_a_name_that_nobody_configured_nothing_is_answered(server: str) -> None:
    host = f"evil.example:{urlsplit(server).port}"
    for path in ("/", "/_stcore/health", "/embviz/js/v/index.js", "/_stcore/stream"):
        status, text = answered(server, path, host)
        assert status == 403 and "--server.allowedHosts evil.example" in text
    assert answered(server, "/_stcore/stream", host, Origin=f"http://{host}", **WEBSOCKET)[0] == 403
    own = f"localhost:{urlsplit(server).port}"
    assert answered(server, "/_stcore/stream", own, Origin=f"http://{own}", **WEBSOCKET)[0] == 101
    assert answered(server, "/_stcore/health", "[::1]") == (200, "ok")


def test_under_a_path_of_its_own_and_a_name_that_is_configured_all_is_there(
    serve: Callable[..., str], page: Page, tmp_path: Path
) -> None:
    options = ["--server.baseUrlPath", "tools/digits"]
    for name in ("lab.example", "localhost"):
        options += ["--server.allowedHosts", name]
    address = serve(tmp_path, *options, base_path="/tools/digits")
    ProjectorPage(page, f"{address}/").open()
    assert answered(address, "/tools/digits/_stcore/health", "lab.example") == (200, "ok")
    assert answered(address, "/tools/digits/_stcore/stream", "lab.example", **WEBSOCKET)[0] == 101
    assert answered(address, "/tools/digits/_stcore/health", "evil.example")[0] == 403
