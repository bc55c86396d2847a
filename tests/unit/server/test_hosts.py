"""Names under which the server answers: its own, those that are configured, and IP addresses."""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from embviz.server.hosts import KnownHosts, is_known

CONFIGURED = ["lab.example", "*.Team.example.", "xn--bcher-kva.example"]


def answered(kind, *hosts, names=()):
    """Messages sent to a request with these headers Host; the application behind the check answers 200."""
    sent = []

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200})

    async def send(message):
        sent.append(message)

    async def receive():
        pytest.fail("nothing is read of a request that is refused")

    scope = {"type": kind, "headers": [(b"host", host.encode("latin-1")) for host in hosts]}
    with ThreadPoolExecutor(1) as thread:  # because Playwright leaves an event loop running in this thread
        thread.submit(asyncio.run, KnownHosts(app, names)(scope, receive, send)).result()
    return sent


OWN = ["localhost", "LOCALHOST:8501", "localhost.", "demo.localhost", "127.0.0.1:80", "[::1]", "[::1]:8501", "10.0.0.7"]
OTHERS = ["lab.example", "lab.example:8501", "a.team.example", "a.b.TEAM.example:1", "xn--bcher-kva.example"]
FOREIGN = [
    "evil.example",
    "evil.example:8501",
    "localhost.evil.example",
    "evil-localhost",
    "lab.example.evil.example",
    "team.example.evil.example",
    "evilteam.example",
    "127.0.0.1.evil.example",
    "127.0.0.1@evil.example",
    "evil.example/localhost",
    "[::1].evil.example",
    "[evil.example]",
    "localhost:8501:80",
    "localhost evil.example",
    "local\xadhost",
    "",
    ":8501",
    "*",
    "." * 5,
    "9" * 5000,
]


@pytest.mark.parametrize("host", [*OWN, *OTHERS, socket.gethostname(), f"{socket.gethostname()}.local:8501"])
@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_own_and_configured_names_are_answered(kind, host):
    assert answered(kind, host, names=CONFIGURED)[0].get("status") == 200


@pytest.mark.parametrize("host", FOREIGN)
def test_others_are_refused(host):
    start, body = answered("http", host, names=CONFIGURED)
    assert start["status"] == 403 and b"text/plain" in dict(start["headers"])[b"content-type"]
    assert b"header Host" in body["body"] or b"--server.allowedHosts" in body["body"]
    assert answered("websocket", host, names=CONFIGURED) == [{"type": "websocket.close", "code": 1008, "reason": ""}]


@pytest.mark.parametrize("host", OTHERS)
def test_what_is_not_configured_is_foreign(host):
    assert answered("http", host)[0]["status"] == 403


def test_a_request_names_one_host():
    for hosts in ((), ("localhost", "localhost"), ("localhost", "evil.example")):
        assert answered("http", *hosts)[0]["status"] == 403


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("lab.example:8443", "lab.example:8443"),
        ("lab.example:8443", "lab.example"),
        ("*.lab.example:8443", "a.lab.example"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("*.BÜCHER.example.", "a.xn--bcher-kva.example:80"),
        ("bu\u0308cher.example", "xn--bcher-kva.example"),
        ("straße.example", "xn--strae-oqa.example"),
        (" * ", "any.example"),
    ],
)
def test_names_are_compared_as_browsers_write_them(name, host):
    assert answered("http", host, names=[name])[0]["status"] == 200


@pytest.mark.parametrize(
    "name", ["*.", "*..", "*. ", "*.*", "**", ".", "", "*:80", "*.:80", "straße.example", "\ud800", "a..b"]
)
@pytest.mark.parametrize("host", ["evil.example", "strasse.example", "evil", "....."])
def test_a_slip_in_a_configured_name_lets_nobody_in(name, host):
    assert answered("http", host, names=[name])[0]["status"] == 403


def test_all_names_can_be_allowed():
    assert answered("http", "evil.example", names=["*"])[0]["status"] == 200
    assert not is_known("not one name", ["*"])


def test_the_server_starts_and_ends_without_a_host():
    assert answered("lifespan") == [{"type": "http.response.start", "status": 200}]
