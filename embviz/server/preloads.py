"""Links to our scripts in the page's HTML, so that a browser fetches them beside Streamlit's and not after them."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from embviz.server.assets import script_addresses

HEAD_END = b"</head>"


class Preloads:
    """ASGI middleware that adds links to our scripts to the head of each HTML page.

    Streamlit mounts a component only after its own scripts have run and the first answer of the server has come. By
    that time a browser that found the links in the HTML has read and compiled our scripts and plotly.js.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and add the links to the answer if it is an HTML page."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        start: Message | None = None
        page = b""

        async def completed(message: Message) -> None:
            nonlocal start, page
            if message["type"] == "http.response.start" and _is_page(message):
                start = message
            elif message["type"] == "http.response.body" and start is not None:
                page += message.get("body", b"")
                if not message.get("more_body", False):
                    whole = with_preloads(page, script_addresses())
                    headers = MutableHeaders(raw=start["headers"])
                    headers["content-length"] = str(len(whole))
                    del headers["etag"], headers["last-modified"]  # they describe Streamlit's file without our links
                    await send(start)
                    await send({"type": "http.response.body", "body": whole})
            else:
                await send(message)

        await self._app(scope, receive, completed)


def _is_page(start: Message) -> bool:
    headers = MutableHeaders(raw=start["headers"])
    is_html = headers.get("content-type", "").startswith("text/html")
    return start["status"] == 200 and is_html and "content-encoding" not in headers


def with_preloads(page: bytes, addresses: list[str]) -> bytes:
    """The page with a link to each address, relative to the page; unchanged if the page has no head.

    Examples
    --------
    >>> with_preloads(b"<head></head><body>", ["embviz/a.js"])
    b'<head><link rel="modulepreload" href="./embviz/a.js"></head><body>'
    """
    links = "".join(f'<link rel="modulepreload" href="./{address}">' for address in addresses)
    return page.replace(HEAD_END, links.encode() + HEAD_END, 1)
