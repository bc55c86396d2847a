"""A cookie that tells one browser from another, so that what a visitor keeps is there again after a reload."""

import re
import secrets
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "embviz_visitor"
"""Name of the cookie."""
_SECONDS = 400 * 24 * 3600
"""Seconds for which a browser keeps the cookie; browsers keep none for longer."""
_FORM = re.compile("[0-9a-f]{32}")


class VisitorCookie:
    """ASGI middleware that gives each browser that opens the page a random number of its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; the HTML page that answers it brings the cookie, unless the browser has it."""
        if scope["type"] != "http" or scope["method"] != "GET" or _sent(Headers(scope=scope).get("cookie", "")):
            await self._app(scope, receive, send)
            return

        async def with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    lasts = f"Max-Age={_SECONDS}; Path=/; HttpOnly; SameSite=Lax"
                    headers.append("Set-Cookie", f"{COOKIE}={new_visitor()}; {lasts}")
            await send(message)

        await self._app(scope, receive, with_cookie)


def new_visitor() -> str:
    """A random number that nobody can guess, as 32 hexadecimal digits."""
    return secrets.token_hex(16)


def visitor_in(value: object) -> str | None:
    """The visitor that a cookie's value names; None if the value does not have the form of ours.

    Examples
    --------
    >>> visitor_in("0123456789abcdef" * 2), visitor_in("../../etc"), visitor_in(None)
    ('0123456789abcdef0123456789abcdef', None, None)
    """
    return value if isinstance(value, str) and _FORM.fullmatch(value) else None


def _sent(header: str) -> bool:
    try:
        cookies = SimpleCookie(header)
    except CookieError:
        return False
    return COOKIE in cookies and visitor_in(cookies[COOKIE].value) is not None
