"""A check that requests name this server in their header Host; others come from other web sites and are refused."""

import ipaddress
import re
import socket
import unicodedata
from collections.abc import Iterable

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from embviz.processes.launch import start_command

HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[\w.-]+)(:[0-9]{0,5})?", re.ASCII)
"""Allowed form of the header Host: a name or an IP address, and a port. A name has no signs special to a shell."""


_PORT = re.compile(r":[0-9]*$")


class KnownHosts:
    """ASGI middleware that refuses requests and websockets whose header Host is a name nobody has configured.

    Without it any web site could read the page through the visitor's browser: its owner lets the site's name
    stand for 127.0.0.1 for a moment (DNS rebinding), and the browser then takes both for one site.

    Parameters
    ----------
    app
        The application that answers all other requests.
    names
        Allowed names besides ``localhost`` and this machine's; ``*.example.com`` allows every name that ends in
        ``.example.com``, and ``*`` every name. A port is ignored, and letters beyond ASCII are encoded as browsers do.
    """

    def __init__(self, app: ASGIApp, names: Iterable[str] = ()) -> None:
        machine = socket.gethostname()
        self._app = app
        given = ("localhost", "*.localhost", machine, f"{machine}.local", *names)
        self._names = [asked for name in given if (asked := _as_asked(name))]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on to the application, or refuse it."""
        hosts = [] if scope["type"] == "lifespan" else Headers(scope=scope).getlist("host")
        if scope["type"] == "lifespan" or (len(hosts) == 1 and is_known(hosts[0], self._names)):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await WebSocketClose(1008)(scope, receive, send)
        else:
            await PlainTextResponse(_refusal(hosts), 403, {"X-Content-Type-Options": "nosniff"})(scope, receive, send)


def is_known(host: str, names: Iterable[str]) -> bool:
    """Whether the header Host is an IP address, which is not a site's name, or one of `names`, all in lower case.

    Examples
    --------
    >>> is_known("localhost:8501", ["localhost"]), is_known("[::1]:8501", []), is_known("192.168.0.7", [])
    (True, True, True)
    >>> is_known("evil.example", ["localhost"]), is_known("lab.example.com", ["*.example.com"])
    (False, True)
    """
    found = HOST.fullmatch(host)
    if found is None:
        return False
    name = _plain(found["name"])
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return any(known in ("*", name) or (known[:2] == "*." and name.endswith(known[1:])) for known in names)
    return True


def _as_asked(name: str) -> str:
    """A configured name as browsers write it in the header Host; empty if nothing is left of it."""
    if name.strip() == "*":
        return "*"
    host = _PORT.sub("", name.strip())
    start, below = ("*.", host[2:]) if host.startswith("*.") else ("", host)
    written = ".".join(_ascii(label) for label in _plain(below).split("."))
    return start + written if written.strip("*") else ""  # "*." is taken for a mistake, not for permission to all


def _ascii(label: str) -> str:
    """One part of a name in ASCII: xn--bcher-kva for bücher.

    Python's encoding "idna" is not used, because it follows an older standard that turns ß into ss: a name that may
    belong to somebody else.
    """
    composed = unicodedata.normalize("NFKC", label)
    return composed if composed.isascii() else f"xn--{composed.encode('punycode').decode()}"


def _plain(name: str) -> str:
    return name.strip().lower().rstrip(".")


def _refusal(hosts: list[str]) -> str:
    named = HOST.fullmatch(hosts[0]) if len(hosts) == 1 else None
    if named is None or len(hosts[0]) > 255:
        return "The request must name the server it is for, once (header Host)."
    name = named["name"]
    return (
        f"This server does not answer under the name {name}, so that no other web site can read the page through your "
        f"browser. If it is to be opened under this name, start it with\n\n"
        f"    {start_command(f'--server.allowedHosts {name}', '--server.allowedHosts localhost')}\n"
    )
