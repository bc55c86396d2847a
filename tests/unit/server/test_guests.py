"""Who has no key of a page opened from Python sees nothing of it."""

import asyncio

import pytest
from starlette.responses import PlainTextResponse

from embviz.server.guests import Guests
from embviz.showing.key import cookie_name
from tests.unit.asgi import get

KEY = "k3y-of_this_page"
COOKIE = f"{cookie_name(KEY)}={KEY}"


def answer(path, cookie="", key=KEY):
    async def app(scope, receive, send):
        headers = [(b"cookie", cookie.encode())] if cookie else []
        await Guests(PlainTextResponse("inside"), key)({**scope, "headers": headers}, receive, send)

    return get(path, app=app)


@pytest.mark.parametrize("cookie", ["", "other=1", f"{cookie_name(KEY)}=wrong", "\x01;;=", f"embviz_key={KEY}"])
@pytest.mark.parametrize(
    "path", ["/", "/?key=", f"/?key={KEY}x", f"/?other={KEY}", "/embviz/data/a/b", "/_stcore/health"]
)
def test_without_the_key_everything_is_refused(path, cookie):
    refused = answer(path, cookie)
    assert refused.status == 403 and b"inside" not in refused.body and "set-cookie" not in refused.headers


def test_the_key_in_the_address_becomes_a_cookie_and_leaves_the_address():
    found = answer(f"/?method=pca&key={KEY}&pair=a&pair=%3Cb%3E")
    assert found.status == 303 and found.headers["location"] == "/?method=pca&pair=a&pair=%3Cb%3E"
    cookie, *rest = found.headers["set-cookie"].split("; ")
    assert cookie == COOKIE and {"HttpOnly", "SameSite=Lax"} <= {*rest}
    assert answer("/?method=pca", cookie).body == b"inside"


def test_a_path_of_two_slashes_leads_to_no_other_server():
    assert answer(f"//evil.example/?key={KEY}").headers["location"] == "/evil.example/"


def test_the_cookie_of_another_page_does_not_help_and_does_not_harm():
    other = f"{cookie_name('other')}=other"
    assert answer("/", other).status == 403
    assert answer("/", f"{other}; {COOKIE}").body == b"inside"


def test_a_page_without_a_key_is_everybodys():
    assert answer("/", key="").body == b"inside"


def test_a_websocket_without_the_key_is_closed():
    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": "websocket", "path": "/_stcore/stream", "query_string": f"key={KEY}".encode(), "headers": []}
    asyncio.run(Guests(PlainTextResponse("inside"), KEY)(scope, None, send))
    assert [message["type"] for message in sent] == ["websocket.close"]
