"""A check that requests to a page opened from Python carry its key, so that other users of the machine are refused."""

import secrets
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, quote, urlencode

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from embviz.showing.key import PARAMETER, cookie_name

REFUSAL = "This page belongs to a session of Python. Open it by the address that embviz.show has printed there.\n"


class Guests:
    """ASGI middleware that refuses requests and websockets without the key, which is in a cookie.

    The address that `embviz.show` prints contains the key. It sets the cookie, and redirects the browser to the address
    without the key, so that the key is not seen on the screen.

    Parameters
    ----------
    app
        The application that answers all other requests.
    key
        The key; if it is empty, everybody is answered.
    """

    def __init__(self, app: ASGIApp, key: str) -> None:
        self._app = app
        self._key = key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, send it to the address without the key, or refuse it."""
        answer: ASGIApp = self._app
        if self._key and scope["type"] != "lifespan" and not self._has_cookie(scope):
            query = parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
            if scope["type"] == "websocket":
                answer = WebSocketClose(1008)
            elif any(name == PARAMETER and self._is_key(value) for name, value in query):
                rest = urlencode([part for part in query if part[0] != PARAMETER])
                path = f"/{quote(scope['path']).lstrip('/')}"  # with two slashes it would lead to another server
                cookie = f"{cookie_name(self._key)}={self._key}; Path=/; HttpOnly; SameSite=Lax"
                answer = RedirectResponse(f"{path}?{rest}" if rest else path, 303, {"Set-Cookie": cookie})
            else:
                answer = PlainTextResponse(REFUSAL, 403, {"X-Content-Type-Options": "nosniff"})
        await answer(scope, receive, send)

    def _has_cookie(self, scope: Scope) -> bool:
        try:
            cookies = SimpleCookie(Headers(scope=scope).get("cookie", ""))
        except CookieError:
            return False
        return any(name == cookie_name(self._key) and self._is_key(cookie.value) for name, cookie in cookies.items())

    def _is_key(self, given: str) -> bool:
        return secrets.compare_digest(given.encode(), self._key.encode())
