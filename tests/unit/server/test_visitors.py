"""Each browser that opens the page gets a number of its own, once."""

import re

import pytest
from starlette.responses import Response

from embviz.server.visitors import COOKIE, VisitorCookie, visitor_in
from tests.unit.asgi import get

OURS = "0123456789abcdef" * 2


def cookie_for(sent="", media_type="text/html", method="GET", status=200):
    async def app(scope, receive, send):
        headers = [(b"cookie", sent.encode())] if sent else []
        await VisitorCookie(Response(b"<p>", status, media_type=media_type))(
            {**scope, "headers": headers}, receive, send
        )

    return get("/", method=method, app=app).headers.get("set-cookie", "")


def test_a_browser_that_opens_the_page_gets_a_number_no_other_one_has():
    given = [re.match(rf"{COOKIE}=([0-9a-f]{{32}}); (.*)", cookie_for()) for _ in range(5)]
    assert len({found[1] for found in given}) == 5
    assert all({"HttpOnly", "SameSite=Lax", "Path=/"} <= set(found[2].split("; ")) for found in given)


@pytest.mark.parametrize(
    "sent", ["other=1", f"{COOKIE}=../../etc/passwd", f"{COOKIE}=", "\x01;;=", f"{COOKIE}={OURS}0"]
)
def test_a_cookie_that_is_not_ours_is_replaced(sent):
    assert cookie_for(sent).startswith(COOKIE)


def test_a_browser_that_has_one_keeps_it():
    assert cookie_for(f"a=1; {COOKIE}={OURS}; b=2") == ""
    assert visitor_in(OURS) == OURS


def test_nothing_but_the_page_brings_it():
    assert cookie_for(media_type="application/json") == ""
    assert cookie_for(method="POST") == ""
    assert cookie_for(status=403) == ""
