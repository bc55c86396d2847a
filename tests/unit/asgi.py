"""Requests to the server's routes, without a socket."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.types import ASGIApp, Message

from embviz.server import routes

ENOUGH = 20.0
"""Seconds nothing here takes."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


def get(
    path: str, base_path: str = "", *, hangs_up: bool = False, method: str = "GET", app: ASGIApp | None = None
) -> Answer:
    """What the routes, or `app`, answer to a GET of `path`, or another method, asked as a web server asks."""
    sent: list[Message] = []
    path, _, query = path.partition("?")

    async def receive() -> Message:
        if not hangs_up:
            await asyncio.sleep(2 * ENOUGH)
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [],
        "server": ("localhost", 8501),
        "client": ("localhost", 50000),
    }
    # In a thread of its own: after the browser tests Playwright's event loop still runs in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, (app or Starlette(routes=routes(base_path)))(scope, receive, send)).result()
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], headers, b"".join(message.get("body", b"") for message in sent[1:]))
